/** Zeros, where sums begin. */
import { advance, f32x4, times } from '../../../assembler/expression.ts';
import { defineFunction, type FunctionDefinition } from '../../../assembler/module.ts';
import { bytesPerVector } from '../grid.ts';

/** Parameter: where the `vectors` vectors are. */
export const clear = (name: string, vectors: number): FunctionDefinition =>
  defineFunction(name, (scope) => {
    const to = scope.parameter();
    return times(scope.local('i32'), vectors, [f32x4.store(to, f32x4.constant(0)), advance(to, bytesPerVector)]);
  });
