import { cents } from '../../lib/plan/cost/monthly-cost';
import { SOURCE_CLAIMS } from '../support/plan/legacy-hosting-cost';
import { loadPriceBook } from '../../lib/pricing/price-book';
import { amount } from '../../lib/report/cost-inputs';
import { markdownTable } from '../../lib/report/markdown-table';

const { prices, hoursPerMonth } = loadPriceBook('us-east-1');
const MONTHS = [720, 730, 744] as const;
const UNITS = [1, 2, 3, 4] as const;

const money = (usd: number) => `$${usd.toFixed(2)}`;
const usdOf = (price: string): number => prices[price]?.usd ?? Number.NaN;

/** What the source system claimed beside what the price list gives. */
export function claimTable(): string {
  return markdownTable(
    ['Price', 'Count:', 'Hours:', 'USD an hour:', 'A month:', 'Claimed:', 'Claim is off by:'],
    SOURCE_CLAIMS.map(({ price, count, claimedUsd: usd }) => {
      const real = cents(count * hoursPerMonth * usdOf(price));
      const off = Math.round((usd / real - 1) * 100);
      return [
        `\`${price}\``,
        String(count),
        String(hoursPerMonth),
        amount(usdOf(price)),
        money(real),
        `$${usd}`,
        `${off > 0 ? '+' : '−'}${Math.abs(off)} %`,
      ];
    }),
  );
}

interface Derivation {
  readonly claim: number;
  readonly price: string;
  readonly count: number;
  readonly hours: number;
  readonly usd: number;
}

/** Every hourly price that comes within half a dollar of a claim, the nearest first. */
export const derivations: readonly Derivation[] = SOURCE_CLAIMS.flatMap((claim) =>
  Object.entries(prices)
    .filter(([, { unit }]) => unit === 'hour')
    .flatMap(([price, { usd }]) =>
      UNITS.flatMap((count) =>
        MONTHS.map((hours) => ({
          claim: claim.claimedUsd,
          price,
          count,
          hours,
          usd: cents(count * hours * usd),
        })),
      ),
    )
    .filter(({ usd }) => Math.abs(usd - claim.claimedUsd) <= 0.5)
    .sort((a, b) => Math.abs(a.usd - claim.claimedUsd) - Math.abs(b.usd - claim.claimedUsd)),
);

export const derivationTable = (): string =>
  markdownTable(
    ['Claimed:', 'Price', 'Count:', 'Hours:', 'USD an hour:', 'A month:'],
    derivations.map(({ claim, price, count, hours, usd }) => [
      `$${claim}`,
      `\`${price}\``,
      String(count),
      String(hours),
      amount(usdOf(price)),
      money(usd),
    ]),
  );

export const impliedTable = (): string =>
  markdownTable(
    ['Claimed:', 'Count:', 'Hours:', 'Implied USD an hour:', 'Times the price:'],
    SOURCE_CLAIMS.flatMap(({ price, count, claimedUsd: usd }) =>
      MONTHS.map((hours) => {
        const implied = usd / count / hours;
        return [
          `$${usd}`,
          String(count),
          String(hours),
          implied.toFixed(4),
          (implied / usdOf(price)).toFixed(2),
        ];
      }),
    ),
  );
