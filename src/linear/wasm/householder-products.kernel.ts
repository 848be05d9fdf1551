/**
 * What takes time in the reduction to tridiagonal form, in WebAssembly: a Hermitian matrix times a vector, and the
 * rank-2k update of the matrix by the reflections of a panel.
 *
 * Rows of complex numbers lie in vectors of two, first both real parts, then both imaginary parts: the entry j of a row
 * has its real part at 4 floor(j / 2) + j mod 2, and its imaginary part two numbers on. Coefficients are pairs of a
 * real and an imaginary part. Places are counted in float64 numbers, and so are strides, from a row to the next.
 */
import {
  advance,
  after,
  assign,
  f32x4,
  f64,
  f64x2,
  i32,
  timesOf,
  when,
  type Body,
  type Expression,
  type Local,
} from '../../assembler/expression.ts';
import { kernelModule, numberBytes } from '../../assembler/kernel-module.ts';
import { defineFunction, type FunctionDefinition } from '../../assembler/module.ts';

/** The products of the blocked reduction, by places in one memory, in WebAssembly. */
export interface HouseholderProducts {
  readonly memory: Float64Array;
  /** c -= a b: c [rows, columns], a [rows, inner] of coefficients, b [inner, columns]; columns in fours. */
  readonly subtract: (
    rows: number,
    inner: number,
    columns: number,
    a: number,
    aStride: number,
    b: number,
    bStride: number,
    c: number,
    cStride: number,
  ) => void;
  /**
   * y += L x + L^dagger x for the lower triangle L of the matrix without the 2 x 2 blocks on its diagonal, where x and
   * y, and so the product, are conjugated. The first 2 `pairs` rows take part.
   */
  readonly hermitian: (pairs: number, a: number, aStride: number, x: number, y: number) => void;
  /** sum over j of b_j x_j^* for so many pairs of rows of b, in vectors of two entries; results are coefficients. */
  readonly dots: (pairs: number, vectors: number, b: number, bStride: number, x: number, to: number) => void;
}

/** Bytes of a vector of two complex numbers, and where its imaginary parts are. */
const pair = 32;
const imaginary = 16;

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

const plusEquals = (sum: Local<'v128'>, x: Expression<'v128'>, y: Expression<'v128'>): Body =>
  assign(sum, f64x2.add(sum, f64x2.multiply(x, y)));

const minusEquals = (sum: Local<'v128'>, x: Expression<'v128'>, y: Expression<'v128'>): Body =>
  assign(sum, f64x2.subtract(sum, f64x2.multiply(x, y)));

const moved = (pointer: Local<'i32'>, distance: Expression<'i32'>): Body => assign(pointer, i32.add(pointer, distance));

