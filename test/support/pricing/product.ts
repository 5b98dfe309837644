/** A tier of a price: from which amount on, and how much. */
export interface StandInTier {
  readonly from?: string;
  readonly price: string;
}

/** A product of the stand-in's Price List, in fewer words than on the wire. */
export interface StandInProduct {
  readonly service: string;
  readonly sku: string;
  /** @default - none: some products of AWS have no family */
  readonly family?: string;
  readonly region: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly unit: string;
  readonly tiers: readonly StandInTier[];
  /** @default USD */
  readonly currency?: string;
}

/** What AWS calls its offer on demand, and the first tier of it. */
const ON_DEMAND = 'JRTCKXETXF';
const TIER = '6YS6EN2CT7';
const EFFECTIVE = '2026-12-01T00:00:00Z';
export const OFFER_VERSION = '20261201093000';

function dimensions({ sku, unit, tiers, currency = 'USD', attributes }: StandInProduct): object {
  return Object.fromEntries(
    tiers.map(({ from = '0', price }, index) => {
      const rateCode = `${sku}.${ON_DEMAND}.${index === 0 ? TIER : `TIER${index}`}`;
      const dimension = {
        unit,
        endRange: tiers[index + 1]?.from ?? 'Inf',
        description: `$${price} per ${unit} of ${attributes['usagetype'] ?? 'usage'}`,
        appliesTo: [],
        rateCode,
        beginRange: from,
        pricePerUnit: { [currency]: price },
      };
      return [rateCode, dimension];
    }),
  );
}

/** A reservation of the same product: much cheaper, and no price on demand. */
function reserved({ sku, tiers, unit }: StandInProduct): object {
  const rateCode = `${sku}.4NA7Y494T4.${TIER}`;
  return {
    [`${sku}.4NA7Y494T4`]: {
      sku,
      effectiveDate: EFFECTIVE,
      offerTermCode: '4NA7Y494T4',
      termAttributes: { LeaseContractLength: '1yr', OfferingClass: 'standard', PurchaseOption: 'No Upfront' },
      priceDimensions: {
        [rateCode]: { rateCode, unit, pricePerUnit: { USD: String(Number(tiers[0]?.price) / 10) } },
      },
    },
  };
}

/** A product as GetProducts gives it: JSON in a text. (AWS Price List API, format aws_v1.) */
export function productJson(product: StandInProduct): string {
  const { service, sku, family, region, attributes } = product;
  return JSON.stringify({
    product: {
      ...(family === undefined ? {} : { productFamily: family }),
      attributes: { servicecode: service, regionCode: region, locationType: 'AWS Region', ...attributes },
      sku,
    },
    serviceCode: service,
    terms: {
      OnDemand: {
        [`${sku}.${ON_DEMAND}`]: {
          priceDimensions: dimensions(product),
          sku,
          effectiveDate: EFFECTIVE,
          offerTermCode: ON_DEMAND,
          termAttributes: {},
        },
      },
      Reserved: reserved(product),
    },
    version: OFFER_VERSION,
    publicationDate: '2026-12-01T09:30:00Z',
  });
}
