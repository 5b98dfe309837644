import { loadEnvironment, resolveTarget } from '../../lib/config/load-environment';
import { planDeployment } from '../../lib/plan/plan';
import { loadPriceBook } from '../../lib/pricing/price-book';
import { loadSnapshot } from '../../lib/quotas/snapshot';

// A process of its own, so that nothing is warm: prints the milliseconds from reading the configuration to the plan.
const started = process.hrtime.bigint();
const environment = loadEnvironment(process.argv[2] ?? 'prod');
const target = resolveTarget(environment, { region: 'us-east-1' });
const prices = loadPriceBook(target.region);
planDeployment({ environment, target, snapshot: loadSnapshot(environment.snapshot), prices });
process.stdout.write(`${Number(process.hrtime.bigint() - started) / 1e6}\n`);
