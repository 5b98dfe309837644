import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type PricesDependencies,
  type PricesRefreshOptions,
  pricesRefresh,
} from '../../../lib/cli/commands/prices-command';
import { EXIT, UserError } from '../../../lib/util/user-error';
import { bookFile, loadPriceBook } from '../../../lib/pricing/price-book';
import { useStandIn } from '../../support/aws/aws-stand-in';
import { standInCatalogue } from '../../support/pricing/catalogue';
import { OFFER_VERSION, type StandInProduct } from '../../support/pricing/product';
import {
  type PricingBehaviour,
  type PricingStandIn,
  startPricingStandIn,
} from '../../support/pricing/pricing-stand-in';
import { steadyTime } from '../../support/jest/steady-time';

steadyTime(2);

const shipped = loadPriceBook('us-east-1');
const catalogue = standInCatalogue(shipped, 'us-east-1');

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'prices-'));
  file = bookFile('us-east-1', folder);
  copyFileSync(bookFile('us-east-1'), file);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The product of the catalogue that a usage type names, changed. */
function changed(
  usagetype: string,
  change: (product: StandInProduct) => Partial<StandInProduct>,
): StandInProduct[] {
  const found = catalogue.filter(({ attributes }) => attributes['usagetype'] === usagetype);
  if (found.length === 0) throw new Error(`nothing is sold as ${usagetype}`);
  return catalogue.map((product) => (found.includes(product) ? { ...product, ...change(product) } : product));
}

const without = (usagetype: string) =>
  catalogue.filter(({ attributes }) => attributes['usagetype'] !== usagetype);
const atPrice = (price: string) => () => ({ tiers: [{ price }] });

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly standIn: PricingStandIn;
}

async function refresh(
  behaviour: Partial<PricingBehaviour> = {},
  options: Partial<PricesRefreshOptions> = {},
  dependencies: Partial<PricesDependencies> = {},
): Promise<Run> {
  const standIn = await startPricingStandIn({ products: catalogue, ...behaviour });
  const restore = useStandIn(standIn);
  let [out, err] = ['', ''];
  const io = {
    out: (text: string) => (out += text),
    err: (text: string) => (err += text),
    color: false,
    variables: {},
    now: () => new Date('2026-12-24T10:00:00Z'),
  };
  try {
    const code = await pricesRefresh(
      { region: 'us-east-1', format: 'table', dryRun: false, deadline: 20, ...options },
      io,
      { booksFolder: folder, perSecond: 1000, random: () => 0.01, ...dependencies },
    );
    return { code, out, err, standIn };
  } finally {
    restore();
    await standIn.close();
  }
}

/** The error of a refresh that must not have written anything. */
async function refused(...args: Parameters<typeof refresh>): Promise<UserError> {
  const before = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]);
  const error: unknown = await refresh(...args).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  expect(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')])).toEqual(before);
  return error as UserError;
}

