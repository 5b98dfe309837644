import { z } from 'zod';

/** As ACM writes it. What an id may hold beyond hexadecimal digits and hyphens only AWS knows, and refuses. */
const CERTIFICATE = /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w+=,.@-]+$/;

/** A certificate of AWS Certificate Manager, as an environment writes it down. */
export const certificateSchema = z
  .string()
  .regex(
    CERTIFICATE,
    "a certificate's ARN, arn:aws:acm:REGION:ACCOUNT:certificate/ID; aws acm list-certificates shows those there are",
  );

/** Where a certificate that {@link certificateSchema} took is kept, and can be used: neither is ever shared. */
export interface CertificateHome {
  /** Such as `us-east-1`. */
  readonly region: string;
  /** Twelve digits. */
  readonly account: string;
}

/** Region and account of a certificate. */
export function certificateHome(arn: string): CertificateHome {
  const [, , , region = '', account = ''] = arn.split(':');
  return { region, account };
}

/**
 * Whether a load balancer can use a certificate: that of its own account and region alone. (ACM user guide, "Supported
 * Regions": certificates are regional resources.)
 *
 * @param target what is not known of it is taken for what the certificate says
 */
export function isOwnCertificate(arn: string, target: Partial<CertificateHome>): boolean {
  const { region, account } = certificateHome(arn);
  return (target.region ?? region) === region && (target.account ?? account) === account;
}
