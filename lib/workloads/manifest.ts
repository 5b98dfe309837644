import { Chart, App, ApiObject, type ApiObjectProps } from 'cdk8s';
import { isRecord, type JsonRecord } from '../util/json';

/** A Kubernetes object as JSON, as `kubectl apply` takes it. */
export type Manifest = JsonRecord;

/** Objects as JSON, in the order given; what is undefined is left out. CDK tokens in texts stay as they are. */
export function toManifests(objects: readonly object[]): Manifest[] {
  const chart = new Chart(new App(), 'Workloads');
  objects.forEach((object, index) => new ApiObject(chart, `Object${index}`, object as ApiObjectProps));
  return chart.toJson().filter(isRecord);
}
