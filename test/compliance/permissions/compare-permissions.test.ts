import { comparePermissions } from '../../../lib/compliance/permissions/role-permissions';
import { textOfThree } from './permissions-fixture';

describe('the comparison with the reviewed text', () => {
  const golden = textOfThree(['sqs:SendMessage']);

  it('says nothing when nothing changed, whatever the line ends', () => {
    expect(comparePermissions(golden, golden)).toBeUndefined();
    expect(comparePermissions(golden.replaceAll('\n', '\r\n'), golden.trimEnd())).toBeUndefined();
  });

  it('names the role and shows the line that changed, and no other role', () => {
    expect(comparePermissions(golden, textOfThree(['sqs:*']))).toBe(
      `role Serving.ExecutionRole
            - \${ModelStore.Bucket.Arn}/models/*
      - allow:
-         actions: sqs:SendMessage
+         actions: sqs:*
          resources: arn:aws:sqs:us-east-1:111111111111:queue`,
    );
  });

  it('shows roles that are new and roles that are gone', () => {
    const more = `${golden}\nrole Data.Fresh\n  may:\n    - allow:\n`;
    expect(comparePermissions(golden, more)).toBe('role Data.Fresh (new)\n+   may:\n+     - allow:');
    expect(comparePermissions(more, golden)).toBe('role Data.Fresh (gone)\n-   may:\n-     - allow:');
  });

  it('stays short', () => {
    const lines = Array.from({ length: 500 }, (_, index) => `  line ${index}`).join('\n');
    const message = comparePermissions('', `role Data.Huge\n${lines}\n`) ?? '';
    expect(message.split('\n')).toHaveLength(121);
    expect(message).toMatch(/… and 381 more lines$/);
  });
});
