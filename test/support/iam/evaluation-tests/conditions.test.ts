/**
 * The rules of AWS's "IAM JSON policy elements: Condition operators", "Single-valued vs. multivalued context keys",
 * "Multivalued context keys" and "IAM policy elements: Variables and tags", one row each.
 */
import { CannotJudge, type ContextValue } from '../evaluation';
import type { JsonRecord } from '../../../../lib/util/json';
import { ACCOUNT, allow, decide, deny, holds, OBJECT, policy } from './support';

type Row = readonly [
  operator: string,
  expected: string | readonly string[],
  actual: string | number | boolean | readonly string[] | undefined,
  holds: boolean,
];

const ROWS: readonly Row[] = [
  ['StringEquals', 'a', 'a', true],
  ['StringEquals', 'a', 'A', false],
  ['StringEquals', 'a*', 'ab', false],
  ['StringEquals', ['a', 'b'], 'b', true],
  ['StringEquals', 'a', undefined, false],
  ['StringNotEquals', 'a', 'b', true],
  ['StringNotEquals', ['a', 'b'], 'b', false],
  ['StringNotEquals', ['a', 'b'], 'c', true],
  ['StringNotEquals', 'a', undefined, true],
  ['StringEqualsIgnoreCase', 'aB', 'Ab', true],
  ['StringNotEqualsIgnoreCase', 'aB', 'Ab', false],
  ['StringLike', 'a*c', 'a/b/c', true],
  ['StringLike', 'a?c', 'abc', true],
  ['StringLike', 'a?c', 'ac', false],
  ['StringLike', 'A*', 'abc', false],
  ['StringLike', '*', '', true],
  ['StringNotLike', 'a*', 'abc', false],
  ['StringNotLike', 'a*', 'b', true],
  ['StringNotLike', 'a*', undefined, true],
  ['NumericEquals', '1.20', '1.2', true],
  ['NumericNotEquals', '1', 2, true],
  ['NumericNotEquals', '1', undefined, true],
  ['NumericLessThan', '10', '9', true],
  ['NumericLessThan', '10', 10, false],
  ['NumericLessThanEquals', '10', 10, true],
  ['NumericGreaterThan', '10', '10.5', true],
  ['NumericGreaterThanEquals', '10', '10', true],
  ['NumericGreaterThanEquals', '10', undefined, false],
  ['DateEquals', '2025-11-30T12:00:00Z', '2025-11-30T13:00:00+01:00', true],
  ['DateNotEquals', '2025-11-30', '2025-11-30T00:00:01Z', true],
  ['DateLessThan', '2025-11-30T00:00:00Z', '2025-11-29T23:59:59Z', true],
  ['DateGreaterThan', '1764460800', '2025-11-30T00:00:01Z', true],
  ['DateLessThanEquals', '2025', '2025-01-01', true],
  ['DateGreaterThanEquals', '2025-11-30', '2025-11-29', false],
  ['Bool', 'true', true, true],
  ['Bool', 'true', 'false', false],
  ['Bool', 'false', undefined, false],
  ['BinaryEquals', 'QmluYXJ5', 'QmluYXJ5', true],
  ['BinaryEquals', 'QmluYXJ5', 'QmluYXJZ', false],
  ['IpAddress', '203.0.113.0/24', '203.0.113.200', true],
  ['IpAddress', '203.0.113.0/24', '203.0.114.1', false],
  ['IpAddress', '203.0.113.7', '203.0.113.7', true],
  ['IpAddress', ['203.0.113.0/24', '2001:db8::/32'], '2001:db8:1::1', true],
  ['IpAddress', '0.0.0.0/0', '2001:db8::1', false],
  ['NotIpAddress', '203.0.113.0/24', '203.0.113.1', false],
  ['NotIpAddress', '203.0.113.0/24', undefined, true],
  ['ArnLike', 'arn:aws:sqs:*:111122223333:q*', 'arn:aws:sqs:us-east-1:111122223333:queue', true],
  ['ArnEquals', 'arn:aws:sqs:*:111122223333:q*', 'arn:aws:sqs:us-east-1:111122223333:queue', true],
  ['ArnLike', 'arn:aws:s*:us-east-1:1:*', 'arn:aws:sagemaker:us-east-1:1:endpoint/a:b', true],
  ['ArnLike', 'arn:aws:sns:us*:111122223333:t', 'arn:aws:sns:us:west:111122223333:t', false],
  ['ArnNotLike', 'arn:aws:sns:*:*:*', 'arn:aws:sqs:us-east-1:111122223333:q', true],
  ['ArnNotEquals', 'arn:aws:sns:*:*:*', undefined, true],
  ['Null', 'true', undefined, true],
  ['Null', 'true', 'x', false],
  ['Null', 'false', 'x', true],
  ['Null', 'true', [], true],
  ['StringEqualsIfExists', 'a', undefined, true],
  ['StringEqualsIfExists', 'a', 'b', false],
  ['NumericLessThanIfExists', '3', undefined, true],
  ['ForAllValues:StringEquals', ['a', 'b'], ['a'], true],
  ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'c'], false],
  ['ForAllValues:StringEquals', 'a', undefined, true],
  ['ForAllValues:StringEquals', 'a', [], true],
  ['ForAllValues:StringEquals', 'a', '', true],
  ['ForAllValues:StringNotEquals', ['a', 'b'], ['c', 'd'], true],
  ['ForAllValues:StringNotEquals', ['a', 'b'], ['c', 'a'], false],
  ['ForAnyValue:StringEquals', ['a', 'b'], ['c', 'b'], true],
  ['ForAnyValue:StringEquals', ['a', 'b'], ['c'], false],
  ['ForAnyValue:StringEquals', 'a', undefined, false],
  ['ForAnyValue:StringNotEquals', 'a', ['a', 'b'], true],
  ['ForAnyValue:StringNotEquals', 'a', ['a'], false],
  ['ForAnyValue:StringNotEquals', 'a', undefined, false],
  ['ForAnyValue:StringLike', 'a*', ['b', 'ab'], true],
  ['ForAnyValue:StringEqualsIfExists', 'a', undefined, true],
];

