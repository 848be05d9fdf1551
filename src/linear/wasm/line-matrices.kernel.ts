/** The matrices of single lines in WebAssembly, two float64 numbers at a time, compiled for each size. */
import { assign, f64x2, i32, timesOf, advance, type Local } from '../../assembler/expression.ts';
import { kernelModule } from '../../assembler/kernel-module.ts';
import { defineFunction, type FunctionDefinition } from '../../assembler/module.ts';
import { addLogarithm, inversionNumbers } from '../definite-inverse.kernel.ts';
import { widthOf, wrapRows, type LineMatricesOf } from '../line-matrices.ts';
import { productFunctions, startedProducts } from './complex-product.kernel.ts';
import { cleared, copied } from './copy.kernel.ts';
import { inverseFunctions } from './definite-inverse.kernel.ts';
import { bandFunctions, bandProductName, bandSumName, blocksName } from './site-bands.kernel.ts';

const bytes = Float64Array.BYTES_PER_ELEMENT;

const clearFunction = (size: number): FunctionDefinition =>
  defineFunction('clear', (scope) => cleared(scope, scope.parameter(), (size * widthOf(size)) / 2));

const wrapFunction = (size: number): FunctionDefinition =>
  defineFunction('wrap', (scope) => {
    const a = scope.parameter();
    const stride = 2 * widthOf(size) * bytes;
    return copied(scope, a, i32.add(a, i32.constant(2 * size * stride)), (wrapRows * widthOf(size)) / 4);
  });

/** Ones on the diagonal, zeros beside it, in the last rows and columns of a matrix: two of them, for odd N. */
const padFunction = (size: number): FunctionDefinition =>
  defineFunction('pad', (scope) => {
    const { parameter, local } = scope;
    const [a, row] = [parameter(), local('i32')];
    const column: Local<'i32'> = local('i32');
    const width = widthOf(size);
    const [part, stride] = [width * bytes, 2 * width * bytes];
    const zero = f64x2.constant(0);
    const [first, second] = [
      f64x2.shuffle(0, 2)(f64x2.constant(1), zero),
      f64x2.shuffle(0, 2)(zero, f64x2.constant(1)),
    ];
    return [
      assign(column, i32.add(a, i32.constant(2 * size * bytes))),
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
  const kernels = start(numbers * bytes);
  const { memory, kernel } = kernels;
  const [clear, wrap, pad, transpose] = [kernel('clear'), kernel('wrap'), kernel('pad'), kernel('transpose')];
  const [invert, pivotsOf, productBlocks] = [kernel('invert'), kernel('pivots'), kernel('productBlocks')];
  const scratchAt = scratch * bytes;
  const behind = scratch + inversionNumbers(width);
  return {
    products: startedProducts(width, kernels),
    clear: (a) => {
      clear(a * bytes);
    },
    wrap: (a) => {
      wrap(a * bytes);
    },
    transpose: (a, c) => {
      transpose(a * bytes, c * bytes);
      wrap(c * bytes);
    },
    multiplyBand: (how, band, blocks, a, c) => {
      kernel(bandProductName(how, band))(blocks * bytes, scratchAt, a * bytes, c * bytes);
    },
    addBand: (band, blocks, a) => {
      kernel(bandSumName(band))(blocks * bytes, a * bytes);
    },
    invert: (a, logarithm, determinantOnly) => {
      if (width > 2 * size) {
        pad(a * bytes);
      }
      (determinantOnly ? pivotsOf : invert)(a * bytes, scratchAt, behind * bytes);
      for (let k = 0; k < width; k++) {
        addLogarithm(logarithm, memory[behind + 2 * k]!, memory[behind + 2 * k + 1]!);
      }
      if (!determinantOnly) {
        wrap(a * bytes);
      }
    },
    copyBlocks: (side, a, blocks) => {
      kernel(blocksName(side))(a * bytes, blocks * bytes);
    },
    productBlocks: (a, b, c, d, blocks) => {
      productBlocks(a * bytes, b * bytes, c * bytes, d * bytes, scratchAt, blocks * bytes);
    },
  };
};
