/** Fields of the ONNX protobuf messages that lead to the values of a constant. */
const MODEL_GRAPH = 7;
const GRAPH_INITIALIZER = 5;
const TENSOR_NAME = 8;
const TENSOR_RAW_DATA = 9;

interface Field {
  readonly number: number;
  readonly bytes: Buffer;
}

function* fieldsOf(message: Buffer): Generator<Field> {
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = message.readUInt8(at++);
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const wire = tag & 7;
    if (wire === 0) varint();
    else if (wire === 5) at += 4;
    else if (wire === 1) at += 8;
    else {
      const length = varint();
      yield { number: tag >> 3, bytes: message.subarray(at, at + length) };
      at += length;
    }
  }
}

function only(message: Buffer, number: number): Buffer[] {
  return [...fieldsOf(message)].filter((field) => field.number === number).map((field) => field.bytes);
}

/** A constant of a graph, as a window into the model's bytes: writing to it changes the model. */
export class Constant {
  constructor(private readonly raw: Buffer) {}

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

/** The float32 constant of that name in a serialised ONNX model. */
export function constantOf(model: Buffer, name: string): Constant {
  for (const graph of only(model, MODEL_GRAPH)) {
    for (const tensor of only(graph, GRAPH_INITIALIZER)) {
      const [named] = only(tensor, TENSOR_NAME);
      const [raw] = only(tensor, TENSOR_RAW_DATA);
      if (named?.toString() === name && raw !== undefined) return new Constant(raw);
    }
  }
  throw new Error(`the model has no constant ${name}`);
}
