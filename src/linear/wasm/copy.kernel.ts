/** Copies and zeros, two float64 numbers at a time, in WebAssembly: for lengths at which a call of the engine would take longer. */
import { advance, assign, f64x2, times, type Body, type Expression } from '../../assembler/expression.ts';
import { vectorBytes } from '../../assembler/kernel-module.ts';
import type { Scope } from '../../assembler/module.ts';

/** Vectors that are written in one turn of a loop. */
const turn = 4;

const each = (f: (offset: number) => Body): Body => [0, 1, 2, 3].map((i) => f(i * vectorBytes));

/** Fills 8 `eights` numbers with zeros. */
export const cleared = (scope: Scope, to: Expression<'i32'>, eights: number): Body => {
  const [pointer, counter] = [scope.local('i32'), scope.local('i32')];
  return [
    assign(pointer, to),
    times(counter, eights, [
      each((offset) => f64x2.store(pointer, f64x2.constant(0), offset)),
      advance(pointer, turn * vectorBytes),
    ]),
  ];
};

/** Copies 8 `eights` numbers. */
export const copied = (scope: Scope, from: Expression<'i32'>, to: Expression<'i32'>, eights: number): Body => {
  const [source, target, counter] = [scope.local('i32'), scope.local('i32'), scope.local('i32')];
  return [
    assign(source, from),
    assign(target, to),
    times(counter, eights, [
      each((offset) => f64x2.store(target, f64x2.load(source, offset), offset)),
      advance(source, turn * vectorBytes),
      advance(target, turn * vectorBytes),
    ]),
  ];
};
