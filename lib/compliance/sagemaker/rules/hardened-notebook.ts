import { textOf } from '../../../util/json';
import type { RenderedResource } from '../../rendered-resource';
import type { Breach, Rule } from '../sagemaker-rule';

const PLATFORM = 'notebook-al2023-v1';

/** Notebooks run without root, without a way around the VPC, under a customer key, on a supported system. */
export const hardenedNotebook: Rule = {
  id: 'HardenedNotebook',
  types: ['AWS::SageMaker::NotebookInstance'],
  why: 'A notebook runs whatever is typed into it, with the data at hand.',
  check: (notebook) => [
    ...(is(notebook, 'RootAccess', 'Disabled') ? [] : [rootAccess]),
    ...(is(notebook, 'DirectInternetAccess', 'Disabled') ? [] : [internetAccess]),
    ...(textOf(notebook.properties['KmsKeyId']) === undefined ? [key] : []),
    ...(is(notebook, 'PlatformIdentifier', PLATFORM) ? [] : [platform]),
  ],
};

function is(notebook: RenderedResource, property: string, value: string): boolean {
  return notebook.properties[property] === value;
}

const rootAccess: Breach = {
  key: 'RootAccess',
  problem: 'Users of the notebook are root on its instance: the default is Enabled.',
  fix: "Set RootAccess to 'Disabled'; lifecycle scripts run as root all the same.",
};

const internetAccess: Breach = {
  key: 'DirectInternetAccess',
  problem: 'The notebook reaches the internet past the VPC and its flow logs: the default is Enabled.',
  fix: "Set DirectInternetAccess to 'Disabled' and give it a subnet and security group of the VPC.",
};

const key: Breach = {
  key: 'KmsKeyId',
  problem: "The notebook's volume is not under a customer key.",
  fix: 'Set KmsKeyId to a customer key.',
};

const platform: Breach = {
  key: 'PlatformIdentifier',
  problem: `The notebook does not run on ${PLATFORM}; the API's default is a system past its end of life.`,
  fix: `Set PlatformIdentifier to '${PLATFORM}'.`,
};
