/** The matrices of single lines in WebAssembly, two float64 numbers at a time, compiled for each size. */
import { assign, f64x2, i32, timesOf, advance, type Local } from '../../assembler/expression.ts';
import { kernelModule, numberBytes } from '../../assembler/kernel-module.ts';
import { defineFunction, type FunctionDefinition } from '../../assembler/module.ts';
import { addLogarithms, inversionNumbers } from '../definite-inverse.kernel.ts';
import { widthOf, wrapRows, type LineMatricesOf } from '../line-matrices.ts';
import { productFunctions, startedProducts } from './complex-product.kernel.ts';
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

/** The operations in WebAssembly. */
export const wasmLineMatrices: LineMatricesOf = (size, numbers, scratch) => {
  const width = widthOf(size);
  const start = kernelModule(() => [
    ...productFunctions(width),
    ...inverseFunctions(width),
    ...bandFunctions(size),
    clearFunction(size),
    wrapFunction(size),
    padFunction(size),
  ]);
  const kernels = start(numbers * numberBytes);
  const { memory, kernel } = kernels;
  const [clear, wrap, pad, transpose] = [kernel('clear'), kernel('wrap'), kernel('pad'), kernel('transpose')];
  const [invert, pivotsOf] = [kernel('invert'), kernel('pivots')];
  const scratchAt = scratch * numberBytes;
  const behind = scratch + inversionNumbers(width);
  return {
    products: startedProducts(width, kernels),
    clear: (a) => {
      clear(a * numberBytes);
    },
    wrap: (a) => {
      wrap(a * numberBytes);
    },
    transpose: (a, c) => {
      transpose(a * numberBytes, c * numberBytes);
      wrap(c * numberBytes);
    },
    multiplyBand: (how, band, blocks, a, c) => {
      kernel(bandProductName(how, band))(blocks * numberBytes, scratchAt, a * numberBytes, c * numberBytes);
    },
    addBand: (band, blocks, a) => {
      kernel(bandSumName(band))(blocks * numberBytes, a * numberBytes);
    },
    invert: (a, logarithm, determinantOnly) => {
      if (width > 2 * size) {
        pad(a * numberBytes);
      }
      (determinantOnly ? pivotsOf : invert)(a * numberBytes, scratchAt, behind * numberBytes);
      addLogarithms(logarithm, memory, behind, width);
      if (!determinantOnly) {
        wrap(a * numberBytes);
      }
    },
    copyBlocks: (side, a, blocks) => {
      kernel(blocksName(side))(a * numberBytes, blocks * numberBytes);
    },
    productBlocks: (how, side, a, b, c, d, blocks) => {
      const factors = [a, b, c, d].map((place) => place * numberBytes);
      kernel(productBlocksName(how, side))(...factors, scratchAt, blocks * numberBytes);
    },
  };
};
