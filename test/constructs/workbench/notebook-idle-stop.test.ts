import { spawnSync } from 'node:child_process';
import { idleStopScript } from '../../../lib/constructs/workbench/notebook-idle-stop';

describe('the script that stops an idle notebook', () => {
  it('is a shell script that parses', () => {
    const { status, stderr } = spawnSync('bash', ['-n'], { input: idleStopScript(), encoding: 'utf8' });

    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it("stays below SageMaker's limit for lifecycle scripts", () => {
    expect(Buffer.from(idleStopScript()).toString('base64').length).toBeLessThanOrEqual(16_384);
  });

  it('names neither notebook nor region, which it learns where it runs', () => {
    expect(idleStopScript()).toContain('resource["ResourceName"]');
    expect(idleStopScript()).not.toMatch(/us-east-1|mini-xdr/);
  });
});
