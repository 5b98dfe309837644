import {
  type ACMClient,
  DescribeCertificateCommand,
  InvalidArnException,
  ResourceNotFoundException,
} from '@aws-sdk/client-acm';
import type { FoundCertificate, Reading } from './account-facts';
import { reading } from './account-reading';

const DAY_MS = 86_400_000;

/** A certificate as ACM describes it; null where it has none of that name. */
export function readCertificate(
  acm: ACMClient,
  arn: string,
  now: Date,
  abortSignal: AbortSignal | undefined,
): Promise<Reading<FoundCertificate | null>> {
  return reading<FoundCertificate | null>('acm:DescribeCertificate', async () => {
    try {
      const { Certificate } = await acm.send(new DescribeCertificateCommand({ CertificateArn: arn }), {
        abortSignal,
      });
      if (Certificate?.Status === undefined) throw new Error('no status in the answer');
      const { Status: status, Type, NotAfter } = Certificate;
      return {
        status,
        imported: Type === 'IMPORTED',
        ...(NotAfter === undefined
          ? {}
          : { daysLeft: Math.floor((NotAfter.getTime() - now.getTime()) / DAY_MS) }),
      };
    } catch (error) {
      // An id that ACM never gives out is one that it does not have.
      if (error instanceof ResourceNotFoundException || error instanceof InvalidArnException) return null;
      throw error;
    }
  });
}
