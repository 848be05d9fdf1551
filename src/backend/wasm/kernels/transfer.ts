/**
 * Numbers copied from one arrangement to another: samples side by side or one after the other, a number repeated, the
 * weights of a kernel into the records that a correlation reads.
 */
import { i32 } from '../../../assembler/expression.ts';
import { nest } from '../../../assembler/loops.ts';
import { defineFunction, type FunctionDefinition } from '../../../assembler/module.ts';

/** A nest of loops, outermost first, and how far each moves in the source and in the target, in bytes. */
export interface Transfer {
  readonly counts: readonly number[];
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** Parameters: the source, the target. */
export const transfer = (name: string, { counts, from, to }: Transfer): FunctionDefinition =>
  defineFunction(name, (scope) => {
    const [source, target] = [scope.parameter(), scope.parameter()];
    const pointers = [
      { local: source, strides: from },
      { local: target, strides: to },
    ];
    return nest(scope, counts, pointers, i32.store(target, i32.load(source)));
  });
