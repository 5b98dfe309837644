import * as fc from 'fast-check';
import { readBatch } from '../../../../models/runtime/feature-batch';
import { InvalidRequestError, type Problem } from '../../../../models/contract/model-errors';
import type { PredictionResponse } from '../../../../models/runtime/prediction-response';
import { answerFormat } from '../../../../models/server/http/answer-format';
import { writeCsv } from '../../../../models/server/http/csv-rows';
import { HttpError } from '../../../../models/server/http/http-error';
import { requestFormat } from '../../../../models/server/http/request-format';

const FEATURES = ['Flow Duration', 'Bytes, "all"'];

const number = fc.float({ noNaN: true, noDefaultInfinity: true });
const rowsOf = fc.array(fc.tuple(number, number), { minLength: 1 });

function problemsOf(type: string, text: string): readonly Problem[] {
  try {
    readBatch(requestFormat(type)(text), FEATURES);
  } catch (error) {
    if (error instanceof InvalidRequestError) return error.problems;
    if (error instanceof HttpError) return error.details;
    throw error;
  }
  throw new Error('the request was taken');
}

function failure(act: () => unknown): HttpError {
  try {
    act();
  } catch (error) {
    if (error instanceof HttpError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('a request', () => {
  it('means the same in JSON, in JSON lines and in CSV, by position and by name', () => {
    fc.assert(
      fc.property(rowsOf, (rows) => {
        const read = (type: string, text: string) => readBatch(requestFormat(type)(text), FEATURES);
        const records = rows.map((row) => Object.fromEntries(FEATURES.map((name, at) => [name, row[at]])));
        const lines = (values: readonly unknown[]) =>
          values.map((value) => JSON.stringify(value)).join('\r\n');
        const expected = read('application/json', JSON.stringify({ instances: rows }));
        expect(read('application/jsonlines', lines(rows))).toEqual(expected);
        expect(read('application/jsonlines', `${lines(records)}\n`)).toEqual(expected);
        expect(read('text/csv', writeCsv(rows))).toEqual(expected);
        const reversed = writeCsv([FEATURES, ...rows].map((cells) => cells.toReversed()));
        expect(read('text/csv', reversed)).toEqual(expected);
      }),
    );
  });

  it('in CSV or JSON lines is taken or refused, never failed at, whatever the text', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom('"', ',', '\n', '1', 'a', '[', ']', '{', '}') }),
    );
    fc.assert(
      fc.property(text, fc.constantFrom('text/csv', 'application/jsonlines'), (body, type) => {
        expect(Array.isArray(problemsOf(type, body))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    [
      'text/csv',
      '1,2\n1,x\n',
      [{ row: 1, feature: FEATURES[1], message: 'must be a number, but is a value of type string' }],
    ],
    [
      'text/csv',
      '1,2\n,Infinity\n',
      [
        { row: 1, feature: FEATURES[0], message: 'is missing' },
        { row: 1, feature: FEATURES[1], message: 'must be a finite number of single precision' },
      ],
    ],
    ['text/csv', '1,2\n1,2,3\n', [{ row: 1, message: 'must have 2 values, but has 3' }]],
    ['text/csv', '1,2\n\n', [{ row: 1, message: 'must have 2 values, but has 1' }]],
    ['text/csv', '1,2\n"3,4\n', [{ row: 1, message: 'opens a quote that never ends' }]],
    [
      'text/csv',
      'Flow Duration,Bytes\n1,2\n',
      [
        { row: 0, feature: FEATURES[1], message: 'is missing' },
        { row: 0, feature: 'Bytes', message: 'is not a feature of this model' },
      ],
    ],
    [
      'text/csv',
      'Flow Duration,"Bytes, ""all"""\n1,2\n1\n',
      [{ row: 1, message: 'must have 2 values, but has 1' }],
    ],
    ['text/csv', 'a,a\n1,2\n', [{ feature: 'a', message: 'is named twice' }]],
    [
      'text/csv; header=absent',
      'a,2\n',
      [{ row: 0, feature: FEATURES[0], message: 'must be a number, but is a value of type string' }],
    ],
    [
      'application/jsonlines',
      '[1,2]\n[1,null]\n',
      [{ row: 1, feature: FEATURES[1], message: 'must be a number, but is null' }],
    ],
    ['application/jsonlines', '[1,2]\n[1,\n', [{ row: 1, message: 'is not JSON' }]],
    [
      'application/jsonlines',
      '[1,2]\n{}\n',
      [{ row: 1, message: 'must be an array of numbers, but is a value of type object' }],
    ],
  ])('as %s names row and feature in %j', (type, text, problems) => {
    expect(problemsOf(type, text)).toEqual(problems);
  });

  it.each([
    'Application/JSON; Charset="UTF-8"',
    'application/json;charset=utf8',
    'application/json; charset=us-ascii; version=2',
  ])('is read as JSON when sent as %s', (type) => {
    expect(requestFormat(type)('{"instances":[]}')).toEqual({ instances: [] });
  });

  it.each([undefined, '', 'text/plain', 'json', 'application/json; charset=utf-16'])(
    'is refused as %s, with what is allowed',
    (type) => {
      const { status, message, headers } = failure(() => requestFormat(type));
      expect(status).toBe(415);
      expect(message).toBe(
        'content-type must be application/json, application/jsonlines or text/csv, in UTF-8',
      );
      expect(headers).toEqual({ accept: 'application/json, application/jsonlines, text/csv' });
    },
  );
});

describe('an answer', () => {
  // Names that look like integers: an object would give them in another order.
  const classes = ['7', 'a, "b"', '3'];
  const response: PredictionResponse = {
    model: { name: 'ddos', version: '1.0.0', reference: true },
    predictions: [
      {
        label: 'a, "b"',
        class: 1,
        confidence: 0.5,
        probabilities: { '7': 0.25, 'a, "b"': 0.5, '3': 0.25 },
        inDistribution: false,
      },
      {
        label: '7',
        class: 0,
        confidence: 0.75,
        probabilities: { '7': 0.75, 'a, "b"': 0, '3': 0.25 },
        inDistribution: true,
      },
      {
        label: '3',
        class: 2,
        confidence: 1,
        probabilities: { '7': 0, 'a, "b"': 0, '3': 1 },
        inDistribution: null,
      },
    ],
  };
  const given = (accept?: string) => answerFormat(accept).encode(response, classes);

  it('is one prediction a line in JSON lines', () => {
    const lines = given('application/jsonlines').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(response.predictions);
  });

  it('is label, class, confidence, probabilities and in distribution or not in CSV, under a header where one is asked for', () => {
    const rows = '"a, ""b""",1,0.5,0.25,0.5,0.25,false\n7,0,0.75,0.75,0,0.25,true\n3,2,1,0,0,1,\n';
    expect(given('text/csv')).toBe(rows);
    expect(given('text/csv; header=present')).toBe(
      `label,class,confidence,7,"a, ""b""",3,inDistribution\n${rows}`,
    );
  });

  it('is the legacy body, probabilities by position', () => {
    expect(given('application/vnd.mini-xdr.v1+json')).toBe(
      '{"predictions":[[0.25,0.5,0.25],[0.75,0,0.25],[0,0,1]]}',
    );
  });

  it.each([
    [undefined, 'application/json'],
    ['*/*', 'application/json'],
    ['TEXT/*', 'text/csv; charset=utf-8; header=absent'],
    ['application/json;q=0.1, text/csv;q=0.5', 'text/csv; charset=utf-8; header=absent'],
    ['application/json;q=0, */*', 'application/jsonlines'],
    ['image/png, application/vnd.mini-xdr.v1+json', 'application/vnd.mini-xdr.v1+json'],
  ])('for Accept %s is %s', (accept, type) => {
    expect(answerFormat(accept).contentType).toBe(type);
  });

  it.each(['text/html', 'application/json;q=0', 'nonsense'])('is refused for Accept %s', (accept) => {
    const { status, message } = failure(() => answerFormat(accept));
    expect(status).toBe(406);
    expect(message).toContain('application/jsonlines, text/csv');
  });
});
