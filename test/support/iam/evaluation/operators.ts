import { BlockList, isIP } from 'node:net';
import { CannotJudge } from './errors';
import { type Pattern, literally, matches, segmentsOf } from './pattern';
import { isArn } from './request';

/** How an operator compares one value of the request with one of the policy. */
export type Comparison = (actual: string, expected: Pattern) => boolean;

export interface Operator {
  readonly matches: Comparison;
  /** Holds where no value of the policy matches, and where the request lacks the key. */
  readonly negated: boolean;
  /** Whether policy variables are filled in: AWS does so for texts and ARNs alone. */
  readonly variables: boolean;
}

type Order = (actual: number, expected: number) => boolean;

const ORDERS: Readonly<Record<string, Order>> = {
  Equals: (a, b) => a === b,
  LessThan: (a, b) => a < b,
  LessThanEquals: (a, b) => a <= b,
  GreaterThan: (a, b) => a > b,
  GreaterThanEquals: (a, b) => a >= b,
};

const text = (compare: Comparison): Omit<Operator, 'negated'> => ({ matches: compare, variables: true });

const value = (compare: (actual: string, expected: string) => boolean): Omit<Operator, 'negated'> => ({
  matches: (actual, expected) => compare(actual, literally(expected)),
  variables: false,
});

const equals = text((actual, expected) => actual === literally(expected));
const equalsIgnoringCase = text(
  (actual, expected) => actual.toLowerCase() === literally(expected).toLowerCase(),
);
const like = text((actual, expected) => matches(expected, actual));
const arn = text(sameArn);
const ip = value(inRange);

/** All condition operators but `Null`, as AWS lists them under "IAM JSON policy elements: Condition operators". */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map(
  Object.entries({
    StringEquals: is(equals),
    StringNotEquals: isNot(equals),
    StringEqualsIgnoreCase: is(equalsIgnoringCase),
    StringNotEqualsIgnoreCase: isNot(equalsIgnoringCase),
    StringLike: is(like),
    StringNotLike: isNot(like),
    ...ordered('Numeric', numberOf),
    ...ordered('Date', timeOf),
    Bool: is(value((actual, expected) => booleanOf(actual) === booleanOf(expected))),
    BinaryEquals: is(value((actual, expected) => bytesOf(actual).equals(bytesOf(expected)))),
    IpAddress: is(ip),
    NotIpAddress: isNot(ip),
    ArnEquals: is(arn),
    ArnLike: is(arn),
    ArnNotEquals: isNot(arn),
    ArnNotLike: isNot(arn),
  }),
);

function is(operator: Omit<Operator, 'negated'>): Operator {
  return { ...operator, negated: false };
}

function isNot(operator: Omit<Operator, 'negated'>): Operator {
  return { ...operator, negated: true };
}

function ordered(family: string, read: (text: string) => number): Record<string, Operator> {
  const by = (order: Order) => value((actual, expected) => order(read(actual), read(expected)));
  return {
    ...Object.fromEntries(Object.entries(ORDERS).map(([name, order]) => [`${family}${name}`, is(by(order))])),
    [`${family}NotEquals`]: isNot(by((a, b) => a === b)),
  };
}

function numberOf(text: string): number {
  if (/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text)) return Number(text);
  throw new CannotJudge(`${text} is no number: a numeric operator compares integers and decimals`);
}

/** W3C's profile of ISO 8601, or seconds of the Unix epoch; in ms. */
function timeOf(text: string): number {
  if (/^\d+$/.test(text) && text.length > 4) return Number(text) * 1000;
  const time = /^\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?)?)?$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw new CannotJudge(`${text} is no date: give ISO 8601 such as 2025-11-30T12:00:00Z, or epoch seconds`);
}

function booleanOf(text: string): boolean {
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  throw new CannotJudge(`${text} is neither true nor false, which is all that Bool compares`);
}

function bytesOf(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') === text) return bytes;
  throw new CannotJudge(`${text} is not base64, which is what BinaryEquals compares`);
}

function inRange(actual: string, range: string): boolean {
  const [network = '', prefix] = range.split('/');
  const [family, most] = [isIP(network), isIP(network) === 4 ? 32 : 128];
  const bits = prefix === undefined ? most : Number(prefix);
  if (family === 0 || !Number.isInteger(bits) || bits < 0 || bits > most || prefix === '') {
    throw new CannotJudge(`${range} is no range of addresses: give CIDR, such as 203.0.113.0/24`);
  }
  if (isIP(actual) === 0) throw new CannotJudge(`${actual} is no IP address`);
  if (isIP(actual) !== family) return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(network, bits, type);
  return list.check(actual, type);
}

const ARN_PARTS = 6;

/** Each of the six parts of an ARN for itself, with wildcards; `ArnEquals` and `ArnLike` are the same to IAM. */
function sameArn(actual: string, expected: Pattern): boolean {
  const wanted = segmentsOf(expected, ARN_PARTS);
  if (wanted.length < ARN_PARTS) {
    throw new CannotJudge(
      `${literally(expected)} has not the six parts of an ARN that an Arn operator compares`,
    );
  }
  if (!isArn(actual)) throw new CannotJudge(`${actual} is no ARN, which is what an Arn operator compares`);
  const parts = actual.split(':');
  const given = [...parts.slice(0, ARN_PARTS - 1), parts.slice(ARN_PARTS - 1).join(':')];
  return wanted.every((pattern, index) => matches(pattern, given[index] ?? ''));
}
