/** Where the instance keeps its work; the hold file lies here too. */
export const TRAINING_FOLDER = '/var/lib/mini-xdr-training';

/** Python of the run: Amazon Linux 2023 has it as a package beside its own 3.9, and the requirements take 3.11 or later. */
const PYTHON = 'python3.12';

/** Hours after which a run is ended; it takes minutes. */
const LONGEST_HOURS = 6;

/** Minutes between the end of a run and the stop: time to come in and call it off. */
const STOP_MINUTES = 5;

const METADATA = 'http://169.254.169.254/latest';

const BOUNDARY = 'mini-xdr-training';

/** What a run reads and writes. No text may hold an apostrophe. */
export interface TrainingRun {
  readonly region: string;
  /** `s3://` address that the CSV files lie below, with a slash at its end. */
  readonly datasets: string;
  /** `s3://` address that candidates go below, with a slash at its end. */
  readonly candidates: string;
  /** Tag of the instance that holds the `s3://` address of the code. */
  readonly codeTag: string;
  /** Index that pip takes PyTorch from: one with builds for the processor alone. */
  readonly torchIndex: string;
  /** Index that pip takes everything else from. */
  readonly packageIndex: string;
  /** @default {@link TRAINING_FOLDER} */
  readonly folder?: string;
}

/**
 * Script of one training run, as root: code and data from S3, packages, training, upload, stop. However it ends, the
 * log is uploaded beside the artifacts and the instance stops. It holds no secret: the role of the instance is all
 * that it works with.
 */
export function trainingScript(run: TrainingRun): string {
  return `#!/bin/bash
set -euo pipefail
export AWS_DEFAULT_REGION='${run.region}'
datasets='${run.datasets}'
mkdir -p '${run.folder ?? TRAINING_FOLDER}'
cd '${run.folder ?? TRAINING_FOLDER}'
if [[ -e hold ]]; then
  echo "$PWD/hold is there: no training run, and the instance stays on."
  exit 0
fi
run=$(date -u +%Y%m%dT%H%M%SZ)
candidate='${run.candidates}'"$run"
exec > train.log 2>&1

finish() {
  local status=$?
  trap - EXIT
  set +e
  echo "Training run $run ended with status $status."
  aws s3 cp --only-show-errors train.log "$candidate/train.log"
  shutdown --poweroff +${STOP_MINUTES} "Training run $run ended with status $status; to stay on: shutdown -c"
  exit "$status"
}
trap finish EXIT
${fetchCode(run)}
${fetchData()}
${install(run)}
mkdir out
timeout --kill-after=60 ${LONGEST_HOURS}h "$venv/bin/python" code/train.py --data data --out out --jobs "$(nproc)"
aws s3 cp --recursive --only-show-errors out "$candidate/"
`;
}

/** The address of the code is a tag and not part of the script: a change of the script restarts the instance. */
function fetchCode({ codeTag }: TrainingRun): string {
  return `
ask() {
  curl --fail --silent --show-error --max-time 10 --retry 5 --retry-delay 2 --retry-all-errors "$@"
}
token=$(ask --request PUT --header 'X-aws-ec2-metadata-token-ttl-seconds: 300' ${METADATA}/api/token)
code=$(ask --header "X-aws-ec2-metadata-token: $token" '${METADATA}/meta-data/tags/instance/${codeTag}')
echo "Training run $run with $code."
rm -rf code out
aws s3 cp --only-show-errors "$code" code.zip
python3 -m zipfile --extract code.zip code`;
}

function fetchData(): string {
  return `
mkdir -p data
aws s3 sync --delete --only-show-errors "$datasets" data --exclude '*' --include '*.csv' --include '*.csv.gz'
if [[ -z $(find data -type f -print -quit) ]]; then
  echo "error: no .csv or .csv.gz file below $datasets: put the data there and start the instance again."
  exit 1
fi`;
}

/**
 * PyTorch comes first and alone, so that no other package can come from its index. What is installed is kept for as
 * long as requirements and indexes stay the same.
 */
function install({ packageIndex, torchIndex }: TrainingRun): string {
  const pip = '"$venv/bin/python" -m pip install --quiet --no-cache-dir --disable-pip-version-check';
  return `
torch=$(grep '^torch==' code/requirements.txt)
wanted=$(cat code/requirements.txt; echo '${PYTHON} ${torchIndex} ${packageIndex}')
venv=venv-$(sha256sum <<< "$wanted" | cut -c 1-12)
if [[ ! -e $venv/complete ]]; then
  rm -rf venv-*
  dnf install --assumeyes --quiet ${PYTHON}
  ${PYTHON} -m venv "$venv"
  ${pip} --no-deps --index-url '${torchIndex}' "$torch"
  ${pip} --index-url '${packageIndex}' --requirement code/requirements.txt
  touch "$venv/complete"
fi`;
}

/**
 * User data that runs a script at every start of the instance and not only at its first. EC2 takes no more than
 * 16 KB of it. Source: "Run user data at every restart", AWS Knowledge Center, and cloud-init's modules reference.
 */
export function atEveryStart(script: string): string {
  const part = (type: string, content: string): string[] => [
    `--${BOUNDARY}`,
    `Content-Type: ${type}; charset="us-ascii"`,
    'MIME-Version: 1.0',
    'Content-Transfer-Encoding: 7bit',
    '',
    content,
  ];
  return [
    `Content-Type: multipart/mixed; boundary="${BOUNDARY}"`,
    'MIME-Version: 1.0',
    '',
    ...part('text/cloud-config', '#cloud-config\ncloud_final_modules:\n- [scripts-user, always]\n'),
    ...part('text/x-shellscript', script),
    `--${BOUNDARY}--`,
    '',
  ].join('\n');
}
