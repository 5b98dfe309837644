import { type Names, readable, readableText } from '../../lib/compliance/intrinsics';

const names: Names = {
  reference: (logicalId, attribute) => `<${logicalId}${attribute === undefined ? '' : `.${attribute}`}>`,
  imported: (name) => `<import ${name}>`,
};

it.each<[Parameters<typeof readable>[0], string]>([
  [{ Ref: 'Bucket' }, '<Bucket>'],
  [{ Ref: 'AWS::Region' }, '${AWS::Region}'],
  [{ 'Fn::GetAtt': ['Bucket', 'Arn'] }, '<Bucket.Arn>'],
  [{ 'Fn::GetAtt': 'Database.Endpoint.Port' }, '<Database.Endpoint.Port>'],
  [{ 'Fn::ImportValue': 'Other:Bucket' }, '<import Other:Bucket>'],
  [{ 'Fn::Join': ['/', ['a', { Ref: 'B' }, { 'Fn::Join': ['', ['c', 'd']] }]] }, 'a/<B>/cd'],
  [{ 'Fn::Join': [',', { 'Fn::GetAZs': '' }] }, 'join(",", getAZs())'],
  [
    { 'Fn::Sub': 'arn:${AWS::Partition}:${Bucket.Arn}/${!Literal}/${Key}' },
    'arn:${AWS::Partition}:<Bucket.Arn>/${Literal}/<Key>',
  ],
  [{ 'Fn::Sub': ['${Given}/${Bucket}', { Given: { Ref: 'X' } }] }, '<X>/<Bucket>'],
  [{ 'Fn::Select': [1, ['a', { Ref: 'B' }]] }, '<B>'],
  [{ 'Fn::Select': [0, { 'Fn::Split': [':', { Ref: 'Arn' }] }] }, 'select(0, split(:, <Arn>))'],
  [{ 'Fn::If': ['IsProd', 'a', { Ref: 'B' }] }, 'if(IsProd, a, <B>)'],
])('%j reads as text', (value, text) => {
  expect(readableText(value, names)).toBe(text);
});

it('keeps the shape of what is no function, and leaves out AWS::NoValue', () => {
  const value = { a: [1, { Ref: 'AWS::NoValue' }, { Ref: 'B' }], c: { Ref: 'AWS::NoValue' }, d: { e: true } };
  expect(readable(value, names)).toEqual({ a: [1, '<B>'], d: { e: true } });
});
