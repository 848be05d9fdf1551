/**
 * What takes time in the reduction to tridiagonal form, in WebAssembly: a Hermitian matrix times a vector, the rank-2k
 * update of the matrix by the reflections of a panel, and what is done to whole rows.
 *
 * Rows of complex numbers lie in fours: four real parts, then four imaginary parts. The entry j of a row has its real
 * part at 8 floor(j / 4) + j mod 4, and its imaginary part four numbers on. Coefficients are pairs of a real and an
 * imaginary part. Places are counted in float64 numbers, and so are strides, from a row to the next.
 *
 * A four is two vectors side by side; where both have the same done to them, an engine that packs makes one instruction
 * of two (`wide-vector.ts`). Sums along a row are two, of even and of odd entries.
 */
import {
  advance,
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
import { kernelModule, numberBytes, vectorBytes } from '../../assembler/kernel-module.ts';
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
   * y += A x for the Hermitian matrix of which the lower triangle is there, where x and y, and so the product, are
   * conjugated. The first `rows` rows take part; one entry more of y may be written.
   */
  readonly hermitian: (rows: number, a: number, aStride: number, x: number, y: number) => void;
  /** sum over j of b_j x_j^* for so many pairs of rows of b, in fours; results are coefficients. */
  readonly dots: (pairs: number, fours: number, b: number, bStride: number, x: number, to: number) => void;
  /** The sum of |a_j|^2, in fours, or of Re (a_j b_j^*). */
  readonly squares: (fours: number, a: number) => number;
  readonly expectation: (fours: number, a: number, b: number) => number;
  /** c = a / divisor, in fours. */
  readonly divide: (fours: number, a: number, divisor: number, c: number) => void;
  /**
   * With the conjugates of a reflector u at x and of A u at y: w = tau A u - half u, in fours. w^* goes to a row and
   * u^* to the next one; u and w go to rows of coefficients, side by side.
   */
  readonly collect: (
    fours: number,
    x: number,
    y: number,
    tau: number,
    half: number,
    row: number,
    stride: number,
    coefficients: number,
    coefficientStride: number,
  ) => void;
}

/** Bytes of a four, and where its imaginary parts are. */
const four = 8 * numberBytes;
const imaginary = four / 2;

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

const halves = upTo(2);

const plusEquals = (sum: Local<'v128'>, x: Expression<'v128'>, y: Expression<'v128'>): Body =>
  assign(sum, f64x2.add(sum, f64x2.multiply(x, y)));

const minusEquals = (sum: Local<'v128'>, x: Expression<'v128'>, y: Expression<'v128'>): Body =>
  assign(sum, f64x2.subtract(sum, f64x2.multiply(x, y)));

const moved = (pointer: Local<'i32'>, distance: Expression<'i32'>): Body => assign(pointer, i32.add(pointer, distance));

