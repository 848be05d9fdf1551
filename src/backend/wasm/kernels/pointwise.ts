/**
 * One sweep over fields that computes an expression at every entry, and stores it or adds it to a line of sums.
 *
 * Chains of sums, products and functions of entries, and the sums over their results, become one loop each: what is used once is
 * never written to memory.
 */
import type { Arithmetic } from '../../../assembler/arithmetic.ts';
import { f32x4, type Body } from '../../../assembler/expression.ts';
import { nestOfVectors } from '../../../assembler/loops.ts';
import { defineFunction, type FunctionDefinition } from '../../../assembler/module.ts';
import { f32xN, temporaries, type VectorBits, type VectorWidth } from '../../../assembler/wide-vector.ts';
import type { EntryExpression } from '../../schedule/entry-expression.ts';
import { bytesPerVector, vectorsFor, type Extents, type Strides } from '../grid.ts';
import { range, zipped } from './arithmetic.ts';
import { constantsOf } from './constants.ts';
import { entryOf, type FieldEntry } from './entries.ts';
import { evaluated } from './evaluated.ts';

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
      const [value, sum] = [variables.take(), variables.take()];
      return [
        evaluated(shape.expression, variables, entryOf(writing, fields))(value),
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
