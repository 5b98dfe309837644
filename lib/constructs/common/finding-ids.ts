/** cdk-nag's packs for regulated systems; most of their rules they share. */
export type RegulatedPack = 'NIST.800.53.R5' | 'HIPAA.Security' | 'PCI.DSS.321';

/** Ids under which the packs report one and the same rule. */
export function findingsOf(
  rule: string,
  packs: readonly RegulatedPack[] = ['NIST.800.53.R5', 'HIPAA.Security', 'PCI.DSS.321'],
): string[] {
  return packs.map((pack) => `${pack}-${rule}`);
}

/** Id of the finding that a statement names `resource`, which holds a wildcard. */
export function wildcardResource(resource: string): string {
  return `AwsSolutions-IAM5[Resource::${resource}]`;
}
