import { readCertificate } from '../../lib/account/read-certificate';
import { type AccountSetup, accountStandIn } from '../support/aws/account-stand-in';

const ARN = 'arn:aws:acm:us-east-1:111122223333:certificate/0f1e2d3c';
const NOW = new Date('2026-11-21T12:00:00Z');
const seconds = (date: string) => Date.parse(date) / 1000;

async function read(setup: AccountSetup, arn = ARN) {
  const { clients, close } = await accountStandIn(setup);
  try {
    return await readCertificate(clients.acm, arn, NOW, undefined);
  } finally {
    await close();
  }
}

const described = (Certificate: object) => read({ certificates: { [ARN]: Certificate } });

it.each([
  [
    'issued by ACM',
    { Status: 'ISSUED', Type: 'AMAZON_ISSUED', NotAfter: seconds('2026-12-01T13:00:00Z') },
    { status: 'ISSUED', imported: false, daysLeft: 10 },
  ],
  [
    'imported, and a minute over',
    { Status: 'EXPIRED', Type: 'IMPORTED', NotAfter: seconds('2026-11-21T11:59:00Z') },
    { status: 'EXPIRED', imported: true, daysLeft: -1 },
  ],
  [
    'not validated, which has no end yet',
    { Status: 'PENDING_VALIDATION', Type: 'AMAZON_ISSUED' },
    { status: 'PENDING_VALIDATION', imported: false },
  ],
])('reads a certificate that is %s', async (_name, certificate, value) => {
  expect(await described(certificate)).toEqual({ known: true, value });
});

it.each([
  ['of a certificate that was deleted', ARN],
  ['of none that ever was', 'arn:aws:acm:us-east-1:111122223333:certificate/none'],
])('knows from an ARN %s that there is none', async (_name, arn) => {
  expect(await read({}, arn)).toEqual({ known: true, value: null });
});

it.each<[string, AccountSetup, string]>([
  ['it may not', { denied: ['acm:DescribeCertificate'] }, 'denied'],
  ['it is throttled', { throttled: ['acm:DescribeCertificate'] }, 'failed'],
  ['ACM fails', { broken: true }, 'failed'],
  ['the answer says no status', { certificates: { [ARN]: {} } }, 'failed'],
])('claims nothing where %s', async (_name, setup, reason) => {
  expect(await read(setup)).toEqual({ known: false, action: 'acm:DescribeCertificate', reason });
});
