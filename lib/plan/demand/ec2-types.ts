import { UserError } from '../../util/user-error';

/** vCPUs by EC2 size; burstable families give two from nano to large. (AWS: EC2 instance types.) */
const VCPUS_BY_SIZE: Readonly<Record<string, number>> = { medium: 1, large: 2, xlarge: 4 };
const BURSTABLE = /^t\d/;

/**
 * vCPUs of an EC2 type of the Standard families (quota L-1216C47A counts vCPUs, not instances).
 *
 * @throws UserError for a size that follows no rule known here
 */
export function ec2Vcpus(instanceType: string): number {
  const [family = '', size = ''] = instanceType.split('.');
  if (BURSTABLE.test(family) && ['nano', 'micro', 'small', 'medium', 'large'].includes(size)) return 2;
  const multiple = /^(\d+)xlarge$/.exec(size)?.[1];
  const vcpus = multiple === undefined ? VCPUS_BY_SIZE[size] : 4 * Number(multiple);
  if (vcpus === undefined) {
    throw new UserError(
      `instance type ${instanceType}: its vCPUs are not known; sizes are medium, large, xlarge, 2xlarge and so on`,
    );
  }
  return vcpus;
}
