import { z } from 'zod';

/** Letters, digits, `-`, `_` and `.` of a name on GitHub; never `*` and `?`, which IAM reads as wildcards. */
const NAMES = /^[\w.-]+\/[\w.-]+$/;
/** The same with the numbers that GitHub gives owner and repository. */
const NUMBERED = /^[\w.-]+@\d+\/[\w.-]+@\d+$/;

/**
 * Deployment from GitHub Actions.
 *
 * A repository that was created, renamed or transferred since 2026-07-15 names itself in its tokens with the numbers
 * of owner and repository. (GitHub Docs, "OpenID Connect reference", immutable subject claims.)
 */
export const deliverySchema = z.strictObject({
  repository: z
    .string()
    .refine(
      (text) => NAMES.test(text) || NUMBERED.test(text),
      'OWNER/NAME or OWNER@NUMBER/NAME@NUMBER: what gh api repos/OWNER/NAME/actions/oidc/customization/sub shows as ' +
        'sub_claim_prefix, without repo:',
    )
    .describe('GitHub repository that may deploy, as its tokens name it'),
  provider: z
    .enum(['own', 'existing'])
    .default('own')
    .describe("the account's identity provider for GitHub: own makes it, existing uses one that is there"),
});

/** Adds an issue where GitHub Actions would not know what account and region to deploy to. */
export function checkDelivery(
  environment: {
    readonly account?: string | undefined;
    readonly region?: string | undefined;
    readonly delivery?: z.infer<typeof deliverySchema> | undefined;
  },
  ctx: z.RefinementCtx,
): void {
  if (environment.delivery === undefined) return;
  const needed = {
    account: '12 digits, where there is delivery: the role that deploys is one of this account',
    region: 'a region such as us-east-1, where there is delivery: GitHub Actions has no region of its own',
  } as const;
  for (const key of ['account', 'region'] as const) {
    if (environment[key] !== undefined) continue;
    ctx.addIssue({ code: 'custom', path: [key], message: needed[key], input: undefined });
  }
}