describe('prices refresh', () => {
  it('confirms every price of the shipped book, with its SKU, its date and the day of the reading', async () => {
    const { code, out } = await refresh();
    expect(code).toBe(EXIT.fits);
    const book = loadPriceBook('us-east-1', folder);
    expect(Object.keys(book.prices)).toEqual(Object.keys(shipped.prices));
    const usd = ({ prices }: typeof book) =>
      Object.entries(prices).map(([key, price]) => [key, price.usd, price.unit]);
    expect(usd(book)).toEqual(usd(shipped));
    expect(book.asOf).toBe('2026-12-24');
    expect(book.prices['vpc.nat']).toEqual({
      usd: 0.045,
      unit: 'hour',
      source: 'price-list-AmazonEC2-2026-12-24',
      confidence: 'sure',
      sku: catalogue.find(({ attributes }) => attributes['usagetype'] === 'NatGateway-Hours')?.sku,
      effective: '2026-12-01',
    });
    expect(book.sources['price-list-AmazonEC2-2026-12-24']).toBe(
      `AWS Price List API, AmazonEC2 in us-east-1, offer version ${OFFER_VERSION}, read 2026-12-24`,
    );
    expect(Object.keys(book.sources).filter((id) => !id.startsWith('price-list-A'))).toEqual([
      'price-list-awswaf-2026-12-24',
      'price-list-awskms-2026-12-24',
    ]);
    expect(out.replaceAll(/\s+/g, ' ')).toContain(
      `0 changed, 0 new, ${Object.keys(shipped.prices).length} confirmed, 0 kept, 0 missing`,
    );
  });

  it('changes one line of the file for each price, and nothing else of it', async () => {
    await refresh();
    const [before, after] = [bookFile('us-east-1'), file].map((name) =>
      readFileSync(name, 'utf8').split('\n'),
    );
    const keyOf = (line: string) => /^ {4}"([^"]+)": \{"usd"/.exec(line)?.[1];
    expect(after?.map(keyOf).filter(Boolean)).toEqual(before?.map(keyOf).filter(Boolean));
    expect(readdirSync(folder)).toEqual(['us-east-1.json']);
  });

  it('shows what changes in a table of 80 columns, under the source that says so', async () => {
    const products = changed('USE1-Host:ml.c5.xlarge', atPrice('0.2244000000'));
    const { out } = await refresh({ products });
    expect(out).toMatch(/sagemaker\.hosting\.ml\.c5\.xlarge +0\.204 +0\.2244 +\+10% +SKU\w+/);
    expect(out).toContain('AWS Price List API, AmazonSageMaker in us-east-1, offer version');
    expect(out).toContain(`1 changed, 0 new, ${Object.keys(shipped.prices).length - 1} confirmed`);
    expect(
      Math.max(
        ...out
          .split('\n')
          .filter((line) => !line.startsWith('Wrote'))
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(80);
    expect(loadPriceBook('us-east-1', folder).prices['sagemaker.hosting.ml.c5.xlarge']?.usd).toBe(0.2244);
  });

  it('gives the same as JSON, and only that, on standard output', async () => {
    const products = changed('Lambda-GB-Second-ARM', atPrice('0.0000120000'));
    const { out, err } = await refresh({ products }, { format: 'json' });
    const document = JSON.parse(out) as { changes: unknown[]; written: string };
    expect(document.changes).toEqual([
      {
        key: 'lambda.arm',
        unit: 'GB-second',
        from: 0.0000133334,
        to: 0.000012,
        changePercent: -10,
        sku: expect.stringMatching(/^SKU/) as string,
        effective: '2026-12-01',
        source: 'price-list-AWSLambda-2026-12-24',
      },
    ]);
    expect(document.written).toBe(file);
    expect(err).toContain('questions about us-east-1');
  });

  it('writes nothing with --dry-run, and the file that --out names instead of the book', async () => {
    const before = readFileSync(file, 'utf8');
    const { out } = await refresh({}, { dryRun: true });
    expect(out).toContain('Nothing is written (--dry-run).');
    const elsewhere = join(folder, 'elsewhere.txt');
    await refresh({}, { out: elsewhere });
    expect(readFileSync(file, 'utf8')).toBe(before);
    expect(readFileSync(elsewhere, 'utf8')).toContain('"asOf": "2026-12-24"');
  });

  it('asks for all hosting types in one question, in pages', async () => {
    const { standIn } = await refresh({ pageSize: 40 });
    const hosting = standIn.calls.filter(({ filters }) => filters['component'] === 'Hosting');
    expect(hosting).toHaveLength(5);
    expect(hosting[0]).toEqual({
      service: 'AmazonSageMaker',
      filters: { productFamily: 'ML Instance', component: 'Hosting', regionCode: 'us-east-1' },
    });
    expect(standIn.calls.length).toBeLessThan(40);
  });

  it('adds a hosting type that the book lacks where the project can use it, behind its family', async () => {
    const lacking = 'sagemaker.hosting.ml.c5.large';
    const text = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, text.filter((line) => !line.includes(`"${lacking}"`)).join('\n'));
    const { out } = await refresh();
    const keys = Object.keys(loadPriceBook('us-east-1', folder).prices);
    expect(keys[keys.indexOf(lacking) - 1]).toBe('sagemaker.hosting.ml.c5.18xlarge');
    expect(keys.filter((key) => key !== lacking)).toEqual(
      Object.keys(shipped.prices).filter((key) => key !== lacking),
    );
    expect(keys).not.toContain('sagemaker.hosting.ml.g5.xlarge');
    expect(out).toMatch(/ml\.c5\.large +0\.102 +new/);
  });
});

