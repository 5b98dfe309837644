import { metricCount } from '../../../../lambda/inference/observability/inference-metrics';
import { powertoolsObserver } from '../../../../lambda/inference/observability/powertools';
import { modelMetadata } from '../../../../lambda/inference/model-metadata';
import { projectPath } from '../../../../lib/util/project-path';
import { SPECIALISTS, type Specialist } from '../../../../models/catalogue';
import { readSpecialistFolder } from '../../../../models/contract/specialist-folder';

interface MetricsLine {
  readonly Specialist: Specialist;
  readonly _aws?: {
    readonly CloudWatchMetrics: {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string }[];
    }[];
  };
}

/** Every metric that lines make, by specialist: namespace, dimensions and name, as CloudWatch tells them apart. */
function metricsIn(lines: readonly string[]): Record<string, Set<string>> {
  const found: Record<string, Set<string>> = {};
  for (const line of lines) {
    const { _aws: directive, Specialist: specialist } = JSON.parse(line) as MetricsLine;
    for (const { Namespace, Dimensions, Metrics } of directive?.CloudWatchMetrics ?? []) {
      const names = (found[specialist] ??= new Set());
      for (const set of Dimensions) {
        for (const { Name } of Metrics) names.add([Namespace, ...set, Name].join(' '));
      }
    }
  }
  return found;
}

/** What the function writes of one answer of each specialist. */
function linesOf(shadowed: boolean): string[] {
  const lines: string[] = [];
  const spy = jest.spyOn(process.stdout, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
  try {
    const observer = powertoolsObserver('test');
    for (const specialist of SPECIALISTS) {
      const { model } = readSpecialistFolder(projectPath('models', specialist));
      const [label = ''] = model.classes;
      const prediction = { label, class: 0, confidence: 1, probabilities: {}, inDistribution: true };
      const { name, version, reference } = model;
      observer.answered({
        asked: {
          specialist,
          response: { model: { name, version, reference }, predictions: [prediction] },
          servedBy: 'endpoint',
          degraded: false,
          variant: 'champion',
          known: modelMetadata(model),
        },
        ms: 1,
        attacks: 0,
        lowConfidence: 0,
        outOfDistribution: 0,
        disputed: 0,
      });
      if (shadowed) observer.shadow(specialist, 0);
    }
  } finally {
    spy.mockRestore();
  }
  return lines;
}

describe('the metrics that the function publishes', () => {
  it.each([
    ['alone', false],
    ['with a challenger in shadow', true],
  ])('are as many as the plan pays for, specialist by specialist: %s', (_with, shadowed) => {
    const published = Object.entries(metricsIn(linesOf(shadowed)));

    expect(Object.fromEntries(published.map(([name, names]) => [name, names.size]))).toEqual(
      Object.fromEntries(SPECIALISTS.map((name) => [name, metricCount(name, shadowed)])),
    );
  });

  it('are those that alarms and dashboard look at: one namespace, two dimensions', () => {
    for (const name of Object.values(metricsIn(linesOf(false))).flatMap((names) => [...names])) {
      expect(name).toMatch(/^MiniXdr\/Inference Environment Specialist \S/);
    }
  });
});
