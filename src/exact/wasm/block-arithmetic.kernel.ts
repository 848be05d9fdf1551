/**
 * 2 x 2 blocks of complex numbers in WebAssembly. An entry is a vector, real part and imaginary part, so a block is four vectors:
 * the entries 00, 01, 10, 11. With u = (r, i) and v = (x, y)
 *
 *   u v = (r, r) (x, y) + (-i, i) (y, x).
 */
import type { ProductSums } from '../../assembler/arithmetic.ts';
import { assign, f64x2, type Body, type Expression, type Local } from '../../assembler/expression.ts';
import { numberBytes } from '../../assembler/kernel-module.ts';
import type { Scope } from '../../assembler/module.ts';
import { blockNumbers } from '../../linear/block-cyclic-matrix.ts';

/** Bytes of an entry. */
export const entryBytes = 2 * numberBytes;
/** Bytes of a block. */
export const blockBytes = blockNumbers * numberBytes;

/** The variables of a block. */
export type Block = readonly [Local<'v128'>, Local<'v128'>, Local<'v128'>, Local<'v128'>];

/** Variables for a block. */
export const blockOf = ({ local }: Scope): Block => [local('v128'), local('v128'), local('v128'), local('v128')];

/** A complex factor, as it multiplies: (r, r) and (-i, i). */
export interface Factor {
  readonly re: Expression<'v128'>;
  readonly im: Expression<'v128'>;
}

/** Bytes of a factor in memory. */
export const factorBytes = 2 * entryBytes;

/** The numbers of a factor in memory. */
export const factorNumbers = (re: number, im: number): readonly number[] => [re, re, -im, im];

/** The factor at an address. */
export const factorAt = (address: Expression<'i32'>, offset: number): Factor => ({
  re: f64x2.load(address, offset),
  im: f64x2.load(address, offset + entryBytes),
});

/** The factor that an entry is. */
export const factorOf = (u: Local<'v128'>): Factor => ({
  re: f64x2.shuffle(0, 0)(u, u),
  im: f64x2.multiply(f64x2.shuffle(1, 1)(u, u), f64x2.constant(-1, 1)),
});

/** Real and imaginary part exchanged. */
export const exchanged = (v: Local<'v128'>): Expression<'v128'> => f64x2.shuffle(1, 0)(v, v);

/** u v. */
export const product = ({ re, im }: Factor, v: Local<'v128'>): Expression<'v128'> =>
  f64x2.add(f64x2.multiply(re, v), f64x2.multiply(im, exchanged(v)));

const offsets = [0, entryBytes, 2 * entryBytes, 3 * entryBytes];

/** block = the block at an address. */
export const loadBlock = (block: Block, address: Expression<'i32'>, offset = 0): Body =>
  block.map((entry, k) => assign(entry, f64x2.load(address, offset + offsets[k]!)));

/** The block at an address = block. */
export const storeBlock = (address: Expression<'i32'>, block: Block, offset = 0): Body =>
  block.map((entry, k) => f64x2.store(address, entry, offset + offsets[k]!));

/** block = 0. */
export const clearBlock = (block: Block): Body => block.map((entry) => assign(entry, f64x2.constant(0)));

/** sum += u v. */
const addProduct = ({ plusBoth }: ProductSums, sum: Local<'v128'>, { re, im }: Factor, v: Local<'v128'>): Body =>
  assign(sum, plusBoth(sum, re, v, im, exchanged(v)));

/** sum += factor times block. */
export const addScaled = (sums: ProductSums, sum: Block, factor: Factor, block: Block): Body =>
  sum.map((entry, k) => addProduct(sums, entry, factor, block[k]!));

/** to = a b; none of them may be another. */
export const multiplyBlocks = ({ local }: Scope, sums: ProductSums, a: Block, b: Block, to: Block): Body => {
  const [re, im] = [local('v128'), local('v128')];
  const [a00, a01, a10, a11] = a;
  const [b00, b01, b10, b11] = b;
  const [to00, to01, to10, to11] = to;
  const addTerms = (factor: Factor, terms: readonly (readonly [sum: Local<'v128'>, term: Local<'v128'>])[]): Body => [
    assign(re, factor.re),
    assign(im, factor.im),
    terms.map(([sum, term]) => addProduct(sums, sum, { re, im }, term)),
  ];
  return [
    clearBlock(to),
    addTerms(factorOf(a00), [
      [to00, b00],
      [to01, b01],
    ]),
    addTerms(factorOf(a01), [
      [to00, b10],
      [to01, b11],
    ]),
    addTerms(factorOf(a10), [
      [to10, b00],
      [to11, b01],
    ]),
    addTerms(factorOf(a11), [
      [to10, b10],
      [to11, b11],
    ]),
  ];
};