describe('a condition', () => {
  it.each(ROWS)('%s %j, asked with %j: %s', (operator, expected, actual, outcome) => {
    const context: Record<string, ContextValue> = actual === undefined ? {} : { 'test:key': actual };

    expect(holds({ [operator]: { 'test:key': expected } }, context)).toBe(outcome);
  });

  it('holds only where every operator and every key holds', () => {
    const condition = { StringEquals: { 'test:a': '1', 'test:b': '2' }, Bool: { 'test:c': 'true' } };

    expect(holds(condition, { 'test:a': '1', 'test:b': '2', 'test:c': true })).toBe(true);
    expect(holds(condition, { 'test:a': '1', 'test:b': '2', 'test:c': false })).toBe(false);
    expect(holds(condition, { 'test:a': '1', 'test:b': 'x', 'test:c': true })).toBe(false);
  });

  it('finds its key whatever the case', () => {
    expect(holds({ StringEquals: { 'AWS:SourceAccount': '1' } }, { 'aws:sourceaccount': '1' })).toBe(true);
  });

  it.each<[string, JsonRecord, Record<string, string | readonly string[]>]>([
    ['an operator that is none', { StringMatches: { k: 'a' } }, { k: 'a' }],
    ['an operator in another case', { stringEquals: { k: 'a' } }, { k: 'a' }],
    ['Null with IfExists', { NullIfExists: { k: 'true' } }, {}],
    ['Null with a set operator', { 'ForAllValues:Null': { k: 'true' } }, {}],
    ['Null with neither true nor false', { Null: { k: 'maybe' } }, {}],
    ['several values without a set operator', { StringEquals: { k: 'a' } }, { k: ['a', 'b'] }],
    ['no value', { StringEquals: { k: [] } }, { k: 'a' }],
    ['a number that is none', { NumericEquals: { k: '1e' } }, { k: '1' }],
    ['a date that is none', { DateEquals: { k: '30.11.2025' } }, { k: '2025-11-30' }],
    ['a boolean that is none', { Bool: { k: 'yes' } }, { k: 'true' }],
    ['bytes that are not base64', { BinaryEquals: { k: '%%' } }, { k: 'YQ==' }],
    ['an address range that is none', { IpAddress: { k: '203.0.113.0/33' } }, { k: '203.0.113.1' }],
    ['an address that is none', { IpAddress: { k: '203.0.113.0/24' } }, { k: 'here' }],
    ['an ARN with too few parts', { ArnLike: { k: 'arn:aws:*' } }, { k: OBJECT }],
    ['a request without an ARN', { ArnLike: { k: 'arn:aws:s3:::*' } }, { k: 'bucket' }],
    ['a variable in a number', { NumericEquals: { k: '${aws:x}' } }, { k: '1' }],
    ['a key twice', { StringEquals: { k: 'a' } }, { k: 'a', K: 'b' }],
  ])('refuses to judge %s', (_what, condition, context) => {
    expect(() => holds(condition, context)).toThrow(CannotJudge);
  });
});