/** c -= a b in blocks of `count` rows and one four. */
const subtractFunction = (name: string, count: 1 | 2): FunctionDefinition =>
  defineFunction(name, ({ parameter, local }) => {
    const [rowBlocks, inner, columnBlocks] = [parameter(), parameter(), parameter()];
    const [a, aStride, b, bStride, c, cStride] = [
      ...[parameter(), parameter(), parameter()],
      ...[parameter(), parameter(), parameter()],
    ] as const;
    const [block, rowBlock, k] = [local('i32'), local('i32'), local('i32')];
    const [bRow, bColumn] = [local('i32'), local('i32')];
    const rows = upTo(count);
    const aRows = rows.map(() => local('i32'));
    const cRows = rows.map(() => local('i32'));
    const re = rows.map(() => halves.map(() => local('v128')));
    const im = rows.map(() => halves.map(() => local('v128')));
    const bRe = halves.map(() => local('v128'));
    const bIm = halves.map(() => local('v128'));
    const [aRe, aIm] = [local('v128'), local('v128')];
    const startAt = (pointers: readonly Local<'i32'>[], place: Expression<'i32'>, stride: Local<'i32'>): Body =>
      pointers.map((row, index) => assign(row, index === 0 ? place : i32.add(pointers[index - 1]!, stride)));
    /** The upper halves come first, as it is good for stores (`wide-vector.ts`). */
    const each = (f: (sum: Local<'v128'>, row: Local<'i32'>, offset: number) => Body): Body =>
      cRows.map((row, r) => [
        halves.map((h) => f(re[r]![h]!, row, h * vectorBytes)).toReversed(),
        halves.map((h) => f(im[r]![h]!, row, imaginary + h * vectorBytes)).toReversed(),
      ]);
    return [
      // Rows outside, so that what is updated passes through the caches once.
      timesOf(rowBlock, rowBlocks, [
        assign(bColumn, b),
        startAt(cRows, c, cStride),
        timesOf(block, columnBlocks, [
          startAt(aRows, a, aStride),
          assign(bRow, bColumn),
          each((sum, row, offset) => assign(sum, f64x2.load(row, offset))),
          timesOf(k, inner, [
            halves.map((h) => assign(bRe[h]!, f64x2.load(bRow, h * vectorBytes))),
            halves.map((h) => assign(bIm[h]!, f64x2.load(bRow, imaginary + h * vectorBytes))),
            rows.map((r) => [
              assign(aRe, f64x2.loadSplat(aRows[r]!)),
              assign(aIm, f64x2.loadSplat(aRows[r]!, numberBytes)),
              halves.map((h) => minusEquals(re[r]![h]!, aRe, bRe[h]!)),
              halves.map((h) => minusEquals(im[r]![h]!, aRe, bIm[h]!)),
              halves.map((h) => plusEquals(re[r]![h]!, aIm, bIm[h]!)),
              halves.map((h) => minusEquals(im[r]![h]!, aIm, bRe[h]!)),
              advance(aRows[r]!, 2 * numberBytes),
            ]),
            moved(bRow, bStride),
          ]),
          each((sum, row, offset) => f64x2.store(row, sum, offset)),
          cRows.map((row) => advance(row, four)),
          advance(bColumn, four),
        ]),
        rows.map(() => [moved(a, aStride), moved(c, cStride)]),
      ]),
    ];
  });

const lanes = (v: Local<'v128'>): Expression<'f64'> => f64.add(f64x2.lane(0)(v), f64x2.lane(1)(v));

/** Adds a number to one in memory. */
const plusStored = (address: Local<'i32'>, offset: number, value: Expression<'f64'>): Body =>
  f64.store(address, f64.add(f64.load(address, offset), value), offset);