/** c -= a b in blocks of `count` rows and two vectors. */
const subtractFunction = (name: string, count: 1 | 2): FunctionDefinition =>
  defineFunction(name, ({ parameter, local }) => {
    const [rowBlocks, inner, columnBlocks] = [parameter(), parameter(), parameter()];
    const [a, aStride, b, bStride, c, cStride] = [
      ...[parameter(), parameter(), parameter()],
      ...[parameter(), parameter(), parameter()],
    ] as const;
    const [block, rowBlock, k] = [local('i32'), local('i32'), local('i32')];
    const [bRow, bColumn] = [local('i32'), local('i32')];
    const aRows = upTo(count).map(() => local('i32'));
    const cRows = upTo(count).map(() => local('i32'));
    const re = upTo(count).map(() => upTo(2).map(() => local('v128')));
    const im = upTo(count).map(() => upTo(2).map(() => local('v128')));
    const bRe = upTo(2).map(() => local('v128'));
    const bIm = upTo(2).map(() => local('v128'));
    const [aRe, aIm] = [local('v128'), local('v128')];
    const startAt = (rows: readonly Local<'i32'>[], place: Expression<'i32'>, stride: Local<'i32'>): Body =>
      rows.map((row, index) => assign(row, index === 0 ? place : i32.add(rows[index - 1]!, stride)));
    const each = (f: (row: number, v: number) => Body): Body => upTo(count).map((row) => upTo(2).map((v) => f(row, v)));
    return [
      assign(bColumn, b),
      // Rows outside, so that what is updated passes through the caches once.
      timesOf(rowBlock, rowBlocks, [
        assign(bColumn, b),
        startAt(cRows, c, cStride),
        timesOf(block, columnBlocks, [
          startAt(aRows, a, aStride),
          assign(bRow, bColumn),
          each((row, v) => [
            assign(re[row]![v]!, f64x2.load(cRows[row]!, v * pair)),
            assign(im[row]![v]!, f64x2.load(cRows[row]!, v * pair + imaginary)),
          ]),
          timesOf(k, inner, [
            upTo(2).map((v) => [
              assign(bRe[v]!, f64x2.load(bRow, v * pair)),
              assign(bIm[v]!, f64x2.load(bRow, v * pair + imaginary)),
            ]),
            upTo(count).map((row) => [
              assign(aRe, f64x2.loadSplat(aRows[row]!)),
              assign(aIm, f64x2.loadSplat(aRows[row]!, numberBytes)),
              upTo(2).map((v) => [
                minusEquals(re[row]![v]!, aRe, bRe[v]!),
                minusEquals(im[row]![v]!, aRe, bIm[v]!),
                plusEquals(re[row]![v]!, aIm, bIm[v]!),
                minusEquals(im[row]![v]!, aIm, bRe[v]!),
              ]),
              advance(aRows[row]!, 2 * numberBytes),
            ]),
            moved(bRow, bStride),
          ]),
          each((row, v) => [
            f64x2.store(cRows[row]!, re[row]![v]!, v * pair),
            f64x2.store(cRows[row]!, im[row]![v]!, v * pair + imaginary),
          ]),
          cRows.map((row) => advance(row, 2 * pair)),
          advance(bColumn, 2 * pair),
        ]),
        upTo(count).map(() => [moved(a, aStride), moved(c, cStride)]),
      ]),
    ];
  });

const lanes = (v: Local<'v128'>): Expression<'f64'> => f64.add(f64x2.lane(0)(v), f64x2.lane(1)(v));

/** Rows 2 and 3, 4 and 5, .. of the lower triangle, two at a time, with the entries left of the diagonal block. */
const hermitianFunction = defineFunction('hermitian', ({ parameter, local }) => {
  const [pairs, a, aStride, x, y] = [parameter(), parameter(), parameter(), parameter(), parameter()];
  const [row, vectors, k] = [local('i32'), local('i32'), local('i32')];
  const [xEntry, yEntry, xRow, yRow] = [local('i32'), local('i32'), local('i32'), local('i32')];
  const aRows = [local('i32'), local('i32')] as const;
  const own = aRows.map(() => [local('v128'), local('v128')] as const);
  const sums = aRows.map(() => [local('v128'), local('v128')] as const);
  const [xRe, xIm, yRe, yIm] = [local('v128'), local('v128'), local('v128'), local('v128')];
  const [aRe, aIm] = [local('v128'), local('v128')];
  const [first, second] = aRows;
  return when(i32.differs(pairs, i32.constant(1)), [
    assign(vectors, i32.constant(1)),
    assign(xRow, after(x, pair)),
    assign(yRow, after(y, pair)),
    moved(a, aStride),
    moved(a, aStride),
    timesOf(row, i32.subtract(pairs, i32.constant(1)), [
      assign(first, a),
      assign(second, i32.add(a, aStride)),
      own.map(([re, im], index) => [
        assign(re, f64x2.loadSplat(xRow, index * numberBytes)),
        assign(im, f64x2.loadSplat(xRow, imaginary + index * numberBytes)),
      ]),
      sums.map(([re, im]) => [assign(re, f32x4.constant(0)), assign(im, f32x4.constant(0))]),
      assign(xEntry, x),
      assign(yEntry, y),
      timesOf(k, vectors, [
        assign(xRe, f64x2.load(xEntry)),
        assign(xIm, f64x2.load(xEntry, imaginary)),
        assign(yRe, f64x2.load(yEntry)),
        assign(yIm, f64x2.load(yEntry, imaginary)),
        aRows.map((aRow, index) => {
          const [ownRe, ownIm] = own[index]!;
          const [sumRe, sumIm] = sums[index]!;
          return [
            assign(aRe, f64x2.load(aRow)),
            assign(aIm, f64x2.load(aRow, imaginary)),
            plusEquals(sumRe, aRe, xRe),
            plusEquals(sumIm, aRe, xIm),
            plusEquals(yRe, aRe, ownRe),
            plusEquals(yIm, aRe, ownIm),
            plusEquals(sumRe, aIm, xIm),
            minusEquals(sumIm, aIm, xRe),
            minusEquals(yRe, aIm, ownIm),
            plusEquals(yIm, aIm, ownRe),
            advance(aRow, pair),
          ];
        }),
        f64x2.store(yEntry, yRe),
        f64x2.store(yEntry, yIm, imaginary),
        advance(xEntry, pair),
        advance(yEntry, pair),
      ]),
      sums.map(([re, im], index) => [
        f64.store(yRow, f64.add(f64.load(yRow, index * numberBytes), lanes(re)), index * numberBytes),
        f64.store(
          yRow,
          f64.add(f64.load(yRow, imaginary + index * numberBytes), lanes(im)),
          imaginary + index * numberBytes,
        ),
      ]),
      moved(a, aStride),
      moved(a, aStride),
      advance(xRow, pair),
      advance(yRow, pair),
      advance(vectors, 1),
    ]),
  ]);
});

