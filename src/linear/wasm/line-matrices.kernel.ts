/** The matrices of single lines in WebAssembly, two float64 numbers at a time, compiled for each size. */
import type { ProductSums } from '../../assembler/arithmetic.ts';
import { advance, assign, call, f64x2, i32, timesOf, type Body, type Local } from '../../assembler/expression.ts';
import { kernelModule, numberBytes } from '../../assembler/kernel-module.ts';
import { defineFunction, type FunctionDefinition } from '../../assembler/module.ts';
import { widthOf, wrapRows, type LineMatricesOf, type LineOperations } from '../line-matrices.ts';
import { productFunctions, productName } from './complex-product.kernel.ts';
import { cleared, copied } from './copy.kernel.ts';
import { inverseFunctions } from './definite-inverse.kernel.ts';
import { bandFunctions, bandProductName, bandSumName, blocksName, productBlocksName } from './site-bands.kernel.ts';

const clearFunction = (size: number): FunctionDefinition =>
  defineFunction('clear', (scope) => cleared(scope, scope.parameter(), (size * widthOf(size)) / 2));

const wrapFunction = (size: number): FunctionDefinition =>
  defineFunction('wrap', (scope) => {
    const a = scope.parameter();
    const stride = 2 * widthOf(size) * numberBytes;
    return copied(scope, a, i32.add(a, i32.constant(2 * size * stride)), (wrapRows * widthOf(size)) / 4);
  });

/** Ones on the diagonal, zeros beside it, in the last rows and columns of a matrix: two of them, for odd N. */
const padFunction = (size: number): FunctionDefinition =>
  defineFunction('pad', (scope) => {
    const { parameter, local } = scope;
    const [a, row] = [parameter(), local('i32')];
    const column: Local<'i32'> = local('i32');
    const width = widthOf(size);
    const [part, stride] = [width * numberBytes, 2 * width * numberBytes];
    const zero = f64x2.constant(0);
    const [first, second] = [
      f64x2.shuffle(0, 2)(f64x2.constant(1), zero),
      f64x2.shuffle(0, 2)(zero, f64x2.constant(1)),
    ];
    return [
      assign(column, i32.add(a, i32.constant(2 * size * numberBytes))),
      timesOf(row, i32.constant(2 * size), [
        f64x2.store(column, zero),
        f64x2.store(column, zero, part),
        advance(column, stride),
      ]),
      cleared(scope, i32.add(a, i32.constant(2 * size * stride)), width / 2),
      f64x2.store(column, first),
      f64x2.store(column, second, stride),
    ];
  });

/** The functions for lines of N sites. */
export const lineFunctions = (sums: ProductSums, size: number): readonly FunctionDefinition[] => [
  ...productFunctions(sums, widthOf(size)),
  ...inverseFunctions(widthOf(size)),
  ...bandFunctions(size),
  clearFunction(size),
  wrapFunction(size),
  padFunction(size),
];

/** The operations, each as the calls of functions that it is. */
const operationsBy = (
  size: number,
  scratch: number,
  perform: (name: string, ...operands: readonly number[]) => void,
): LineOperations => {
  const width = widthOf(size);
  const at = (place: number): number => place * numberBytes;
  const wrap = (a: number): void => {
    perform('wrap', at(a));
  };
  return {
    multiply: (how, a, b, c) => {
      perform(productName(how, width, 2), size, 2 * size, width / 4, at(a), at(b), at(c));
    },
    clear: (a) => {
      perform('clear', at(a));
    },
    wrap,
    transpose: (a, c) => {
      perform('transpose', at(a), at(c));
      wrap(c);
    },
    multiplyBand: (how, band, blocks, a, c) => {
      perform(bandProductName(how, band), at(blocks), at(scratch), at(a), at(c));
    },
    addBand: (band, blocks, a) => {
      perform(bandSumName(band), at(blocks), at(a));
    },
    invert: (a, pivots, determinantOnly) => {
      if (width > 2 * size) {
        perform('pad', at(a));
      }
      perform(determinantOnly ? 'pivots' : 'invert', at(a), at(scratch), at(pivots));
      if (!determinantOnly) {
        wrap(a);
      }
    },
    copyBlocks: (side, a, blocks) => {
      perform(blocksName(side), at(a), at(blocks));
    },
    productBlocks: (how, side, a, b, c, d, blocks) => {
      perform(productBlocksName(how, side), at(a), at(b), at(c), at(d), at(scratch), at(blocks));
    },
  };
};

/** The operations in WebAssembly. */
export const wasmLineMatrices =
  (sums: ProductSums): LineMatricesOf =>
  (size, numbers, scratch) => {
    const { memory, kernel } = kernelModule(() => lineFunctions(sums, size))(numbers * numberBytes);
    const perform = (name: string, ...operands: readonly number[]): void => {
      kernel(name)(...operands);
    };
    return { memory, ...operationsBy(size, scratch, perform) };
  };

/** Operations as code: one call after the other, in a module with the functions for lines of N sites. */
export const lineCalls = (size: number, scratch: number, course: (matrices: LineOperations) => void): Body => {
  const calls = new Array<Body>();
  const note = (name: string, ...operands: readonly number[]): void => {
    calls.push(call(name, ...operands.map(i32.constant)));
  };
  course(operationsBy(size, scratch, note));
  return calls;
};