/** Rows 2 and 3, 4 and 5, .. of the lower triangle by two, with the entries left of the 2 x 2 block on the diagonal. */
const hermitianFunction = defineFunction('hermitian', ({ parameter, local }) => {
  const [pairs, a, aStride, x, y] = [parameter(), parameter(), parameter(), parameter(), parameter()];
  const [row, fours, half, k] = [local('i32'), local('i32'), local('i32'), local('i32')];
  const [xEntry, yEntry, place] = [local('i32'), local('i32'), local('i32')];
  const aRows = [local('i32'), local('i32')] as const;
  const own = aRows.map(() => [local('v128'), local('v128')] as const);
  const sums = aRows.map(() => [local('v128'), local('v128')] as const);
  const [xRe, xIm, yRe, yIm] = [local('v128'), local('v128'), local('v128'), local('v128')];
  const [aRe, aIm] = [local('v128'), local('v128')];
  const [first, second] = aRows;
  const twoColumns = (offset: number): Body => [
    assign(xRe, f64x2.load(xEntry, offset)),
    assign(xIm, f64x2.load(xEntry, offset + imaginary)),
    assign(yRe, f64x2.load(yEntry, offset)),
    assign(yIm, f64x2.load(yEntry, offset + imaginary)),
    aRows.map((aRow, index) => {
      const [ownRe, ownIm] = own[index]!;
      const [sumRe, sumIm] = sums[index]!;
      return [
        assign(aRe, f64x2.load(aRow, offset)),
        assign(aIm, f64x2.load(aRow, offset + imaginary)),
        plusEquals(sumRe, aRe, xRe),
        plusEquals(sumIm, aRe, xIm),
        plusEquals(yRe, aRe, ownRe),
        plusEquals(yIm, aRe, ownIm),
        plusEquals(sumRe, aIm, xIm),
        minusEquals(sumIm, aIm, xRe),
        minusEquals(yRe, aIm, ownIm),
        plusEquals(yIm, aIm, ownRe),
      ];
    }),
    f64x2.store(yEntry, yRe, offset),
    f64x2.store(yEntry, yIm, offset + imaginary),
  ];
  return when(i32.isLess(i32.constant(1), pairs), [
    assign(fours, i32.constant(0)),
    assign(half, i32.constant(1)),
    moved(a, aStride),
    moved(a, aStride),
    timesOf(row, i32.subtract(pairs, i32.constant(1)), [
      assign(first, a),
      assign(second, i32.add(a, aStride)),
      assign(place, i32.add(i32.multiply(fours, i32.constant(four)), i32.multiply(half, i32.constant(vectorBytes)))),
      assign(xEntry, i32.add(x, place)),
      own.map(([re, im], index) => [
        assign(re, f64x2.loadSplat(xEntry, index * numberBytes)),
        assign(im, f64x2.loadSplat(xEntry, imaginary + index * numberBytes)),
      ]),
      sums.map(([re, im]) => [assign(re, f32x4.constant(0)), assign(im, f32x4.constant(0))]),
      assign(xEntry, x),
      assign(yEntry, y),
      when(
        fours,
        timesOf(k, fours, [
          halves.map((h) => twoColumns(h * vectorBytes)),
          [...aRows, xEntry, yEntry].map((pointer) => advance(pointer, four)),
        ]),
      ),
      when(half, twoColumns(0)),
      assign(yEntry, i32.add(y, place)),
      sums.map(([re, im], index) => [
        plusStored(yEntry, index * numberBytes, lanes(re)),
        plusStored(yEntry, imaginary + index * numberBytes, lanes(im)),
      ]),
      moved(a, aStride),
      moved(a, aStride),
      moved(fours, half),
      assign(half, i32.subtract(i32.constant(1), half)),
    ]),
  ]);
});

/** The 2 x 2 blocks on the diagonal, of which the lower triangle is there. */
const diagonalFunction = defineFunction('diagonalBlocks', ({ parameter, local }) => {
  const [pairs, a, aStride, x, y] = [parameter(), parameter(), parameter(), parameter(), parameter()];
  const [row, half, step] = [local('i32'), local('i32'), local('i32')];
  const [re, im, upper, lower] = [local('f64'), local('f64'), local('f64'), local('f64')];
  const [x0, x0i, x1, x1i] = [local('f64'), local('f64'), local('f64'), local('f64')];
  const { add, subtract, multiply } = f64;
  return [
    assign(half, i32.constant(0)),
    timesOf(row, pairs, [
      assign(upper, f64.load(a)),
      moved(a, aStride),
      assign(re, f64.load(a)),
      assign(im, f64.load(a, imaginary)),
      assign(lower, f64.load(a, numberBytes)),
      assign(x0, f64.load(x)),
      assign(x1, f64.load(x, numberBytes)),
      assign(x0i, f64.load(x, imaginary)),
      assign(x1i, f64.load(x, imaginary + numberBytes)),
      plusStored(y, 0, multiply(upper, x0)),
      plusStored(y, imaginary, multiply(upper, x0i)),
      plusStored(y, 0, subtract(multiply(re, x1), multiply(im, x1i))),
      plusStored(y, imaginary, add(multiply(re, x1i), multiply(im, x1))),
      plusStored(y, numberBytes, add(add(multiply(re, x0), multiply(im, x0i)), multiply(lower, x1))),
      plusStored(y, imaginary + numberBytes, add(subtract(multiply(re, x0i), multiply(im, x0)), multiply(lower, x1i))),
      // To the second half of a four, or to the next one.
      assign(step, i32.add(i32.constant(vectorBytes), i32.multiply(half, i32.constant(four - 2 * vectorBytes)))),
      assign(half, i32.subtract(i32.constant(1), half)),
      moved(a, aStride),
      [a, x, y].map((pointer) => moved(pointer, step)),
    ]),
  ];
});