describe('prices refresh refuses, and leaves the book as it is,', () => {
  it('a price that is not found again', async () => {
    const { message, exitCode } = await refused({ products: without('USE1-AmazonEKS-Hours:perCluster') });
    expect(message).toContain(
      'eks.cluster: the Price List holds no price of it (AmazonEKS, operation=CreateOperation)',
    );
    expect(exitCode).toBe(EXIT.blocked);
  });

  it('a price of a hosting type that is not found again', async () => {
    const { message } = await refused({ products: without('USE1-Host:ml.r8g.48xlarge') });
    expect(message).toContain('1 of the prices cannot be taken over');
    expect(message).toContain('sagemaker.hosting.ml.r8g.48xlarge: the Price List holds no price of it');
  });

  it.each([
    ['0.0000000000', 'has the price 0'],
    ['-0.1', 'has the price "-0.1", which is no amount'],
    ['free', 'has the price "free", which is no amount'],
    ['', 'has the price "", which is no amount'],
  ])('the price %j', async (price, text) => {
    const { message } = await refused({ products: changed('NatGateway-Hours', atPrice(price)) });
    expect(message).toMatch(new RegExp(`vpc\\.nat: SKU \\w+ ${text}`));
  });

  it('a price in another currency', async () => {
    const { message } = await refused({ products: changed('NatGateway-Hours', () => ({ currency: 'CNY' })) });
    expect(message).toMatch(/vpc\.nat: SKU \w+ is priced in CNY, not in USD/);
  });

  it('a price for another unit', async () => {
    const { message } = await refused({
      products: changed('NatGateway-Hours', () => ({ unit: 'Quantity' })),
    });
    expect(message).toMatch(/vpc\.nat: SKU \w+ is priced per "Quantity", expected was "Hrs" or/);
  });

  it('two prices of one key, and names both SKUs', async () => {
    const second = catalogue
      .filter(({ attributes }) => attributes['usagetype'] === 'NatGateway-Hours')
      .map((product) => ({ ...product, sku: 'OTHERSKU', tiers: [{ price: '0.05' }] }));
    const { message } = await refused({ products: [...catalogue, ...second] });
    expect(message).toMatch(/vpc\.nat: SKU OTHERSKU says 0\.05 and SKU SKU\w+ says 0\.045 USD\/hour/);
  });

  it('a price that doubles or halves, until the user accepts it by name', async () => {
    const products = changed('NatGateway-Hours', atPrice('0.0900000000'));
    const { message } = await refused({ products });
    expect(message).toMatch(/vpc\.nat: 0\.045 → 0\.09 USD\/hour \(\+100 %, SKU \w+\)/);
    expect(message).toContain('--accept-change KEY');
    const halved = changed('NatGateway-Hours', atPrice('0.0225000000'));
    expect((await refused({ products: halved })).message).toContain('(-50 %');
    expect((await refused({ products }, { acceptChange: ['vpc.natData'] })).message).toContain('vpc.nat:');
    await refresh({ products }, { acceptChange: ['vpc.nat'] });
    expect(loadPriceBook('us-east-1', folder).prices['vpc.nat']?.usd).toBe(0.09);
  });

  it('everything that is wrong at once', async () => {
    const products = changed('NatGateway-Hours', atPrice('0')).filter(
      ({ attributes }) => !attributes['usagetype']?.includes('KMS'),
    );
    const { message } = await refused({ products });
    expect(message).toContain('2 of the prices cannot be taken over');
    expect(message).toContain('kms.key');
    expect(message).toContain('vpc.nat');
  });

  it('a price that the user keeps by name never, and keeps its figure, source and place', async () => {
    const products = without('us-east-1-KMS-Keys');
    const { out } = await refresh({ products }, { keep: ['kms.key'] });
    const book = loadPriceBook('us-east-1', folder);
    expect(book.prices['kms.key']).toEqual(shipped.prices['kms.key']);
    expect(book.sources['infracost-2026-08']).toBe(shipped.sources['infracost-2026-08']);
    expect(out).toContain('kms.key: kept as asked, 1 USD [infracost-2026-08]');
  });

  it('a name that no price has', async () => {
    const { message, exitCode } = await refused({}, { keep: ['kms.keys'] });
    expect(message).toContain('--keep names kms.keys, which is no price of the book');
    expect(exitCode).toBe(EXIT.usage);
  });

  it('what is no region, before anything is read', async () => {
    const { message, exitCode } = await refused({}, { region: '../us-east-1' });
    expect(message).toContain('"../us-east-1" is no region');
    expect(exitCode).toBe(EXIT.usage);
  });

  it('a file that cannot be written, and leaves none half written', async () => {
    const { message } = await refused({}, { out: join(folder, 'no', 'folder.json') });
    expect(message).toMatch(/cannot write .*no\/folder\.json/);
    mkdirSync(join(folder, 'books'));
    await expect(refresh({}, { out: join(folder, 'books') })).rejects.toThrow(/cannot write .*books: EISDIR/);
    expect(readdirSync(folder)).toEqual(['books', 'us-east-1.json']);
  });
});

