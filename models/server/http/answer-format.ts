import type { Prediction, PredictionResponse } from '../../runtime/prediction-response';
import { writeCsv } from './csv-rows';
import { HttpError } from './http-error';
import { type MediaType, parseAccept } from './media-type';

/** How predictions are written. */
export interface AnswerFormat {
  readonly contentType: string;
  /** @param classes of the model, in order */
  encode(response: PredictionResponse, classes: readonly string[]): string;
}

/** By the contract's order: an object's own order puts names that look like integers first. */
function inOrder({ probabilities }: Prediction, classes: readonly string[]): number[] {
  return classes.map((name) => probabilities[name] ?? Number.NaN);
}

function csv(header: 'present' | 'absent'): AnswerFormat {
  return {
    contentType: `text/csv; charset=utf-8; header=${header}`,
    encode({ predictions }, classes) {
      const names =
        header === 'present' ? [['label', 'class', 'confidence', ...classes, 'inDistribution']] : [];
      const rows = predictions.map((each) => [
        each.label,
        each.class,
        each.confidence,
        ...inOrder(each, classes),
        // Empty where it is not known.
        each.inDistribution === null ? '' : String(each.inDistribution),
      ]);
      return writeCsv([...names, ...rows]);
    },
  };
}

interface Offer {
  readonly name: string;
  format(range: MediaType): AnswerFormat;
}

const JSON_ANSWER: AnswerFormat = {
  contentType: 'application/json',
  encode: (response) => JSON.stringify(response),
};

/** What can be given, the best liked first: it decides where the caller does not. */
const OFFERS: readonly Offer[] = [
  { name: 'application/json', format: () => JSON_ANSWER },
  {
    name: 'application/jsonlines',
    format: () => ({
      contentType: 'application/jsonlines',
      encode: ({ predictions }) => predictions.map((each) => `${JSON.stringify(each)}\n`).join(''),
    }),
  },
  {
    // Without a header unless asked for: batch transform puts answers one behind the other.
    name: 'text/csv',
    format: ({ parameters }) =>
      csv(parameters.get('header')?.toLowerCase() === 'present' ? 'present' : 'absent'),
  },
  {
    // What Mini-XDR's backend read before there was a contract: probabilities by position.
    name: 'application/vnd.mini-xdr.v1+json',
    format: () => ({
      contentType: 'application/vnd.mini-xdr.v1+json',
      encode: ({ predictions }, classes) =>
        JSON.stringify({ predictions: predictions.map((each) => inOrder(each, classes)) }),
    }),
  },
];

function qualityOf(range: MediaType): number {
  const quality = Number(range.parameters.get('q') ?? 1);
  return quality >= 0 && quality <= 1 ? quality : 0;
}

/** The most specific range of an Accept header that covers a media type (RFC 9110, section 12.5.1). */
function rangeFor(name: string, ranges: readonly MediaType[]): MediaType | undefined {
  const find = (wanted: string) => ranges.find((range) => range.name === wanted);
  return find(name) ?? find(`${name.split('/')[0]}/*`) ?? find('*/*');
}

/**
 * The form in which a caller wants predictions; JSON where the caller does not say.
 *
 * @param accept the Accept header
 * @throws HttpError 406 that names what can be given
 */
export function answerFormat(accept: string | undefined): AnswerFormat {
  if (accept === undefined || accept.trim() === '') return JSON_ANSWER;
  const ranges = parseAccept(accept);
  let best: { readonly quality: number; readonly format: AnswerFormat } | undefined;
  for (const offer of OFFERS) {
    const range = rangeFor(offer.name, ranges);
    const quality = range === undefined ? 0 : qualityOf(range);
    if (range !== undefined && quality > (best?.quality ?? 0))
      best = { quality, format: offer.format(range) };
  }
  if (best !== undefined) return best.format;
  const names = OFFERS.map(({ name }) => name).join(', ');
  throw new HttpError(406, 'not_acceptable', `the answer can be ${names}`);
}
