/** Folder of the notebook's volume that holds one folder for each version of the training code. */
export const CHECKOUT_FOLDER = '/home/ec2-user/SageMaker/mini-xdr-training';

export interface TrainingCheckout {
  readonly region: string;
  /** `s3://` address of the archive. */
  readonly url: string;
  /** Name of the version's folder. */
  readonly version: string;
  /** @default {@link CHECKOUT_FOLDER} */
  readonly folder?: string;
}

/**
 * Part of a notebook's start script, which runs as root: puts this version of the training code beside earlier ones.
 * A folder that is there is left as its user made it. A start does not fail for want of the code: SageMaker would not
 * let anybody at the notebook's files.
 *
 * It works as the notebook's user. Root would follow whatever links the user has put where the folder belongs, and so
 * give away what `rootAccess: Disabled` keeps.
 */
export function checkoutScript({ region, url, version, folder = CHECKOUT_FOLDER }: TrainingCheckout): string {
  return `
runuser --user ec2-user -- bash -s <<'CHECKOUT' || echo 'error: no training code; the next start tries again' >&2
set -euo pipefail
export PATH=/usr/local/bin:/home/ec2-user/anaconda3/bin:$PATH
target='${folder}/${version}'
if [[ -e $target ]]; then
  echo "The training code is in $target already."
  exit 0
fi
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
timeout 120 aws s3 cp --only-show-errors --region '${region}' '${url}' "$fresh/code.zip"
python3 -m zipfile --extract "$fresh/code.zip" "$fresh/code"
mkdir -p '${folder}'
mv --no-target-directory "$fresh/code" "$target"
echo "The training code is in $target."
CHECKOUT
`;
}
