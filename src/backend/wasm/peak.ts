/** The most multiply-adds that one core does in a second: vectors in registers, no memory, nothing else. */
import { advance, assign, f32x4, i32, repeatWhile } from '../../assembler/expression.ts';
import { assembleModule, defineFunction, memoryImport, type FunctionDefinition } from '../../assembler/module.ts';
import { hasFused, tuneEngine } from './engine.ts';

/** Sums that do not wait for each other: a multiply-add takes four cycles, and two may start in each. */
const sums = 12;

/** A run takes milliseconds, far above the resolution of a clock. */
const rounds = 500_000;

/** Four numbers in a vector, a product and a sum for each. */
const operationsPerVector = 8;

/** Floating-point operations of one run. */
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

/** One run of `peakOperations` on this engine, fused where the wasm backend would fuse. */
export const peakRun = async (): Promise<() => void> => {
  await tuneEngine();
  return runOf(assembleModule({ functions: [spin(hasFused())], exports: ['spin'], shared: false }));
};

const runOf = (bytes: Uint8Array<ArrayBuffer>): (() => void) => {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
    [memoryImport.module]: { [memoryImport.name]: memory },
  });
  const run = exports['spin'];
  if (run === undefined) {
    throw new RangeError('the module lacks the function that it exports');
  }
  return () => {
    run(0);
  };
};
