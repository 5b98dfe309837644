import { environmentNames, loadEnvironment } from '../../lib/config/load';
import { SERVERLESS_MEMORY_MB } from '../../lib/plan/serverless-candidate';
import { loadPriceBook, pricedRegions } from '../../lib/pricing/price-book';

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

  it.each(['eu-west-1', '', 'constructor'])('does not stand in for another region: %j', (region) => {
    expect(() => loadPriceBook(region)).toThrow(
      `there is no price book for region ${region}; there is one for us-east-1. Add lib/pricing/books/${region}.json`,
    );
  });
});
