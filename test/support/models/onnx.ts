import { Message } from './protobuf';

/** Fields of the ONNX protobuf messages (onnx.proto3). */
const MODEL = { opsetImport: 8, graph: 7 } as const;
const OPSET = { version: 2 } as const;
const GRAPH = { node: 1, initializer: 5 } as const;
const NODE = { input: 1, output: 2, name: 3, operator: 4, attribute: 5 } as const;
const ATTRIBUTE = { name: 1, integer: 3, type: 20 } as const;
const TENSOR = { shape: 1, type: 2, name: 8, raw: 9 } as const;

const FLOAT = 1;
const INT64 = 7;
const INTEGER_ATTRIBUTE = 2;

/** A float32 constant of a graph, as a window into the model's bytes: writing to it changes the model. */
export class Constant {
  constructor(
    private readonly raw: Buffer,
    readonly shape: readonly number[] = [raw.length / 4],
  ) {}

  get length(): number {
    return this.raw.length / 4;
  }

  get(i: number): number {
    return this.raw.readFloatLE(i * 4);
  }

  set(i: number, value: number): void {
    this.raw.writeFloatLE(value, i * 4);
  }

  fill(value: number): void {
    for (let i = 0; i < this.length; i++) this.set(i, value);
  }

  swap(i: number, j: number): void {
    const kept = this.get(i);
    this.set(i, this.get(j));
    this.set(j, kept);
  }
}

/** One step of a graph. Names of values join the steps. */
export interface Step {
  readonly name: string;
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

function stepOf(node: Message): Step {
  const [name = ''] = node.strings(NODE.name);
  const [operator = ''] = node.strings(NODE.operator);
  return { name, operator, inputs: node.strings(NODE.input), outputs: node.strings(NODE.output) };
}

/** A serialised ONNX model whose graph can be rewired. */
export class OnnxModel {
  private constructor(private model: Message) {}

  static read(bytes: Buffer): OnnxModel {
    return new OnnxModel(Message.read(bytes));
  }

  bytes(): Buffer {
    return this.model.bytes();
  }

  private get graph(): Message {
    const [graph] = this.model.messages(MODEL.graph);
    if (graph === undefined) throw new Error('the model has no graph');
    return graph;
  }

  private set graph(graph: Message) {
    this.model = this.model.with(MODEL.graph, [graph]);
  }

  get steps(): Step[] {
    return this.graph.messages(GRAPH.node).map(stepOf);
  }

  /** The only step that fits. */
  step(what: string, fits: (step: Step) => boolean): Step {
    const [found, ...others] = this.steps.filter(fits);
    if (found === undefined || others.length > 0) {
      throw new Error(
        `the model has ${others.length + (found === undefined ? 0 : 1)} steps that are ${what}`,
      );
    }
    return found;
  }

  /** The step that takes the constant of that name. */
  stepWith(constant: string): Step {
    return this.step(`given ${constant}`, ({ inputs }) => inputs.includes(constant));
  }

  /** Names and float32 values of the graph's constants. */
  get constants(): Map<string, Constant> {
    const tensors = this.graph.messages(GRAPH.initializer).flatMap((tensor) => {
      const [name = ''] = tensor.strings(TENSOR.name);
      const [raw] = tensor.all(TENSOR.raw);
      if (raw === undefined || tensor.number(TENSOR.type) !== FLOAT) return [];
      return [[name, new Constant(raw, tensor.numbers(TENSOR.shape))] as const];
    });
    return new Map(tensors);
  }

  /** Changes the names of values that steps take and give. */
  rewire(rename: (value: string, step: Step, side: 'input' | 'output') => string): void {
    const { graph } = this;
    const nodes = graph.messages(GRAPH.node).map((node) => {
      const step = stepOf(node);
      return node
        .with(
          NODE.input,
          step.inputs.map((value) => rename(value, step, 'input')),
        )
        .with(
          NODE.output,
          step.outputs.map((value) => rename(value, step, 'output')),
        );
    });
    this.graph = graph.with(GRAPH.node, nodes);
  }

  /** Lets whoever takes one value take another. */
  replaceUses(of: string, by: string): void {
    this.rewire((value, _step, side) => (side === 'input' && value === of ? by : value));
  }

  /** Adds a step; steps stand before those that take what they give. */
  add(
    { name, operator, inputs, outputs }: Step,
    where: 'first' | 'last' | { before: string },
    axis?: number,
  ): void {
    const attributes =
      axis === undefined
        ? []
        : [
            [
              NODE.attribute,
              Message.of(
                [ATTRIBUTE.name, 'axis'],
                [ATTRIBUTE.integer, axis],
                [ATTRIBUTE.type, INTEGER_ATTRIBUTE],
              ),
            ] as const,
          ];
    const node = Message.of(
      ...inputs.map((value) => [NODE.input, value] as const),
      ...outputs.map((value) => [NODE.output, value] as const),
      [NODE.name, name],
      [NODE.operator, operator],
      ...attributes,
    );
    const { graph } = this;
    const nodes = graph.messages(GRAPH.node);
    const at = { first: 0, last: nodes.length };
    const position =
      typeof where === 'string'
        ? at[where]
        : this.steps.findIndex((step) => step.inputs.includes(where.before));
    this.graph = graph.with(GRAPH.node, nodes.toSpliced(position, 0, node));
  }

  /** Adds whole numbers that steps may take. */
  addIndices(name: string, values: readonly number[]): void {
    const raw = Buffer.from(BigInt64Array.from(values.map(BigInt)).buffer);
    const tensor = Message.of(
      [TENSOR.shape, values.length],
      [TENSOR.type, INT64],
      [TENSOR.name, name],
      [TENSOR.raw, raw],
    );
    const { graph } = this;
    this.graph = graph.with(GRAPH.initializer, [...graph.all(GRAPH.initializer), tensor]);
  }

  /** Stamps the model with the operators of another version of ONNX. */
  useOpset(version: number): void {
    const imports = this.model.messages(MODEL.opsetImport).map((each) => each.with(OPSET.version, [version]));
    this.model = this.model.with(MODEL.opsetImport, imports);
  }
}

/** The float32 constant of that name in a serialised ONNX model; writing to it changes the bytes. */
export function constantOf(model: Buffer, name: string): Constant {
  const constant = OnnxModel.read(model).constants.get(name);
  if (constant === undefined) throw new Error(`the model has no constant ${name}`);
  return constant;
}
