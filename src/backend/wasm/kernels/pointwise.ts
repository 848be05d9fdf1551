/**
 * One sweep over fields that computes an expression at every entry, and stores it or adds it to a line of sums.
 *
 * Chains of sums, products and functions of entries, and the sums over their results, become one loop each: what is used once is
 * never written to memory.
 */
import type { Arithmetic } from '../../../assembler/arithmetic.ts';
import type { Body, Local } from '../../../assembler/expression.ts';
import { nestOfVectors } from '../../../assembler/loops.ts';
import { defineFunction, type FunctionDefinition } from '../../../assembler/module.ts';
import {
  f32xN,
  temporaries,
  type VectorBits,
  type VectorWidth,
  type WideLocal,
  type WideVector,
} from '../../../assembler/wide-vector.ts';
import type { EntryFunction } from '../../../program/operation.ts';
import { operandsOf, type EntryExpression, type Node } from '../../schedule/entry-expression.ts';
import { bytesPerVector, vectorsFor, type Extents, type Strides } from '../grid.ts';
import { multiplyAdd, range, zipped } from './arithmetic.ts';
import { constantsOf } from './constants.ts';
import { hyperbolicTangent } from './hyperbolic-tangent.ts';
import type { Writing } from './writing.ts';

/** The entry of a field that is so many bytes from where the sweep is. */
export interface FieldEntry {
  /** Its place among the fields that the sweep reads. */
  readonly field: number;
  readonly offset: number;
}

/** What a sweep runs through, the fields that it reads, the expression of their entries, and where the results go. */
export interface Pointwise {
  readonly extents: Extents;
  readonly fields: readonly Strides[];
  readonly expression: EntryExpression<FieldEntry>;
  readonly result: Strides;
  /** Whether the result is stored, or added to what is there. */
  readonly adds: boolean;
  readonly arithmetic: Arithmetic;
  readonly bits: VectorBits;
}

/** The statements that assign a function of the numbers of a vector to a variable. */
type AssignFunction = (result: WideLocal, x: WideVector, writing: Writing) => Body;

const functions: Readonly<Record<EntryFunction, AssignFunction>> = {
  tanh: hyperbolicTangent,
  reciprocal: (result, x, { width, constants }) => f32xN.assign(result, f32xN.divide(constants.vector(width, 1), x)),
  sqrt: (result, x) => f32xN.assign(result, f32xN.sqrt(x)),
};

/** The statements that give a variable its value. */
type Computed = (result: WideLocal) => Body;

const assigned =
  (value: WideVector): Computed =>
  (result) =>
    f32xN.assign(result, value);

/** The statements that compute the nodes in order, and the variable of the last. */
const evaluated = (
  writing: Writing,
  expression: Pointwise['expression'],
  fields: readonly Local<'i32'>[],
): { readonly statements: Body; readonly value: WideLocal } => {
  const { width, variables, constants, arithmetic } = writing;
  const lastRead = new Map(expression.flatMap((node, at) => operandsOf(node).map((operand) => [operand, at] as const)));
  const values = new Array<WideLocal>();
  const value = (node: number): WideLocal => {
    const known = values[node];
    if (known === undefined) {
      throw new RangeError(`node ${node} is used before it is computed: order nodes by use`);
    }
    return known;
  };
  const computed = (node: Exclude<Node<FieldEntry>, { readonly tag: 'constant' }>): Computed => {
    switch (node.tag) {
      case 'leaf': {
        const { field, offset } = node.leaf;
        return assigned(width.load(fields[field]!, offset));
      }
      case 'add':
        return assigned(f32xN.add(value(node.left), value(node.right)));
      case 'multiply':
        return assigned(f32xN.multiply(value(node.left), value(node.right)));
      case 'multiplyAdd':
        return assigned(multiplyAdd(arithmetic)(value(node.left), value(node.right), value(node.addend)));
      case 'function': {
        const x = value(node.value);
        return (result) => functions[node.function](result, x, writing);
      }
    }
  };
  const statements = expression.map((node, at): Body => {
    if (node.tag === 'constant') {
      values.push(constants.vector(width, node.value));
      return [];
    }
    const compute = computed(node);
    for (const operand of new Set(operandsOf(node))) {
      if (lastRead.get(operand) === at && expression[operand]?.tag !== 'constant') {
        variables.give(value(operand));
      }
    }
    const result = variables.take();
    values.push(result);
    return compute(result);
  });
  return { statements, value: value(expression.length - 1) };
};

/** Parameters: the fields, the result. */
export const pointwise = (name: string, shape: Pointwise): FunctionDefinition =>
  defineFunction(name, (scope) => {
    const fields = range(shape.fields.length).map(() => scope.parameter());
    const result = scope.parameter();
    const { components, channels, rows, rowNumbers } = shape.extents;
    const pointers = zipped(
      [...fields, result],
      [...shape.fields, shape.result],
      (local, { component, channel, row }) => ({
        local,
        strides: [component, channel, row, bytesPerVector],
      }),
    );
    const constants = constantsOf(scope);
    const entry = (width: VectorWidth): Body => {
      const variables = temporaries(scope, width);
      const writing = { width, variables, constants, arithmetic: shape.arithmetic };
      const { statements, value } = evaluated(writing, shape.expression, fields);
      const sum = variables.take();
      return [
        statements,
        shape.adds ? f32xN.assign(sum, f32xN.add(width.load(result), value)) : [],
        f32xN.store(result, shape.adds ? sum : value),
      ];
    };
    const sweep = nestOfVectors(
      scope,
      [components, channels, rows, vectorsFor(rowNumbers)],
      pointers,
      shape.bits,
      entry,
    );
    return [constants.assigned(), sweep];
  });
