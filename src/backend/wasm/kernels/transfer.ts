/**
 * Numbers copied from one arrangement to another: samples side by side or one after the other, a number repeated, the
 * weights of a kernel into the records that a correlation reads.
 */
import { f32, f64, i32, type Body, type Local } from '../../../assembler/expression.ts';
import { nest } from '../../../assembler/loops.ts';
import { defineFunction, type FunctionDefinition } from '../../../assembler/module.ts';

/** A nest of loops, outermost first, and how far each moves in the source and in the target, in bytes. */
export interface Transfer {
  readonly counts: readonly number[];
  readonly from: readonly number[];
  readonly to: readonly number[];
}

const moving = (
  name: string,
  { counts, from, to }: Transfer,
  move: (source: Local<'i32'>, target: Local<'i32'>) => Body,
): FunctionDefinition =>
  defineFunction(name, (scope) => {
    const [source, target] = [scope.parameter(), scope.parameter()];
    const pointers = [
      { local: source, strides: from },
      { local: target, strides: to },
    ];
    return nest(scope, counts, pointers, move(source, target));
  });

/** Float32 numbers. Parameters: the source, the target. */
export const transfer = (name: string, shape: Transfer): FunctionDefinition =>
  moving(name, shape, (source, target) => i32.store(target, i32.load(source)));

/** Float64 numbers of an array, rounded to float32. Parameters: the array, the target. */
export const loadReals = (name: string, shape: Transfer): FunctionDefinition =>
  moving(name, shape, (source, target) => f32.store(target, f32.demote(f64.load(source))));

/** The same backwards. Parameters: the source, the array. */
export const storeReals = (name: string, shape: Transfer): FunctionDefinition =>
  moving(name, shape, (source, target) => f64.store(target, f64.promote(f32.load(source))));
