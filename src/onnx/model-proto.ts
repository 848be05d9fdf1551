/**
 * The part of ONNX's file format that programs need: its messages as types, and their bytes.
 *
 * An ONNX file is one `ModelProto` of protocol buffers; the numbers of the fields are those of the schema.
 *
 * @source https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** How the entries of a tensor are stored; `int64` for shapes and indices. */
export type ElementType = 'float32' | 'float64' | 'int64';

/** An extent of a tensor: a number, or a name for one that is known when the model is run. */
export type Dimension = number | string;

/** A named array that is part of the model: integers as such, other numbers as little-endian bytes. */
export interface TensorProto {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data:
    | { readonly elementType: 'int64'; readonly integers: readonly number[] }
    | { readonly elementType: 'float32' | 'float64'; readonly bytes: Uint8Array };
}

/** A setting of an operator: an integer, several, or a text. */
export type Attribute = number | readonly number[] | string;

/** One application of an operator to values, which it reads and binds by name. */
export interface NodeProto {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A value that the model reads or returns. */
export interface ValueInfo {
  readonly name: string;
  readonly elementType: ElementType;
  readonly shape: readonly Dimension[];
  /** What it is, in words. */
  readonly meaning: string;
}

/** The nodes in an order in which each value is bound before it is read. */
export interface GraphProto {
  readonly name: string;
  readonly nodes: readonly NodeProto[];
  readonly initializers: readonly TensorProto[];
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
}

/** A whole file. */
export interface ModelProto {
  readonly producer: { readonly name: string; readonly version: string };
  /** Which meaning the operators have. */
  readonly opset: number;
  readonly graph: GraphProto;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Writes one field of a message. */
type Field = (writer: BinaryWriter) => BinaryWriter;

const text =
  (number: number, value: string): Field =>
  (writer) =>
    writer.tag(number, WireType.LengthDelimited).string(value);

const integer =
  (number: number, value: number): Field =>
  (writer) =>
    writer.tag(number, WireType.Varint).int64(value);

const bytes =
  (number: number, value: Uint8Array): Field =>
  (writer) =>
    writer.tag(number, WireType.LengthDelimited).bytes(value);

const written = (writer: BinaryWriter, fields: readonly Field[]): BinaryWriter =>
  fields.reduce((before, field) => field(before), writer);

const message =
  (number: number, fields: readonly Field[]): Field =>
  (writer) =>
    written(writer.tag(number, WireType.LengthDelimited).fork(), fields).join();

/** TensorProto.DataType. */
const elementCodes: Readonly<Record<ElementType, number>> = { float32: 1, int64: 7, float64: 11 };

const tensorFields = ({ name, shape, data }: TensorProto): readonly Field[] => [
  ...shape.map((extent) => integer(1, extent)),
  integer(2, elementCodes[data.elementType]),
  ...(data.elementType === 'int64' ? data.integers.map((value) => integer(7, value)) : [bytes(9, data.bytes)]),
  text(8, name),
];

/** AttributeProto.AttributeType, and the field that holds the value. */
const attributeFields = (name: string, value: Attribute): readonly Field[] => {
  if (typeof value === 'number') {
    return [text(1, name), integer(3, value), integer(20, 2)];
  }
  return typeof value === 'string'
    ? [text(1, name), text(4, value), integer(20, 3)]
    : [text(1, name), ...value.map((each) => integer(8, each)), integer(20, 7)];
};

const nodeFields = ({ operator, inputs, output, attributes }: NodeProto): readonly Field[] => [
  ...inputs.map((name) => text(1, name)),
  text(2, output),
  text(3, output),
  text(4, operator),
  ...Object.entries(attributes).map(([name, value]) => message(5, attributeFields(name, value))),
];

const valueFields = ({ name, elementType, shape, meaning }: ValueInfo): readonly Field[] => [
  text(1, name),
  message(2, [
    message(1, [
      integer(1, elementCodes[elementType]),
      message(
        2,
        shape.map((extent) => message(1, [typeof extent === 'number' ? integer(1, extent) : text(2, extent)])),
      ),
    ]),
  ]),
  text(3, meaning),
];

const graphFields = ({ name, nodes, initializers, inputs, outputs }: GraphProto): readonly Field[] => [
  ...nodes.map((node) => message(1, nodeFields(node))),
  text(2, name),
  ...initializers.map((tensor) => message(5, tensorFields(tensor))),
  ...inputs.map((value) => message(11, valueFields(value))),
  ...outputs.map((value) => message(12, valueFields(value))),
];

/** The version of the file format itself: that of ONNX 1.12, which came with opset 17. */
const irVersion = 8;

/** The bytes of a model's file; equal models have equal bytes. */
export const encodeModel = ({ producer, opset, graph, metadata }: ModelProto): Uint8Array =>
  written(new BinaryWriter(), [
    integer(1, irVersion),
    text(2, producer.name),
    text(3, producer.version),
    message(7, graphFields(graph)),
    message(8, [text(1, ''), integer(2, opset)]),
    ...Object.entries(metadata)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => message(14, [text(1, key), text(2, value)])),
  ]).finish();
