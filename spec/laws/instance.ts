/** Laws of instances: what they export, and what follows each call. */
import { isDeepStrictEqual } from 'node:util';

import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';

import { compiledModule } from '../../src/assembler/engine.ts';
import { i32 } from '../../src/assembler/expression.ts';
import type { kernelsBy } from '../../src/assembler/instance.ts';
import { assembleModule, defineFunction } from '../../src/assembler/module.ts';
import type { Law } from '../law.ts';

interface Calls {
  readonly isNeeded: boolean;
  /** How many functions there are; each stores its number, counted from 1. */
  readonly functions: number;
  /** Which are called, one after the other, and where each stores. */
  readonly calls: readonly (readonly [index: number, place: number])[];
}

const places = 16;

const nameOf = (index: number): string => `function ${index}`;

export const isClearedAfterEachCall: Law<typeof kernelsBy, Calls> = {
  statement:
    'each function that a module exports works in the memory it is started in, and is followed by what clears, once, where there is that; another name is refused',
  cases: fc.integer({ min: 1, max: 4 }).chain((functions) =>
    fc.record({
      isNeeded: fc.boolean(),
      functions: fc.constant(functions),
      calls: fc.array(fc.tuple(fc.nat(functions - 1), fc.nat(places - 1)), { maxLength: 8 }),
    }),
  ),
  holds:
    (kernels) =>
    ({ isNeeded, functions, calls }) => {
      const definitions = Array.from({ length: functions }, (_, index) =>
        defineFunction(nameOf(index), ({ parameter }) => [i32.store(parameter(), i32.constant(index + 1))]),
      );
      const exports = definitions.map(({ name }) => name);
      const module = compiledModule(assembleModule({ functions: definitions, exports, shared: false }));
      const memory = new WebAssembly.Memory({ initial: 1 });
      const words = (): readonly number[] => [...new Int32Array(memory.buffer, 0, places)];
      const whenCleared = new Array<readonly number[]>();
      const clear = (): void => {
        whenCleared.push(words());
      };
      const kernel = kernels(isNeeded ? clear : null)(module, memory);
      const expected = new Array<number>(places).fill(0);
      const afterEach = calls.map(([index, place]) => {
        kernel(nameOf(index))(place * Int32Array.BYTES_PER_ELEMENT);
        expected[place] = index + 1;
        return [...expected];
      });
      return (
        isDeepStrictEqual(words(), expected) &&
        isDeepStrictEqual(whenCleared, isNeeded ? afterEach : []) &&
        E.isLeft(E.tryCatch(() => kernel(nameOf(functions)), String))
      );
    },
};