describe('prices refresh of a new region', () => {
  const dearer = {
    ...shipped,
    prices: Object.fromEntries(
      Object.entries(shipped.prices).map(([key, price]) => [key, { ...price, usd: price.usd * 1.1 }]),
    ),
  };
  const products = standInCatalogue(dearer, 'eu-west-1');

  it('makes a book that the planner can load, whatever prefix its usage types have', async () => {
    await refresh({ products }, { region: 'eu-west-1' });
    const book = loadPriceBook('eu-west-1', folder);
    expect(Object.keys(book.prices)).toEqual(Object.keys(shipped.prices));
    expect(book.prices['vpc.nat']?.usd).toBeCloseTo(0.0495, 10);
    expect(book.prices['kms.key']?.usd).toBeCloseTo(1.1, 10);
    expect(book.region).toBe('eu-west-1');
  });

  it('leaves out and names what cannot be had there, also when it is refreshed', async () => {
    const fewer = products.filter(
      ({ attributes }) => !attributes['usagetype']?.endsWith('Host:ml.c8g.medium'),
    );
    const { out } = await refresh({ products: fewer }, { region: 'eu-west-1' });
    expect(loadPriceBook('eu-west-1', folder).prices).not.toHaveProperty(['sagemaker.hosting.ml.c8g.medium']);
    expect(out).toContain('sagemaker.hosting.ml.c8g.medium: missing');
    const again = await refresh({ products }, { region: 'eu-west-1' });
    expect(again.out).toMatch(/ml\.c8g\.medium +0\.05\d+ +new/);
  });

  it('does not take the prices of another region for it', async () => {
    const { message } = await refused({}, { region: 'eu-west-1' });
    expect(message).toContain('the Price List holds none of the prices in eu-west-1');
    expect(existsSync(bookFile('eu-west-1', folder))).toBe(false);
  });

  it('refuses a price that is not clear there either', async () => {
    const unclear = products.map((product) =>
      product.attributes['usagetype'] === 'EU-NatGateway-Hours' ? { ...product, unit: 'Quantity' } : product,
    );
    expect((await refused({ products: unclear }, { region: 'eu-west-1' })).message).toContain('vpc.nat');
    const { out } = await refresh({ products: unclear }, { region: 'eu-west-1', keep: ['vpc.nat'] });
    expect(out).toContain('vpc.nat: missing');
  });
});

describe('a Price List that cannot be read', () => {
  it('because the permission is missing names it', async () => {
    const { message, exitCode } = await refused({ refuse: 'AccessDeniedException' });
    expect(message).toContain('pricing:GetProducts is denied');
    expect(exitCode).toBe(EXIT.unknown);
  });

  it('because it throttles is read in the end', async () => {
    const { code, standIn } = await refresh({ throttled: 40 });
    expect(code).toBe(EXIT.fits);
    expect(standIn.calls.length).toBeGreaterThan(60);
  });

  it('because it throttles for ever gives up at the deadline', async () => {
    const { message, exitCode } = await refused(
      { throttled: Number.POSITIVE_INFINITY },
      { deadline: 2 },
      { random: () => 0.9 },
    );
    // A call may be under way at that moment, and then its answer is not known.
    expect(message).toMatch(/throttled until the deadline|the deadline passed/);
    expect(exitCode).toBe(EXIT.unknown);
  });

  it('because nobody answers gives up at the deadline', async () => {
    const { message } = await refused({ silent: true }, { deadline: 1 });
    expect(message).toContain('the deadline passed');
  });

  it('because the credentials are none says how to get some', async () => {
    const { message } = await refused({ refuse: 'UnrecognizedClientException' });
    expect(message).toContain('sign in again');
  });

  it('because there are no credentials says how to get some, and asks nothing', async () => {
    const standIn = await startPricingStandIn({ products: [] });
    const restore = useStandIn(standIn);
    delete process.env['AWS_ACCESS_KEY_ID'];
    const io = { out: () => {}, err: () => {}, color: false, variables: {}, now: () => new Date(0) };
    try {
      await expect(
        pricesRefresh({ region: 'us-east-1', format: 'table', dryRun: true, deadline: 20 }, io, {
          booksFolder: folder,
        }),
      ).rejects.toThrow(/sign in again/);
      expect(standIn.calls).toEqual([]);
    } finally {
      restore();
      await standIn.close();
    }
  });

  it.each([
    ['no JSON', '<html>', 'an entry that is no JSON'],
    ['no product', '{"product":{}}', 'another shape'],
  ])('because it answers with %s says so', async (_name, entry, text) => {
    const { message, exitCode } = await refused({ entries: [entry] });
    expect(message).toContain(text);
    expect(exitCode).toBe(EXIT.unknown);
  });

  it('because its pages never end is given up', async () => {
    const { message } = await refused({ endless: true });
    expect(message).toContain('the same page twice');
  });
});
