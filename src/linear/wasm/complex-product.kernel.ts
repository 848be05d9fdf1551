/**
 * Products of complex matrices in WebAssembly, two float64 numbers at a time.
 *
 * c is computed in blocks of 4 rows and 4 columns while a loop runs over the inner index, and the last two rows, where they are left
 * over, by themselves. The operations on each number, and their order, are those of the plain implementation, so that the results are
 * the same to the last digit where products are separate.
 *
 * Four columns are two vectors side by side. Each statement is made for the one and then for the other, at constant offsets from
 * one address: then an engine that packs such pairs makes one instruction of two (`wide-vector.ts`), and a block stays in eight
 * registers. Where nothing is packed, the two vectors are taken one after the other, unless products are fused: each sum waits longer for
 * its last term then, so that sixteen of them, a few of which lie in memory, take less time than eight. Measured for 80 x 80: 45 GFLOP/s,
 * fused 54, on V8 14.6, of 59 that a core can do with 256 bits; 20 and 25 of 29 where nothing is packed.
 */
import type { ProductSums } from '../../assembler/arithmetic.ts';
import { packsVectors } from '../../assembler/engine.ts';
import {
  advance,
  assign,
  f64x2,
  i32,
  repeatWhile,
  times,
  timesOf,
  when,
  type Body,
  type Expression,
  type Local,
} from '../../assembler/expression.ts';
import { kernelModule, numberBytes, vectorBytes } from '../../assembler/kernel-module.ts';
import { defineFunction, type FunctionDefinition } from '../../assembler/module.ts';
import type { ComplexGemmOf, Mode, Product } from '../complex-gemm.ts';

const modes: readonly Mode[] = ['set', 'add', 'subtract'];

/** The function for a of this width, with blocks of so many vectors of two columns. */
export const productName = (mode: Mode, aWidth: number, vectors: 1 | 2): string => `${mode}_${aWidth}_${vectors}`;

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

/** Parameters: pairs of rows, inner index, blocks of columns, a, b, c. A block has so many vectors of two columns. */
const productFunction = (
  sums: ProductSums,
  mode: Mode,
  width: number,
  aWidth: number,
  vectors: 1 | 2,
): FunctionDefinition =>
  defineFunction(productName(mode, aWidth, vectors), ({ parameter, local }) => {
    const [rowPairs, inner, blocks] = [parameter(), parameter(), parameter()];
    const [a, b, c] = [parameter(), parameter(), parameter()];
    const [block, left, k] = [local('i32'), local('i32'), local('i32')];
    const [aRows, cRows, aEntry, bRow] = [local('i32'), local('i32'), local('i32'), local('i32')];
    const tile = packsVectors || sums.isOneInstruction ? vectors : 1;
    const places = upTo(tile);
    const part = width * numberBytes;
    const aPart = aWidth * numberBytes;
    const bRe = places.map(() => local('v128'));
    const bIm = places.map(() => local('v128'));
    const [aRe, aIm] = [local('v128'), local('v128')];
    const [plus, minus] = mode === 'subtract' ? [sums.minus, sums.plus] : [sums.plus, sums.minus];
    const accumulate = (how: typeof plus, sum: Local<'v128'>, x: Expression<'v128'>, y: Expression<'v128'>): Body =>
      assign(sum, how(sum, x, y));

    /** So many rows of a block. */
    const strip = (rowCount: number): Body => {
      const rows = upTo(rowCount);
      const re = rows.map(() => places.map(() => local('v128')));
      const im = rows.map(() => places.map(() => local('v128')));
      const eachSum = (f: (sum: Local<'v128'>, offset: number) => Body): Body =>
        rows.map((row) => [
          places.map((place) => f(re[row]![place]!, row * 2 * part + place * vectorBytes)),
          places.map((place) => f(im[row]![place]!, row * 2 * part + part + place * vectorBytes)),
        ]);
      const oneTerm: Body = [
        places.map((place) => assign(bRe[place]!, f64x2.load(bRow, place * vectorBytes))),
        places.map((place) => assign(bIm[place]!, f64x2.load(bRow, part + place * vectorBytes))),
        rows.map((row) => [
          assign(aRe, f64x2.loadSplat(aEntry, row * 2 * aPart)),
          assign(aIm, f64x2.loadSplat(aEntry, row * 2 * aPart + aPart)),
          places.map((place) => accumulate(plus, re[row]![place]!, aRe, bRe[place]!)),
          places.map((place) => accumulate(plus, im[row]![place]!, aRe, bIm[place]!)),
          places.map((place) => accumulate(minus, re[row]![place]!, aIm, bIm[place]!)),
          places.map((place) => accumulate(plus, im[row]![place]!, aIm, bRe[place]!)),
        ]),
        advance(aEntry, numberBytes),
        advance(bRow, 2 * part),
      ];
      return [
        eachSum((sum, offset) => assign(sum, mode === 'set' ? f64x2.constant(0) : f64x2.load(cRows, offset))),
        assign(aEntry, aRows),
        assign(bRow, b),
        timesOf(k, inner, oneTerm),
        eachSum((sum, offset) => f64x2.store(cRows, sum, offset)),
        advance(aRows, rowCount * 2 * aPart),
        advance(cRows, rowCount * 2 * part),
      ];
    };
    const twoPairs = i32.isLess(i32.constant(1), left);
    return timesOf(block, tile === vectors ? blocks : i32.add(blocks, blocks), [
      assign(aRows, a),
      assign(cRows, c),
      assign(left, rowPairs),
      when(twoPairs, repeatWhile([strip(4), advance(left, -2)], twoPairs)),
      when(left, strip(2)),
      advance(b, tile * vectorBytes),
      advance(c, tile * vectorBytes),
    ]);
  });

