/** The most multiply-adds that one core does in a second: the widest vectors in registers, no memory, nothing else. */
import { advance, assign, i32, repeatWhile } from '../../assembler/expression.ts';
import { compiledModule, hasFused } from '../../assembler/engine.ts';
import { kernelsOf } from '../../assembler/instance.ts';
import { assembleModule, defineFunction, type FunctionDefinition } from '../../assembler/module.ts';
import { f32xN, widths, type VectorBits } from '../../assembler/wide-vector.ts';
import { multiplyAdd, range } from './kernels/arithmetic.ts';
import { vectorBits } from './vector-bits.ts';

/** Sums that do not wait for each other: a multiply-add takes four cycles, and two may start in each. */
const sums = 12;

/** A run takes milliseconds, far above the resolution of a clock. */
const rounds = 500_000;

/** A product and a sum for each number of a vector, four of which are 128 bits. */
const operationsPerVector = (bits: VectorBits): number => (2 * 4 * bits) / 128;

const spin = (fused: boolean, bits: VectorBits): FunctionDefinition =>
  defineFunction('spin', (scope) => {
    const address = scope.parameter();
    const width = widths[bits];
    const [x, y] = [width.local(scope), width.local(scope)];
    const counter = scope.local('i32');
    const accumulators = range(sums).map(() => width.local(scope));
    const step = multiplyAdd(fused ? 'fused' : 'separate');
    return [
      f32xN.assign(x, width.load(address)),
      f32xN.assign(y, width.load(address)),
      assign(counter, i32.constant(rounds)),
      repeatWhile([accumulators.map((sum) => f32xN.assign(sum, step(x, y, sum))), advance(counter, -1)], counter),
      // What is never stored would never be computed.
      accumulators.map((sum, index) => f32xN.store(address, sum, index * width.bytes)),
    ];
  });

/** A run, fused where the wasm backend would fuse, with vectors as wide, and the floating-point operations that it does. */
export interface PeakRun {
  readonly operations: number;
  readonly run: () => void;
}

/** One run of the peak of this engine. */
export const peakRun = (): PeakRun => {
  const bits = vectorBits();
  return {
    operations: rounds * sums * operationsPerVector(bits),
    run: runOf(assembleModule({ functions: [spin(hasFused(), bits)], exports: ['spin'], shared: false })),
  };
};

const runOf = (bytes: Uint8Array<ArrayBuffer>): (() => void) => {
  const run = kernelsOf(compiledModule(bytes), new WebAssembly.Memory({ initial: 1 }))('spin');
  return () => {
    run(0);
  };
};