const dotsFunction = defineFunction('dots', ({ parameter, local }) => {
  const [pairs, fours, b, bStride, x, to] = [
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
    timesOf(k, fours, [
      halves.map((h) => [
        assign(xRe, f64x2.load(xEntry, h * vectorBytes)),
        assign(xIm, f64x2.load(xEntry, imaginary + h * vectorBytes)),
        bRows.map((bRow, index) => {
          const [sumRe, sumIm] = sums[index]!;
          return [
            assign(bRe, f64x2.load(bRow, h * vectorBytes)),
            assign(bIm, f64x2.load(bRow, imaginary + h * vectorBytes)),
            plusEquals(sumRe, bRe, xRe),
            plusEquals(sumIm, bIm, xRe),
            plusEquals(sumRe, bIm, xIm),
            minusEquals(sumIm, bRe, xIm),
          ];
        }),
      ]),
      [...bRows, xEntry].map((pointer) => advance(pointer, four)),
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

/** The sum over j of Re (a_j b_j^*), one after the other. */
const expectationFunction = defineFunction('expectation', ({ parameter, local }) => {
  const [fours, a, b, to] = [parameter(), parameter(), parameter(), parameter()];
  const [k, sum] = [local('i32'), local('f64')];
  const part = (offset: number): Expression<'f64'> => f64.multiply(f64.load(a, offset), f64.load(b, offset));
  return [
    assign(sum, f64.zero),
    timesOf(k, fours, [
      upTo(4).map((j) => assign(sum, f64.add(sum, f64.add(part(j * numberBytes), part(imaginary + j * numberBytes))))),
      advance(a, four),
      advance(b, four),
    ]),
    f64.store(to, sum),
  ];
});

const divideFunction = defineFunction('divide', ({ parameter, local }) => {
  const [fours, a, divisor, c] = [parameter(), parameter(), parameter(), parameter()];
  const [k, r] = [local('i32'), local('v128')];
  return [
    assign(r, f64x2.loadSplat(divisor)),
    timesOf(k, fours, [
      upTo(4).map((v) => f64x2.store(c, f64x2.divide(f64x2.load(a, v * vectorBytes), r), v * vectorBytes)),
      advance(a, four),
      advance(c, four),
    ]),
  ];
});

const collectFunction = defineFunction('collect', ({ parameter, local }) => {
  const [fours, x, y, scalars] = [parameter(), parameter(), parameter(), parameter()];
  const [row, stride, coefficients, coefficientStride] = [parameter(), parameter(), parameter(), parameter()];
  const [k, next] = [local('i32'), local('i32')];
  const [tau, half] = [local('v128'), local('v128')];
  const [uRe, uIm, wRe, wIm] = [local('v128'), local('v128'), local('v128'), local('v128')];
  const { load, loadSplat, store, multiply, subtract, negate, shuffle } = f64x2;
  const completed = (v: Local<'v128'>, offset: number): Expression<'v128'> =>
    subtract(multiply(tau, load(y, offset)), multiply(half, v));
  return [
    assign(tau, loadSplat(scalars)),
    assign(half, loadSplat(scalars, numberBytes)),
    assign(next, i32.add(row, stride)),
    timesOf(k, fours, [
      halves.map((h) => {
        const [re, im] = [h * vectorBytes, imaginary + h * vectorBytes];
        return [
          assign(uRe, load(x, re)),
          assign(uIm, load(x, im)),
          assign(wRe, completed(uRe, re)),
          assign(wIm, completed(uIm, im)),
          [store(row, wRe, re), store(row, wIm, im), store(next, uRe, re), store(next, uIm, im)],
          assign(uIm, negate(uIm)),
          assign(wIm, negate(wIm)),
          (
            [
              [0, 2],
              [1, 3],
            ] as const
          ).map(([one, other]) => [
            store(coefficients, shuffle(one, other)(uRe, uIm)),
            store(coefficients, shuffle(one, other)(wRe, wIm), vectorBytes),
            moved(coefficients, coefficientStride),
          ]),
        ];
      }),
      [x, y, row, next].map((pointer) => advance(pointer, four)),
    ]),
  ];
});

/** Makes products in a memory of so many numbers of its own; the module is compiled once. */
export const householderProductsOf = (): ((numbers: number) => HouseholderProducts) => {
  const started = kernelModule(() => [
    subtractFunction('one', 1),
    subtractFunction('two', 2),
    hermitianFunction,
    diagonalFunction,
    dotsFunction,
    expectationFunction,
    divideFunction,
    collectFunction,
  ]);
  return (numbers) => {
    // Two numbers more: what kernels are given, or give, that is no place.
    const scalars = 2 * Math.ceil(numbers / 2);
    const { memory, kernel } = started((scalars + 2) * numberBytes);
    const [one, two] = [kernel('one'), kernel('two')];
    const [hermitian, diagonalBlocks, dots] = [kernel('hermitian'), kernel('diagonalBlocks'), kernel('dots')];
    const [sumOfProducts, divide, collect] = [kernel('expectation'), kernel('divide'), kernel('collect')];
    const at = (place: number): number => place * numberBytes;
    const expectation = (fours: number, a: number, b: number): number => {
      if (fours === 0) {
        return 0;
      }
      sumOfProducts(fours, at(a), at(b), at(scalars));
      return memory[scalars]!;
    };
    return {
      memory,
      subtract: (rows, inner, columns, a, aStride, b, bStride, c, cStride) => {
        const [how, count] = rows % 2 === 0 ? [two, 2] : [one, 1];
        how(rows / count, inner, columns / 4, at(a), at(aStride), at(b), at(bStride), at(c), at(cStride));
      },
      hermitian: (rows, a, aStride, x, y) => {
        const pairs = Math.floor(rows / 2);
        hermitian(Math.ceil(rows / 2), at(a), at(aStride), at(x), at(y));
        if (pairs > 0) {
          diagonalBlocks(pairs, at(a), at(aStride), at(x), at(y));
        }
        if (rows % 2 === 1) {
          const entry = 8 * (pairs >> 1) + 2 * (pairs & 1);
          const last = memory[a + (rows - 1) * aStride + entry]!;
          memory[y + entry]! += last * memory[x + entry]!;
          memory[y + entry + 4]! += last * memory[x + entry + 4]!;
        }
      },
      dots: (pairs, fours, b, bStride, x, to) => {
        dots(pairs, fours, at(b), at(bStride), at(x), at(to));
      },
      squares: (fours, a) => expectation(fours, a, a),
      expectation,
      divide: (fours, a, divisor, c) => {
        memory[scalars] = divisor;
        divide(fours, at(a), at(scalars), at(c));
      },
      collect: (fours, x, y, tau, half, row, stride, coefficients, coefficientStride) => {
        memory[scalars] = tau;
        memory[scalars + 1] = half;
        collect(fours, at(x), at(y), at(scalars), at(row), at(stride), at(coefficients), at(coefficientStride));
      },
    };
  };
};
