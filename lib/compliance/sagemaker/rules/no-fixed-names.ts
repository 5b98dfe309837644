import { ENDPOINT_CONFIG } from '../endpoint-resources';
import type { Rule } from '../sagemaker-rule';

const NAME_OF: Readonly<Record<string, string>> = {
  'AWS::SageMaker::Model': 'ModelName',
  [ENDPOINT_CONFIG]: 'EndpointConfigName',
};

/** Models and endpoint configurations get their names from CloudFormation. */
export const noFixedNames: Rule = {
  id: 'NoFixedNames',
  types: Object.keys(NAME_OF),
  why: 'Both are immutable: every change makes a new one first, and a fixed name is still taken by the old one.',
  check: ({ type, properties }) => {
    const property = NAME_OF[type] ?? '';
    if (properties[property] === undefined) return [];
    return [
      {
        key: property,
        problem: `${property} is fixed, so the next change fails with "already exists".`,
        fix: `Leave ${property} out and refer to the resource instead.`,
      },
    ];
  },
};