/** Parameters a, c. Blocks of 2 rows and 2 columns change places. */
const transposeFunction = (width: number): FunctionDefinition =>
  defineFunction('transpose', ({ parameter, local }) => {
    const [a, c] = [parameter(), parameter()];
    const [row, column, from, to] = [local('i32'), local('i32'), local('i32'), local('i32')];
    const [first, second] = [local('v128'), local('v128')];
    const part = width * numberBytes;
    const half = width / 2;
    return times(row, half, [
      assign(from, a),
      assign(to, c),
      times(column, half, [
        [0, part].map((imaginary) => [
          assign(first, f64x2.load(from, imaginary)),
          assign(second, f64x2.load(from, 2 * part + imaginary)),
          f64x2.store(to, f64x2.shuffle(0, 2)(first, second), imaginary),
          f64x2.store(to, f64x2.shuffle(1, 3)(first, second), 2 * part + imaginary),
        ]),
        advance(from, vectorBytes),
        advance(to, 4 * part),
      ]),
      advance(a, 4 * part),
      advance(c, vectorBytes),
    ]);
  });

/** The functions for matrices of the full width. */
export const productFunctions = (sums: ProductSums, width: number): readonly FunctionDefinition[] => [
  ...modes.flatMap((mode) => [
    ...[...new Set([4, 6, width])].map((aWidth) => productFunction(sums, mode, width, aWidth, 2)),
    productFunction(sums, mode, width, width, 1),
  ]),
  transposeFunction(width),
];

/** The products in WebAssembly. */
export const wasmComplexGemm =
  (sums: ProductSums): ComplexGemmOf =>
  (width, numbers) => {
    const { memory, kernel } = kernelModule(() => productFunctions(sums, width))(numbers * numberBytes);
    const product = (mode: Mode): Product => {
      const [four, six] = [kernel(productName(mode, 4, 2)), kernel(productName(mode, 6, 2))];
      const [full, cell] = [kernel(productName(mode, width, 2)), kernel(productName(mode, width, 1))];
      return (rows, inner, columns, a, aWidth, b, c) => {
        const how = columns === 2 ? cell : aWidth === width ? full : aWidth === 4 ? four : six;
        how(rows / 2, inner, columns === 2 ? 1 : columns / 4, a * numberBytes, b * numberBytes, c * numberBytes);
      };
    };
    const transpose = kernel('transpose');
    return {
      width,
      memory,
      set: product('set'),
      add: product('add'),
      subtract: product('subtract'),
      transpose: (a, c) => {
        transpose(a * numberBytes, c * numberBytes);
      },
    };
  };