const dotsFunction = defineFunction('dots', ({ parameter, local }) => {
  const [pairs, vectors, b, bStride, x, to] = [
    ...[parameter(), parameter(), parameter()],
    ...[parameter(), parameter(), parameter()],
  ] as const;
  const [row, k, xEntry] = [local('i32'), local('i32'), local('i32')];
  const bRows = [local('i32'), local('i32')] as const;
  const sums = bRows.map(() => [local('v128'), local('v128')] as const);
  const [xRe, xIm, bRe, bIm] = [local('v128'), local('v128'), local('v128'), local('v128')];
  const [first, second] = bRows;
  return timesOf(row, pairs, [
    assign(first, b),
    assign(second, i32.add(b, bStride)),
    assign(xEntry, x),
    sums.map(([re, im]) => [assign(re, f32x4.constant(0)), assign(im, f32x4.constant(0))]),
    timesOf(k, vectors, [
      assign(xRe, f64x2.load(xEntry)),
      assign(xIm, f64x2.load(xEntry, imaginary)),
      bRows.map((bRow, index) => {
        const [sumRe, sumIm] = sums[index]!;
        return [
          assign(bRe, f64x2.load(bRow)),
          assign(bIm, f64x2.load(bRow, imaginary)),
          plusEquals(sumRe, bRe, xRe),
          plusEquals(sumIm, bIm, xRe),
          plusEquals(sumRe, bIm, xIm),
          minusEquals(sumIm, bRe, xIm),
          advance(bRow, pair),
        ];
      }),
      advance(xEntry, pair),
    ]),
    sums.map(([re, im], index) => [
      f64.store(to, lanes(re), 2 * index * numberBytes),
      f64.store(to, lanes(im), (2 * index + 1) * numberBytes),
    ]),
    moved(b, bStride),
    moved(b, bStride),
    advance(to, 4 * numberBytes),
  ]);
});

/** Makes products in a memory of so many numbers of its own; the module is compiled once. */
export const householderProductsOf = (): ((numbers: number) => HouseholderProducts) => {
  const started = kernelModule(() => [
    subtractFunction('one', 1),
    subtractFunction('two', 2),
    hermitianFunction,
    dotsFunction,
  ]);
  return (numbers) => {
    const { memory, kernel } = started(numbers * numberBytes);
    const [one, two, hermitian, dots] = [kernel('one'), kernel('two'), kernel('hermitian'), kernel('dots')];
    return {
      memory,
      subtract: (rows, inner, columns, ...places) => {
        const [how, blocks] = rows % 2 === 0 ? ([two, rows / 2] as const) : ([one, rows] as const);
        how(blocks, inner, columns / 4, ...places.map((place) => place * numberBytes));
      },
      hermitian: (pairs, ...places) => {
        hermitian(pairs, ...places.map((place) => place * numberBytes));
      },
      dots: (pairs, vectors, ...places) => {
        dots(pairs, vectors, ...places.map((place) => place * numberBytes));
      },
    };
  };
};
