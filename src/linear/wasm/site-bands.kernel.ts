/**
 * Bands of three 2 x 2 blocks a site in WebAssembly: their products with dense matrices, their sums with them, and the blocks of
 * dense matrices where a band has its own. `line-matrices.ts` says where that is; the columns of a band go round the line.
 */
import {
  advance,
  after,
  assign,
  call,
  f64x2,
  i32,
  timesOf,
  type Body,
  type Expression,
  type Local,
} from '../../assembler/expression.ts';
import { numberBytes, vectorBytes } from '../../assembler/kernel-module.ts';
import { goRound } from '../../assembler/loops.ts';
import { defineFunction, type FunctionDefinition } from '../../assembler/module.ts';
import { blockNumbers } from '../block-cyclic-matrix.ts';
import type { Mode } from '../complex-gemm.ts';
import { widthOf, type Band, type Side } from '../line-matrices.ts';
import { productName } from './complex-product.kernel.ts';

const blockBytes = blockNumbers * numberBytes;

/** Two columns of one part, or two rows: what a block takes of a matrix. */
const twoColumns = 2 * numberBytes;

const three = [0, 1, 2];

/** The entries 00, 01, 10, 11 of a block, row by row, or of its transpose. */
const entries = (isTransposed: boolean): readonly (readonly [number, number])[] =>
  isTransposed
    ? [
        [0, 2],
        [1, 3],
      ]
    : [
        [0, 1],
        [2, 3],
      ];

/** Real parts, or imaginary parts, of two complex numbers. */
const realParts = f64x2.shuffle(0, 2);
const imaginaryParts = f64x2.shuffle(1, 3);

/** The name of the product by a band. */
export const bandProductName = (how: Mode, { side, isTransposed }: Band): string =>
  `${how}_band_${side}${isTransposed ? '_transposed' : ''}`;

/** Parameters: blocks, scratch, matrix, product. Each site's two rows of the band are packed for a product of six terms. */
const bandProductFunction = (size: number, how: Mode, band: Band): FunctionDefinition =>
  defineFunction(bandProductName(how, band), ({ parameter, local }) => {
    const [blocks, scratch, a, c] = [parameter(), parameter(), parameter(), parameter()];
    const [site, row] = [local('i32'), local('i32')];
    const sources = three.map(() => local('i32'));
    const isRight = band.side === 'right';
    const width = widthOf(size);
    const siteRows = 4 * width * numberBytes;
    // On the left the first of the three is two sites before.
    const first = isRight ? 0 : size - 2;
    const blockOf = (j: number): number => (isRight ? j : 2 - j) * size * blockBytes;
    const pack = (source: Local<'i32'>, j: number): Body =>
      entries(band.isTransposed).map(([one, other], r) => {
        const [x, y] = [
          f64x2.load(source, blockOf(j) + one * vectorBytes),
          f64x2.load(source, blockOf(j) + other * vectorBytes),
        ];
        const to = 12 * r * numberBytes + j * twoColumns;
        return [
          f64x2.store(scratch, realParts(x, y), to),
          f64x2.store(scratch, imaginaryParts(x, y), to + 6 * numberBytes),
        ];
      });
    return [
      sources.map((source, j) => assign(source, after(blocks, isRight ? 0 : ((first + j) % size) * blockBytes))),
      assign(row, after(a, first * siteRows)),
      timesOf(site, i32.constant(size), [
        sources.map(pack),
        call(
          productName(how, 6, 2),
          ...[i32.constant(1), i32.constant(6), i32.constant(width / 4)],
          ...[scratch, row, c],
        ),
        sources.map((source) => goRound(source, blockBytes, blocks, size * blockBytes)),
        goRound(row, siteRows, a, size * siteRows),
        advance(c, siteRows),
      ]),
    ];
  });

/** The column of block j in the row of the first site. */
const firstColumn = (size: number, side: Side, j: number): number =>
  ({ right: j, left: size - j, middle: size - 1 + j })[side] % size;

/** The name of the sum with a band. */
export const bandSumName = ({ side, isTransposed }: Band): string => `sum_${side}${isTransposed ? '_transposed' : ''}`;

/** Parameters: blocks, matrix. */
const bandSumFunction = (size: number, band: Band): FunctionDefinition =>
  defineFunction(bandSumName(band), ({ parameter, local }) => {
    const [blocks, a] = [parameter(), parameter()];
    const [site, source, to] = [local('i32'), local('i32'), local('i32')];
    // Bytes from the start of a row to block j.
    const columns = three.map(() => local('i32'));
    const part = widthOf(size) * numberBytes;
    const addBlock = (column: Local<'i32'>, j: number): Body => [
      assign(to, i32.add(a, column)),
      // A site has two columns of 8 bytes, and blocks of 64.
      band.side === 'left'
        ? assign(source, i32.add(blocks, i32.multiply(column, i32.constant(blockBytes / twoColumns))))
        : [],
      entries(band.isTransposed).map(([one, other], r) => {
        const offset = j * size * blockBytes;
        const [x, y] = [
          f64x2.load(source, offset + one * vectorBytes),
          f64x2.load(source, offset + other * vectorBytes),
        ];
        const at = 2 * r * part;
        return [
          f64x2.store(to, f64x2.add(f64x2.load(to, at), realParts(x, y)), at),
          f64x2.store(to, f64x2.add(f64x2.load(to, at + part), imaginaryParts(x, y)), at + part),
        ];
      }),
    ];
    return [
      columns.map((column, j) => assign(column, i32.constant(firstColumn(size, band.side, j) * twoColumns))),
      assign(source, blocks),
      timesOf(site, i32.constant(size), [
        columns.map(addBlock),
        columns.map((column) => goRound(column, twoColumns, i32.constant(0), size * twoColumns)),
        band.side === 'left' ? [] : advance(source, blockBytes),
        advance(a, 4 * part),
      ]),
    ];
  });

