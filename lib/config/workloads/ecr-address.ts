/** Where a repository of ECR is. */
export interface EcrAddress {
  readonly account: string;
  readonly region: string;
  /** Name of the repository, and whatever stands behind it. */
  readonly repository: string;
}

/** Amazon ECR user guide: `ACCOUNT.dkr.ecr.REGION.amazonaws.com`, in China with `.cn`. */
const ECR = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/(.+)$/;

/** Reads the address of a repository or an image; undefined where it is of any registry but ECR, or of public ECR. */
export function ecrAddress(text: string): EcrAddress | undefined {
  const [, account, region, repository] = ECR.exec(text) ?? [];
  return account === undefined || region === undefined || repository === undefined
    ? undefined
    : { account, region, repository };
}
