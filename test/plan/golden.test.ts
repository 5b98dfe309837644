import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { planEnvironment } from '../../lib/plan/load-plan';
import { environmentNames } from '../../lib/config/load-environment';
import { explain } from '../../lib/plan/explain/explanation';
import { snapshotNames } from '../../lib/quotas/snapshot';
import { renderTable } from '../../lib/report/table';
import { reportOf } from '../../lib/report/report';

const FOLDER = join(__dirname, '../golden/plans');
const REGENERATE = 'UPDATE_GOLDEN=1 npx jest test/plan/golden';

/** The whole report of an environment on a snapshot, as a terminal shows it: what is chosen, why, and for how much. */
function reportText(name: string, snapshot: string): string {
  const { plan, decision } = planEnvironment(name, {}, { snapshot });
  const report = reportOf(plan, { snapshotName: snapshot, strict: false, explanation: explain(decision) });
  return renderTable(report, { color: false, verbose: true });
}

const pairs = environmentNames().flatMap((name) =>
  snapshotNames().map((snapshot) => ({ name, snapshot, file: `${name}-on-${snapshot}.txt` })),
);

// After a change that is meant: regenerate, then read the difference.
if (process.env['UPDATE_GOLDEN'] === '1') {
  mkdirSync(FOLDER, { recursive: true });
  for (const { name, snapshot, file } of pairs) writeFileSync(join(FOLDER, file), reportText(name, snapshot));
}

describe(`the reviewed reports (regenerate with ${REGENERATE})`, () => {
  it('are those of every environment on every snapshot', () => {
    expect(readdirSync(FOLDER).sort()).toEqual(pairs.map(({ file }) => file).sort());
  });

  it.each(pairs)('are what the planner says today: $name on $snapshot', ({ name, snapshot, file }) => {
    expect(reportText(name, snapshot)).toBe(readFileSync(join(FOLDER, file), 'utf8'));
  });
});
