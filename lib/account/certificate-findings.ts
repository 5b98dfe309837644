import type { FoundCertificate } from './account-facts';
import { type AccountFinding, accountFinding } from './account-findings-registry';

/** Days before its end from which a certificate that nobody renews is spoken of: time enough to have another made. */
const WARNED_DAYS = 30;

/** How to come from a status to a certificate that can be used; of the others a new one is the only way. */
function wayOn(arn: string, { status, imported }: FoundCertificate): string {
  if (status === 'PENDING_VALIDATION') {
    return (
      `Prove that the domain is yours: make the CNAME records that aws acm describe-certificate --certificate-arn ${arn} ` +
      `lists, or answer the e-mail, then wait with aws acm wait certificate-validated --certificate-arn ${arn}`
    );
  }
  return imported
    ? `Import its successor under the same ARN: aws acm import-certificate --certificate-arn ${arn}`
    : 'Request another certificate (docs/runbook.md, First deploy) and set platform.certificateArn to it';
}

/** What is wrong with the load balancer's certificate, or will be soon. */
export function certificateFindings(arn: string, found: FoundCertificate | null): AccountFinding[] {
  if (found === null) return [accountFinding('certificate-missing', { arn })];
  const { status, imported, daysLeft } = found;
  if (status !== 'ISSUED') {
    return [accountFinding('certificate-not-issued', { status, next: wayOn(arn, found) })];
  }
  // ACM renews its own in time once a load balancer uses them, and imported ones never (ACM user guide, "Renewal").
  return imported && daysLeft !== undefined && daysLeft < WARNED_DAYS
    ? [accountFinding('certificate-ends', { arn, days: Math.max(daysLeft, 0) })]
    : [];
}
