/**
 * One sweep over fields that computes an expression at every entry, and stores it or adds it to a line of sums.
 *
 * Chains of sums, products and functions of entries, and the sums over their results, become one loop each: what is used once is
 * never written to memory.
 */
import type { Arithmetic } from '../../../assembler/arithmetic.ts';
import { f32x4, type Body, type Local } from '../../../assembler/expression.ts';
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
import type { EntryExpression } from '../../schedule/entry-expression.ts';
import { bytesPerVector, vectorsFor, type Extents, type Strides } from '../grid.ts';
import { multiplyAdd, range, zipped } from './arithmetic.ts';
import { constantsOf } from './constants.ts';
import { evaluated, type Evaluate } from './evaluated.ts';
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

/** What the nodes of an expression of entries become. */
const entryOf =
  (writing: Writing, fields: readonly Local<'i32'>[]): Evaluate<Pointwise['expression'][number]> =>
  (node, value) => {
    const { width, constants, arithmetic } = writing;
    const assigned = (result: WideVector) => (to: WideLocal) => f32xN.assign(to, result);
    switch (node.tag) {
      case 'constant':
        return { lasting: constants.vector(width, node.value) };
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
    const constants = constantsOf(scope, f32x4.constant);
    const entry = (width: VectorWidth): Body => {
      const variables = temporaries(scope, width);
      const writing = { width, variables, constants, arithmetic: shape.arithmetic };
      const { statements, value } = evaluated(shape.expression, variables, entryOf(writing, fields));
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
