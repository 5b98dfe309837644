import {
  certificateHome,
  certificateSchema,
  isOwnCertificate,
} from '../../../lib/config/network/certificate';

const ARN = 'arn:aws:acm:eu-west-1:111122223333:certificate/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0';
const HOME = { region: 'eu-west-1', account: '111122223333' };

describe('the certificate of an environment', () => {
  it.each([ARN, ARN.replace('arn:aws:', 'arn:aws-us-gov:')])('may be %s, whose home stands in it', (arn) => {
    expect(certificateSchema.parse(arn)).toBe(arn);
    expect(certificateHome(arn)).toEqual(HOME);
  });

  it.each([
    ['without an account', ARN.replace('111122223333', '')],
    ['without a region', ARN.replace('eu-west-1', '')],
    ['of another service', ARN.replace(':acm:', ':iam:')],
    ['of an authority', ARN.replace(':certificate/', ':certificate-authority/')],
    ['by its id alone', '0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0'],
    ['for all', ARN.replace(/\/.*/, '/*')],
  ])('is never named %s', (_name, given) => {
    expect(certificateSchema.safeParse(given).error?.issues[0]?.message).toContain(
      "a certificate's ARN, arn:aws:acm:REGION:ACCOUNT:certificate/ID",
    );
  });

  it.each([
    ['its account and region', HOME, true],
    ['its region, and who knows which account', { region: HOME.region }, true],
    ['nobody knows what', {}, true],
    ['another region', { ...HOME, region: 'us-east-1' }, false],
    ['another account', { ...HOME, account: '999999999999' }, false],
  ])('can be used in %s: %s', (_name, target, expected) => {
    expect(isOwnCertificate(ARN, target)).toBe(expected);
  });
});
