/**
 * Values of an ONNX graph as expressions: an operator applied to values, an array of the model, or what the caller
 * brings. `layOut` names them and puts them in order, equal ones once, as `record` does for programs.
 */
import type {
  Attribute,
  Dimension,
  ElementType,
  GraphProto,
  NodeProto,
  TensorProto,
  ValueInfo,
} from './model-proto.ts';

/** What computes a value. */
export type GraphValue =
  | { readonly tag: 'input'; readonly info: ValueInfo }
  | { readonly tag: 'initializer'; readonly tensor: TensorProto }
  | {
      readonly tag: 'operator';
      readonly operator: string;
      readonly inputs: readonly GraphValue[];
      readonly attributes: Readonly<Record<string, Attribute>>;
    };

/** An operator of ONNX applied to values. */
export const applied = (
  operator: string,
  inputs: readonly GraphValue[],
  attributes: Readonly<Record<string, Attribute>> = {},
): GraphValue => ({ tag: 'operator', operator, inputs, attributes });

/** How the names begin that values get here; inputs, weights and outputs have names of their own, which do not. */
export const ownPrefix = '/';

/** A list of integers as a value: axes, extents, indices. */
export const integers = (values: readonly number[]): GraphValue => ({
  tag: 'initializer',
  tensor: {
    name: `${ownPrefix}integers(${values.join(', ')})`,
    shape: [values.length],
    data: { elementType: 'int64', integers: values },
  },
});

/** One integer as a value of shape []. */
export const integer = (value: number): GraphValue => ({
  tag: 'initializer',
  tensor: { name: `${ownPrefix}integer(${value})`, shape: [], data: { elementType: 'int64', integers: [value] } },
});

/** What a graph returns: a value under a name, in a shape, with its meaning in words. */
export interface GraphOutput {
  readonly name: string;
  readonly value: GraphValue;
  readonly elementType: ElementType;
  readonly shape: readonly Dimension[];
  readonly meaning: string;
}

/** The graph that returns these values, with the inputs in the order in which they are given. */
export const layOut = (name: string, inputs: readonly ValueInfo[], outputs: readonly GraphOutput[]): GraphProto => {
  const names = new Map<string, string>();
  const walked = new Map<GraphValue, string>();
  const nodes = new Map<string, NodeProto>();
  const initializers = new Map<string, TensorProto>();
  const walk = (value: GraphValue): string => {
    const known = walked.get(value);
    if (known !== undefined) {
      return known;
    }
    const found = named(value);
    walked.set(value, found);
    return found;
  };
  const named = (value: GraphValue): string => {
    switch (value.tag) {
      case 'input':
        return value.info.name;
      case 'initializer':
        initializers.set(value.tensor.name, value.tensor);
        return value.tensor.name;
      case 'operator': {
        const { operator, attributes } = value;
        const operands = value.inputs.map(walk);
        const key = JSON.stringify([operator, operands, attributes]);
        const before = names.get(key);
        const output = before ?? `${ownPrefix}${operator}_${nodes.size}`;
        names.set(key, output);
        nodes.set(output, { operator, inputs: operands, output, attributes });
        return output;
      }
    }
  };
  const returned = outputs.map(({ name: output, value }): NodeProto => ({
    operator: 'Identity',
    inputs: [walk(value)],
    output,
    attributes: {},
  }));
  return {
    name,
    nodes: [...nodes.values(), ...returned],
    initializers: [...initializers.values()],
    inputs,
    outputs: outputs.map(({ name: output, elementType, shape, meaning }) => ({
      name: output,
      elementType,
      shape,
      meaning,
    })),
  };
};
