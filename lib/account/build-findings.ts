import { SPECIALISTS } from '../../models/catalogue';
import { packArtifact } from '../../models/packaging/model-artifact';
import { projectPath } from '../util/project-path';
import { bySeverity } from '../plan/findings';
import type { AccountNeeds, BuildFacts } from './account-facts';
import { ACCOUNT_LIMITS, type AccountFinding, accountFinding } from './account-findings-registry';

/**
 * Sizes of the artifacts as they would be uploaded: packs every specialist in memory.
 *
 * @param modelsFolder folder with one folder for each specialist
 * @throws ContractError when a specialist breaks its contract
 */
export function readBuildFacts(modelsFolder: string = projectPath('models')): BuildFacts {
  return {
    artifacts: SPECIALISTS.map((name) => ({
      name,
      bytes: packArtifact(`${modelsFolder}/${name}`).bytes.length,
    })),
  };
}

/** What is too large for AWS among what is built and uploaded. Needs no account. */
export function buildFindings(
  needs: Pick<AccountNeeds, 'serverless'>,
  { artifacts, functionBytes, imageBytes }: BuildFacts,
): AccountFinding[] {
  const { uploadDiskBytes, functionBytes: packageLimit, serverlessImageBytes } = ACCOUNT_LIMITS;
  // The uploading function holds the archive and the files of it at once; artifacts are packed already.
  const onDisk = 2 * artifacts.reduce((sum, { bytes }) => sum + bytes, 0);
  const image = serverlessImageBytes.value;
  return bySeverity([
    ...(onDisk > uploadDiskBytes.value
      ? [accountFinding('artifact-too-large', { bytes: onDisk, limit: uploadDiskBytes.value })]
      : []),
    ...(functionBytes !== undefined && functionBytes > packageLimit.value
      ? [accountFinding('function-package-too-large', { bytes: functionBytes, limit: packageLimit.value })]
      : []),
    ...(needs.serverless && imageBytes === undefined
      ? [accountFinding('image-size-unknown', { limit: image })]
      : []),
    ...(needs.serverless && imageBytes !== undefined && imageBytes > image
      ? [accountFinding('image-too-large', { bytes: imageBytes, limit: image })]
      : []),
  ]);
}