describe('a policy variable', () => {
  const own = 'arn:aws:s3:::bucket/${aws:username}/*';
  const asked = (resource: string, path: string, context = {}) =>
    decide(
      { identity: [policy(allow('s3:*', resource))] },
      { resource: `arn:aws:s3:::bucket/${path}`, context },
    );

  it('is filled in from the request', () => {
    expect(asked(own, 'ann/file', { 'aws:username': 'ann' })).toBe('allowed');
    expect(asked(own, 'bob/file', { 'aws:username': 'ann' })).toBe('implicitly denied');
  });

  it('matches nothing where the request has no value', () => {
    expect(asked(own, '/file')).toBe('implicitly denied');
    expect(asked(own, '${aws:username}/file')).toBe('implicitly denied');
  });

  it('takes its default where the request has no value', () => {
    const shared = "arn:aws:s3:::bucket/${aws:PrincipalTag/team, 'company-wide'}/*";

    expect(asked(shared, 'company-wide/file')).toBe('allowed');
    expect(asked(shared, 'red/file', { 'aws:PrincipalTag/team': 'red' })).toBe('allowed');
    expect(asked(shared, 'company-wide/file', { 'aws:PrincipalTag/team': 'red' })).toBe('implicitly denied');
  });

  it('stands for *, ? and $ themselves', () => {
    expect(asked('arn:aws:s3:::bucket/${*}${?}${$}', '*?$')).toBe('allowed');
    expect(asked('arn:aws:s3:::bucket/${*}${?}${$}', 'abc')).toBe('implicitly denied');
  });

  it('is filled in in conditions with texts and ARNs', () => {
    const prefix = { StringLike: { 's3:prefix': '${aws:username}/*' } };

    expect(holds(prefix, { 's3:prefix': 'ann/x', 'aws:username': 'ann' })).toBe(true);
    expect(holds(prefix, { 's3:prefix': 'bob/x', 'aws:username': 'ann' })).toBe(false);
    expect(holds(prefix, { 's3:prefix': 'bob/x' })).toBe(false);
    expect(
      holds(
        { ArnEquals: { k: 'arn:aws:iam::${aws:PrincipalAccount}:role/x' } },
        { k: `arn:aws:iam::${ACCOUNT}:role/x`, 'aws:PrincipalAccount': ACCOUNT },
      ),
    ).toBe(true);
  });

  it.each([
    ['wildcards come with its value', own, { 'aws:username': '*' }],
    ['it has several values', own, { 'aws:username': ['a', 'b'] }],
    ['it is none', 'arn:aws:s3:::${Bucket.Arn}', {}],
  ])('refuses to judge where %s', (_why, resource, context) => {
    expect(() => asked(resource, 'x', context)).toThrow(CannotJudge);
  });

  it('refuses to judge what is unlike a value that is missing', () => {
    const unlike = { StringNotEquals: { 's3:prefix': '${aws:username}' } };

    expect(() => holds(unlike, { 's3:prefix': 'x' })).toThrow(CannotJudge);
    expect(() =>
      decide({
        identity: [policy({ Effect: 'Deny', Action: '*', NotResource: 'arn:aws:s3:::${aws:username}' })],
      }),
    ).toThrow(CannotJudge);
    expect(decide({ identity: [policy(deny('*', own))] })).toBe('implicitly denied');
  });
});
