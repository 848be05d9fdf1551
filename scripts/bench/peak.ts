/** The most multiply-adds that one core does in a second: vectors in registers, no memory, nothing else. */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';

import { advance, assign, f32x4, i32, repeatWhile } from '../../src/assembler/expression.ts';
import { assembleModule, defineFunction, memoryImport, type FunctionDefinition } from '../../src/assembler/module.ts';
import { hasFused, tuneEngine } from '../../src/backend/wasm/engine.ts';
import { timingOf, type Timing } from '../timing.ts';

/** Sums that do not wait for each other: a multiply-add takes four cycles, and two may start in each. */
const sums = 12;

const rounds = 500_000;

/** Timings before the first that counts, so that one of them finds the core free and at full speed. */
const attempts = 50;

/** Four numbers in a vector, a product and a sum for each. */
const operationsPerVector = 8;

export const peakOperations = rounds * sums * operationsPerVector;

const spin = (fused: boolean): FunctionDefinition =>
  defineFunction('spin', ({ parameter, local }) => {
    const address = parameter();
    const [x, y, counter] = [local('v128'), local('v128'), local('i32')];
    const accumulators = Array.from({ length: sums }, () => local('v128'));
    return [
      assign(x, f32x4.load(address)),
      assign(y, f32x4.load(address)),
      assign(counter, i32.constant(rounds)),
      repeatWhile(
        [
          accumulators.map((sum) =>
            assign(sum, fused ? f32x4.relaxedMultiplyAdd(x, y, sum) : f32x4.add(f32x4.multiply(x, y), sum)),
          ),
          advance(counter, -1),
        ],
        counter,
      ),
      // What is never stored would never be computed.
      accumulators.map((sum) => f32x4.store(address, sum)),
    ];
  });

/** The least time so far: a peak is what was reached once, a slow moment does not lower it. */
const leastOf = (timing: Timing): Timing => {
  const times = new Map([['least', Infinity]]);
  return pipe(
    timing,
    TE.map((seconds) => {
      const least = Math.min(seconds, times.get('least') ?? Infinity);
      times.set('least', least);
      return least;
    }),
  );
};

/** Times the peak of this engine, fused where the wasm backend would fuse; one run is `peakOperations`. */
export const peakTiming = async (): Promise<Timing> => {
  await tuneEngine();
  const bytes = assembleModule({ functions: [spin(hasFused())], exports: ['spin'], shared: false });
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
    [memoryImport.module]: { [memoryImport.name]: memory },
  });
  const run = exports['spin'];
  if (run === undefined) {
    throw new RangeError('the module lacks the function that it exports');
  }
  const peak = leastOf(timingOf(TE.fromIO(() => run(0))));
  await TE.sequenceSeqArray(Array.from({ length: attempts }, () => peak))();
  return peak;
};