/** Copies two columns of two rows of a matrix into a block, or adds them to it. */
const copyBlock = (
  how: 'set' | 'add',
  from: Expression<'i32'>,
  part: number,
  to: Expression<'i32'>,
  offset: number,
): Body =>
  [0, 1].map((r) => {
    const [re, im] = [f64x2.load(from, 2 * r * part), f64x2.load(from, (2 * r + 1) * part)];
    const put = (entry: Expression<'v128'>, at: number): Body =>
      f64x2.store(to, how === 'add' ? f64x2.add(f64x2.load(to, at), entry) : entry, at);
    return [
      put(f64x2.shuffle(0, 2)(re, im), offset + 2 * r * vectorBytes),
      put(f64x2.shuffle(1, 3)(re, im), offset + (2 * r + 1) * vectorBytes),
    ];
  });

/** The name of the copy of blocks. */
export const blocksName = (side: Side): string => `blocks_${side}`;

/** Parameters: matrix, blocks. */
const blocksFunction = (size: number, side: Side): FunctionDefinition =>
  defineFunction(blocksName(side), ({ parameter, local }) => {
    const [a, blocks] = [parameter(), parameter()];
    const [site, from, line] = [local('i32'), local('i32'), local('i32')];
    const others = three.map(() => local('i32'));
    const part = widthOf(size) * numberBytes;
    // Along the other way go columns, or rows on the left.
    const step = side === 'left' ? 4 * part : twoColumns;
    return [
      others.map((other, j) =>
        assign(other, i32.constant(firstColumn(size, side === 'left' ? 'right' : side, j) * step)),
      ),
      assign(line, a),
      timesOf(site, i32.constant(size), [
        others.map((other, j) => [
          assign(from, i32.add(line, other)),
          copyBlock('set', from, part, blocks, j * size * blockBytes),
        ]),
        others.map((other) => goRound(other, step, i32.constant(0), size * step)),
        advance(line, side === 'left' ? twoColumns : 4 * part),
        advance(blocks, blockBytes),
      ]),
    ];
  });

/** The name of the product of which blocks alone are wanted. */
export const productBlocksName = (how: 'set' | 'add', side: Side): string => `${how}_blocks_${side}`;

/** Parameters: a, b, c, d, scratch, blocks. The blocks of a b + c d. */
const productBlocksFunction = (size: number, how: 'set' | 'add', side: Side): FunctionDefinition =>
  defineFunction(productBlocksName(how, side), ({ parameter, local }) => {
    const [a, b, c, d] = [parameter(), parameter(), parameter(), parameter()];
    const [scratch, blocks] = [parameter(), parameter()];
    const site = local('i32');
    const others = three.map(() => local('i32'));
    const width = widthOf(size);
    const part = width * numberBytes;
    const isLeft = side === 'left';
    // Along the other way go columns, or rows on the left.
    const [step, along] = isLeft ? [4 * part, twoColumns] : [twoColumns, 4 * part];
    const oneBlock = (mode: 'set' | 'add', row: Local<'i32'>, column: Local<'i32'>, other: Local<'i32'>): Body =>
      call(
        productName(mode, width, 1),
        ...[i32.constant(1), i32.constant(2 * size), i32.constant(1)],
        ...[isLeft ? i32.add(row, other) : row, isLeft ? column : i32.add(column, other), scratch],
      );
    return [
      others.map((other, j) => assign(other, i32.constant(firstColumn(size, isLeft ? 'right' : side, j) * step))),
      timesOf(site, i32.constant(size), [
        others.map((other, j) => [
          oneBlock('set', a, b, other),
          oneBlock('add', c, d, other),
          copyBlock(how, scratch, part, blocks, j * size * blockBytes),
        ]),
        others.map((other) => goRound(other, step, i32.constant(0), size * step)),
        (isLeft ? [b, d] : [a, c]).map((pointer) => advance(pointer, along)),
        advance(blocks, blockBytes),
      ]),
    ];
  });

const sides: readonly Side[] = ['right', 'left', 'middle'];

const modes: readonly Mode[] = ['set', 'add', 'subtract'];

const bands: readonly Band[] = sides.flatMap((side) => [
  { side, isTransposed: false },
  { side, isTransposed: true },
]);

/** The functions for lines of N sites; they call products. */
export const bandFunctions = (size: number): readonly FunctionDefinition[] => [
  ...bands
    .filter(({ side }) => side !== 'middle')
    .flatMap((band) => modes.map((how) => bandProductFunction(size, how, band))),
  ...bands.map((band) => bandSumFunction(size, band)),
  ...sides.map((side) => blocksFunction(size, side)),
  ...sides.flatMap((side) => [productBlocksFunction(size, 'set', side), productBlocksFunction(size, 'add', side)]),
];
