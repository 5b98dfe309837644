import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentNames, loadEnvironment } from '../../lib/config/load-environment';
import { SERVERLESS_MEMORY_MB } from '../../lib/plan/candidates/serverless-candidate';
import { bookText } from '../../lib/pricing/book-text';
import { bookFile, loadPriceBook, pricedRegions } from '../../lib/pricing/price-book';

const book = loadPriceBook('us-east-1');
const monthly = (key: string, count: number) =>
  count * (book.prices[key]?.usd ?? Number.NaN) * book.hoursPerMonth;

describe('the price book', () => {
  it('names a known source for every price', () => {
    for (const [key, { source }] of Object.entries(book.prices)) {
      expect([key, Object.keys(book.sources).includes(source)]).toEqual([key, true]);
    }
  });

  it('costs what AWS charges and not what folklore says', () => {
    expect(monthly('sagemaker.hosting.ml.c5.xlarge', 2)).toBeCloseTo(297.84, 2);
    expect(monthly('sagemaker.hosting.ml.t2.medium', 1)).toBeCloseTo(40.88, 2);
  });

  it('prices every serverless memory size, more memory for more money', () => {
    const usd = SERVERLESS_MEMORY_MB.map((mb) => book.prices[`sagemaker.serverless.${mb / 1024}gb`]?.usd);
    expect(usd).not.toContain(undefined);
    expect([...usd].sort((a, b) => Number(a) - Number(b))).toEqual(usd);
  });

  it('holds a book for the region of every environment', () => {
    for (const name of environmentNames()) {
      const { region } = loadEnvironment(name);
      expect(pricedRegions()).toContain(region);
    }
  });

  it.each(['xx-nowhere-1', '', 'constructor', '../books/us-east-1'])(
    'does not stand in for another region: %j',
    (region) => {
      expect(() => loadPriceBook(region)).toThrow(
        `there is no price book for region ${region}; there is one for ${pricedRegions().join(', ')}. Make one from the Price List API: xdr prices refresh --region ${region}`,
      );
    },
  );

  it.each(pricedRegions())('of %s stands in its file as a refresh would write it', (region) => {
    expect(bookText(loadPriceBook(region))).toBe(readFileSync(bookFile(region), 'utf8'));
  });
});

describe('a price book that is not valid', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'books-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const load = (text: string) => {
    writeFileSync(bookFile('eu-west-1', folder), text);
    return loadPriceBook('eu-west-1', folder);
  };

  it('is refused with the price that is wrong', () => {
    const prices = { 'vpc.nat': { usd: 0, unit: 'hour', source: 'x', confidence: 'sure' } };
    expect(() => load(JSON.stringify({ ...book, region: 'eu-west-1', prices }))).toThrow(
      /price book of eu-west-1 is not valid.*\n.*prices\["vpc\.nat"\]\.usd/,
    );
  });

  it('is refused where it holds the prices of another region', () => {
    expect(() => load(bookText(book))).toThrow('the price book of eu-west-1 holds the prices of us-east-1');
  });

  it('is refused where it is no JSON', () => {
    expect(() => load('{')).toThrow('the price book of eu-west-1 cannot be read as JSON');
  });
});
