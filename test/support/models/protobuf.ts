/** Kinds of values in the protobuf wire format that ONNX uses. */
const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const FIXED32 = 5;

/** A field of a message: a whole number, or bytes that may be a string, numbers or another message. */
interface Field {
  readonly number: number;
  readonly wire: number;
  readonly value: bigint | Buffer;
}

function readVarint(message: Buffer, from: number): { value: bigint; end: number } {
  let value = 0n;
  for (let end = from, shift = 0n; ; shift += 7n) {
    const byte = message.readUInt8(end++);
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return { value, end };
  }
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(rest)]);
}

function parse(message: Buffer): Field[] {
  const fields: Field[] = [];
  for (let at = 0; at < message.length;) {
    const tag = readVarint(message, at);
    const wire = Number(tag.value & 7n);
    const number = Number(tag.value >> 3n);
    let start = tag.end;
    let end: number;
    if (wire === VARINT) {
      const { value, end: after } = readVarint(message, start);
      fields.push({ number, wire, value });
      at = after;
      continue;
    }
    if (wire === LENGTH) {
      const length = readVarint(message, start);
      start = length.end;
      end = start + Number(length.value);
    } else {
      end = start + (wire === FIXED32 ? 4 : 8);
    }
    fields.push({ number, wire, value: message.subarray(start, end) });
    at = end;
  }
  return fields;
}

/** A protobuf message without its schema. Bytes of fields are windows into what it was read from. */
export class Message {
  private constructor(private fields: readonly Field[]) {}

  static read(bytes: Buffer): Message {
    return new Message(parse(bytes));
  }

  /** @param fields number and value of each, in order; strings and messages are laid out as bytes */
  static of(...fields: readonly (readonly [number, string | number | Buffer | Message])[]): Message {
    return new Message(
      fields.map(([number, value]) => {
        if (typeof value === 'number') return { number, wire: VARINT, value: BigInt(value) };
        if (typeof value === 'string') return { number, wire: LENGTH, value: Buffer.from(value) };
        return { number, wire: LENGTH, value: value instanceof Message ? value.bytes() : value };
      }),
    );
  }

  /** Values of a field that holds bytes, in order. */
  all(number: number): Buffer[] {
    return this.fields.flatMap((field) =>
      field.number === number && Buffer.isBuffer(field.value) ? [field.value] : [],
    );
  }

  strings(number: number): string[] {
    return this.all(number).map(String);
  }

  messages(number: number): Message[] {
    return this.all(number).map((bytes) => Message.read(bytes));
  }

  /** Whole numbers of a field, in order, one by one or packed. */
  numbers(number: number): number[] {
    return this.fields.flatMap(({ number: own, value }) => {
      if (own !== number) return [];
      if (!Buffer.isBuffer(value)) return [Number(value)];
      const packed: number[] = [];
      for (let at = 0; at < value.length;) {
        const { value: one, end } = readVarint(value, at);
        packed.push(Number(one));
        at = end;
      }
      return packed;
    });
  }

  /** The last whole number of a field, which is the one that counts. */
  number(number: number): number | undefined {
    return this.numbers(number).at(-1);
  }

  /** The same message with other values in a field, where the field stood. */
  with(number: number, values: readonly (string | number | Buffer | Message)[]): Message {
    const { fields } = Message.of(...values.map((value) => [number, value] as const));
    const first = this.fields.findIndex((field) => field.number === number);
    const at = first < 0 ? this.fields.length : first;
    const others = (part: readonly Field[]) => part.filter((field) => field.number !== number);
    return new Message([...others(this.fields.slice(0, at)), ...fields, ...others(this.fields.slice(at))]);
  }

  bytes(): Buffer {
    return Buffer.concat(
      this.fields.flatMap(({ number, wire, value }) => {
        const tag = varint((BigInt(number) << 3n) | BigInt(wire));
        if (!Buffer.isBuffer(value)) return [tag, varint(value)];
        return wire === FIXED32 || wire === FIXED64
          ? [tag, value]
          : [tag, varint(BigInt(value.length)), value];
      }),
    );
  }
}
