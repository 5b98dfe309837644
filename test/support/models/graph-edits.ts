import type { OnnxModel } from './onnx';

function theOnly(values: readonly string[]): string {
  const [value, ...others] = values;
  if (value === undefined || others.length > 0) throw new Error(`not one value: ${values.join(', ')}`);
  return value;
}

/** The two steps of the scaler, with what goes in and what comes out. */
function scalerOf(model: OnnxModel) {
  const centre = model.stepWith('scaler.mean');
  const divide = model.stepWith('scaler.scale');
  return {
    centre,
    divide,
    from: theOnly(centre.inputs.filter((value) => value !== 'scaler.mean')),
    to: theOnly(divide.outputs),
  };
}

/** What goes into the scaler goes on past it. */
export function removeScaler(model: OnnxModel): void {
  const { from, to } = scalerOf(model);
  model.replaceUses(to, from);
}

/** What the scaler gives goes through it again. */
export function scaleTwice(model: OnnxModel): void {
  const { to } = scalerOf(model);
  const [centred, scaled] = ['again.centred', 'again.scaled'];
  model.replaceUses(to, scaled);
  model.add(
    { name: 'again.div', operator: 'Div', inputs: [centred, 'scaler.scale'], outputs: [scaled] },
    { before: scaled },
  );
  model.add(
    { name: 'again.sub', operator: 'Sub', inputs: [to, 'scaler.mean'], outputs: [centred] },
    { before: centred },
  );
}

/** The forward pass that replaces where the right one adds: the same weights load into both. */
export function dropResidual(model: OnnxModel): void {
  const { steps } = model;
  const residual = model.step('interaction.residual', ({ name }) => name === 'interaction.residual');
  const uses = (value: string) => steps.filter(({ inputs }) => inputs.includes(value)).length;
  // The layer beside the residual takes it too; what the layer gives is taken by the addition alone.
  const branch = theOnly(residual.inputs.filter((value) => uses(value) === 1));
  model.replaceUses(theOnly(residual.outputs), branch);
}

function swapped(length: number, i: number, j: number): number[] {
  const order = Array.from({ length }, (_, at) => at);
  return order.with(i, j).with(j, i);
}

/** Lets the graph give two classes in each other’s place. */
export function swapClasses(model: OnnxModel, classes: readonly string[], i: number, j: number): void {
  model.rewire((value, _step, side) => (side === 'output' && value === 'probabilities' ? 'inOrder' : value));
  model.addIndices('class.order', swapped(classes.length, i, j));
  const step = { name: 'swap', operator: 'Gather', inputs: ['inOrder', 'class.order'] };
  model.add({ ...step, outputs: ['probabilities'] }, 'last', 1);
}

/** Lets the graph take two features in each other’s place. */
export function swapFeatures(
  model: OnnxModel,
  features: readonly string[],
  left: string,
  right: string,
): void {
  const order = swapped(features.length, features.indexOf(left), features.indexOf(right));
  model.addIndices('feature.order', order);
  model.replaceUses('features', 'swapped');
  const step = { name: 'swap', operator: 'Gather', inputs: ['features', 'feature.order'] };
  model.add({ ...step, outputs: ['swapped'] }, 'first', 1);
}

/** Sets the weights of every layer to zero, and leaves its bias. */
export function zeroWeights(model: OnnxModel): void {
  for (const constant of model.constants.values()) if (constant.shape.length === 2) constant.fill(0);
}

/** Changes one weight of the last layer. */
export function nudgeLastLayer(model: OnnxModel, by: number): void {
  const { inputs: logits } = model.step('a softmax', ({ operator }) => operator === 'Softmax');
  const last = model.step('the last layer', ({ outputs }) => outputs[0] === logits[0]);
  const [constant] = last.inputs.flatMap((name) => model.constants.get(name) ?? []);
  if (constant === undefined) throw new Error('the last layer takes no constant');
  constant.set(0, constant.get(0) + by);
}
