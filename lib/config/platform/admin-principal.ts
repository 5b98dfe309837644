import { z } from 'zod';

/** A path, if any, and a name, of the characters that IAM takes in names of roles; never of `*` and `?`. */
const ROLE = /^(?:arn:aws[a-z-]*:iam::\d{12}:)?role\/(?:[\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/;

const ALLOWED =
  'a role as role/NAME or role/PATH/NAME, which is one of the account deployed to, or as ' +
  'arn:aws:iam::ACCOUNT:role/NAME';

/**
 * What is often given in place of a role, and what to give instead; the first that fits is said. EKS takes neither
 * sessions, which end, nor service-linked roles. Users it would take, and their keys do not expire.
 *
 * Sources: Amazon EKS user guide, "Create access entries"; for service-linked roles the refusal of CreateAccessEntry
 * that hashicorp/terraform-provider-aws issue 36447 quotes.
 */
const REFUSED: readonly { readonly like: RegExp; readonly say: (given: string) => string }[] = [
  {
    like: /[*?]/,
    say: () => 'never a wildcard, as an entry holds one role: let all who administer the cluster assume it',
  },
  {
    like: /^(arn:[^:]*:sts:|.*assumed-role\/)/,
    say: () =>
      'never a session, which ends: name the role that it assumed, with the path that a session leaves out',
  },
  {
    like: /(^|:)user\//,
    say: () => 'never a user, whose keys do not expire: let the user assume a role, and name that',
  },
  {
    like: /(^|:)root$/,
    say: () =>
      'never the root of an account: make a role for those who administer the cluster, and name that',
  },
  {
    like: /(^|:)role\/aws-service-role\//,
    say: () => 'never a service-linked role, which EKS refuses: name a role that people can assume',
  },
  { like: /^[\w+=,.@-]{1,64}$/, say: (given) => `write role/${given} if that is the name of a role` },
];

/** The IAM role that administers a cluster, as an environment writes it down. */
export const adminPrincipalSchema = z.string().superRefine((given, ctx) => {
  const refused = REFUSED.find(({ like }) => like.test(given));
  if (refused === undefined && ROLE.test(given)) return;
  const message = refused === undefined ? ALLOWED : `${ALLOWED}; ${refused.say(given)}`;
  ctx.addIssue({ code: 'custom', message, input: given });
});

/** The parts of a principal that {@link adminPrincipalSchema} took. */
export interface AdminRole {
  /** Account of the ARN; undefined for a role of the account that is deployed to. */
  readonly account?: string;
  /** `role/NAME` or `role/PATH/NAME`. */
  readonly resource: string;
  /** Name alone, by which IAM finds a role: no two of an account share one, whatever their paths. */
  readonly name: string;
}

/** Takes a principal apart. */
export function adminRole(principal: string): AdminRole {
  const resource = principal.slice(principal.lastIndexOf(':') + 1);
  const name = resource.slice(resource.lastIndexOf('/') + 1);
  return resource === principal
    ? { resource, name }
    : { account: principal.split(':')[4] ?? '', resource, name };
}
