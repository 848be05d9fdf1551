/** Laws of the products of complex matrices, and of the inverses that are made of them. */
import fc from 'fast-check';

import type { ComplexGemmOf } from '../../src/linear/complex-gemm.ts';
import { addLogarithms, inversionNumbers, invert, noLogarithm } from '../../src/linear/definite-inverse.kernel.ts';
import { eigenvalues } from '../../src/linear/diagonalize.ts';
import type { HermitianMatrix } from '../../src/linear/hermitian-matrix.ts';
import { hermitian } from '../arbitraries/hermitian.ts';
import { interval } from '../arbitraries/interval.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

type Complex = readonly [re: number, im: number];

const times = ([a, b]: Complex, [x, y]: Complex): Complex => [a * x - b * y, a * y + b * x];

const plus = ([a, b]: Complex, [x, y]: Complex): Complex => [a + x, b + y];

/** Numbers of order 1, as many as asked for, from a few: what matters is where they go. */
const numbersFrom = (seed: readonly number[], count: number): readonly number[] =>
  upTo(count).map((i) => {
    const x = Math.sin((i + 1) * (seed[i % seed.length] ?? 0) * 1e3 + i);
    return x - Math.trunc(4 * x) / 8;
  });

interface ProductCase {
  readonly width: number;
  readonly mode: 'set' | 'add' | 'subtract';
  readonly aWidth: number;
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  readonly seed: readonly number[];
}

const productCases: fc.Arbitrary<ProductCase> = fc
  .record({
    width: fc.constantFrom(8, 12, 16, 20),
    mode: fc.constantFrom('set', 'add', 'subtract'),
    kind: fc.constantFrom('four', 'six', 'full', 'cell'),
    rowPairs: fc.integer({ min: 1, max: 4 }),
    size: fc.nat(),
    seed: fc.array(interval(-1, 1), { minLength: 5, maxLength: 5 }),
  })
  .map(({ width, mode, kind, rowPairs, size, seed }) => {
    const isFull = kind === 'full' || kind === 'cell';
    const aWidth = isFull ? width : kind === 'four' ? 4 : 6;
    return {
      ...{ width, mode, aWidth, seed },
      rows: 2 * rowPairs,
      inner: isFull ? 1 + (size % width) : aWidth,
      columns: kind === 'cell' ? 2 : 4 * (1 + (size % (width / 4))),
    };
  });

/** The entry (row, column) of a matrix of this width that starts at a place of the memory. */
const entryOf =
  (memory: Float64Array | readonly number[], at: number, width: number) =>
  (row: number, column: number): Complex => [
    memory[at + 2 * width * row + column] ?? NaN,
    memory[at + 2 * width * row + width + column] ?? NaN,
  ];

export const productsAreSums: Law<ComplexGemmOf, ProductCase> = {
  statement: 'c = a b, c += a b and c -= a b, entry by entry; nothing else in the memory changes',
  cases: productCases,
  holds:
    (productsOf) =>
    ({ width, mode, aWidth, rows, inner, columns, seed }) => {
      // Room for a, b and c, with a margin about each.
      const [a, b, c] = [width, width + 400, width + 1600];
      const products = productsOf(width, 2400);
      const before = numbersFrom(seed, 2400);
      products.memory.set(before);
      products[mode](rows, inner, columns, a, aWidth, b, c);
      const [as, bs, cs] = [entryOf(before, a, aWidth), entryOf(before, b, width), entryOf(before, c, width)];
      const found = entryOf(products.memory, c, width);
      const sign = mode === 'subtract' ? -1 : 1;
      const isRight = upTo(rows).every((row) =>
        upTo(columns).every((column) => {
          const product = upTo(inner)
            .map((k) => times(as(row, k), bs(k, column)))
            .reduce(plus, [0, 0]);
          const start = mode === 'set' ? ([0, 0] as const) : cs(row, column);
          const [re, im] = plus(start, [sign * product[0], sign * product[1]]);
          const [foundRe, foundIm] = found(row, column);
          // Sums of at most 41 terms of order 1.
          return Math.abs(foundRe - re) <= 1e-13 && Math.abs(foundIm - im) <= 1e-13;
        }),
      );
      const isOfC = (index: number): boolean =>
        index >= c && index < c + 2 * width * rows && (index - c) % width < columns;
      return isRight && before.every((x, index) => isOfC(index) || products.memory[index] === x);
    },
};

export const transposeExchanges: Law<ComplexGemmOf, { readonly width: number; readonly seed: readonly number[] }> = {
  statement: 'the transpose has entry (j, i) at (i, j), without conjugation',
  cases: fc.record({
    width: fc.constantFrom(4, 8, 12),
    seed: fc.array(interval(-1, 1), { minLength: 5, maxLength: 5 }),
  }),
  holds:
    (productsOf) =>
    ({ width, seed }) => {
      const numbers = 2 * width * width;
      const products = productsOf(width, 2 * numbers);
      products.memory.set(numbersFrom(seed, numbers));
      products.transpose(0, numbers);
      const [a, c] = [entryOf(products.memory, 0, width), entryOf(products.memory, numbers, width)];
      return upTo(width).every((i) => upTo(width).every((j) => a(i, j)[0] === c(j, i)[0] && a(i, j)[1] === c(j, i)[1]));
    },
  runs: 30,
};

/** The inverse of a matrix with entries in rows, and log det. */
export type InverseOf = (
  width: number,
  entries: readonly Complex[],
) => { readonly inverse: readonly Complex[]; readonly logDeterminant: Complex };

/** By elimination with these products. */
export const inverseBy =
  (productsOf: ComplexGemmOf): InverseOf =>
  (width, entries) => {
    const numbers = 2 * width * width;
    const pivots = numbers + inversionNumbers(width);
    const products = productsOf(width, pivots + 2 * width);
    entries.forEach(([re, im], index) => {
      const at = 2 * width * Math.floor(index / width) + (index % width);
      products.memory.set([re], at);
      products.memory.set([im], at + width);
    });
    const logarithm = noLogarithm();
    invert(products, width, numbers, 0, pivots, false);
    addLogarithms(logarithm, products.memory, pivots, width);
    const [modulus = NaN, argument = NaN] = logarithm.parts;
    const entry = entryOf(products.memory, 0, width);
    return {
      inverse: entries.map((_, index) => entry(Math.floor(index / width), index % width)),
      logDeterminant: [modulus, argument],
    };
  };

/** The sum of the logarithms of numbers of the upper half plane. */
export type SumOfLogarithms = (numbers: readonly Complex[]) => Complex;

/** Numbers of all sizes and directions, the axes and signed zeros among them. */
const upperNumbers: fc.Arbitrary<readonly Complex[]> = fc.array(
  fc
    .record({
      angle: fc.oneof(interval(0, Math.PI), fc.constantFrom(1e-12, Math.PI / 2, Math.PI - 1e-12)),
      exponent: fc.oneof(
        { weight: 4, arbitrary: fc.integer({ min: -3, max: 3 }) },
        { weight: 2, arbitrary: fc.constantFrom(-150, 150) },
      ),
      isOnAxis: fc.boolean(),
    })
    .map(({ angle, exponent, isOnAxis }): Complex => {
      const size = 10 ** exponent;
      return isOnAxis ? [-0, size] : [size * Math.cos(angle), size * Math.max(1e-12, Math.sin(angle))];
    }),
  { minLength: 1, maxLength: 11 },
);

export const logarithmsOfProducts: Law<SumOfLogarithms, readonly Complex[]> = {
  statement:
    'logarithms of numbers of the upper half plane add up on the branch of their sum, whatever their number and size',
  cases: upperNumbers,
  holds: (sumOf) => (numbers) => {
    const [modulus, argument] = sumOf(numbers);
    // hypot of the standard library squares nothing.
    const moduli = numbers.map(([x, y]) => Math.log(Math.hypot(x, y)));
    const expected = moduli.reduce((sum, x) => sum + x, 0);
    const turned = numbers.reduce((sum, [x, y]) => sum + Math.atan2(y, x), 0);
    // Each product and each logarithm rounds a few units in the last place of numbers of at most 11 log 1e150.
    return Math.abs(modulus - expected) <= 1e-11 && Math.abs(argument - turned) <= 1e-13;
  },
  runs: 300,
};

interface ResolventCase {
  readonly matrix: HermitianMatrix;
  readonly z: Complex;
}

const resolventCases: fc.Arbitrary<ResolventCase> = fc.record({
  matrix: fc
    .record({
      width: fc.constantFrom(4, 8, 12, 16),
      seed: fc.array(interval(-1, 1), { minLength: 7, maxLength: 7 }),
    })
    .map(({ width, seed }) => {
      const numbers = numbersFrom(seed, 2 * width * width);
      return hermitian(width, (row, column) => {
        const index = 2 * (row * width + column);
        return [numbers[index] ?? 0, numbers[index + 1] ?? 0];
      });
    }),
  z: fc.tuple(interval(-3, 3), interval(0.05, 3)),
});

export const inverseSolves: Law<InverseOf, ResolventCase> = {
  statement: '(z - H) times its inverse is 1 for Im z > 0, without pivoting',
  cases: resolventCases,
  holds:
    (inverseOf) =>
    ({ matrix: { dimension, re, im }, z }) => {
      const entries = upTo(dimension * dimension).map((index): Complex => {
        const diagonal = index % (dimension + 1) === 0 ? z : [0, 0];
        return [diagonal[0] - (re[index] ?? NaN), diagonal[1] - (im[index] ?? NaN)];
      });
      const { inverse } = inverseOf(dimension, entries);
      return upTo(dimension).every((row) =>
        upTo(dimension).every((column) => {
          const [x, y] = upTo(dimension)
            .map((k) =>
              times(entries[row * dimension + k] ?? [NaN, NaN], inverse[k * dimension + column] ?? [NaN, NaN]),
            )
            .reduce(plus, [0, 0]);
          // |z - H| / Im z is at most a few hundred, and so is the growth of the entries.
          return Math.hypot(x - (row === column ? 1 : 0), y) <= 1e-9;
        }),
      );
    },
  runs: 60,
};

export const logarithmsAdd: Law<InverseOf, ResolventCase> = {
  statement: 'log det(z - H) is the sum of log(z - E_n), on the branch that is analytic in the upper half plane',
  cases: resolventCases,
  holds:
    (inverseOf) =>
    ({ matrix, z: [zRe, zIm] }) => {
      const { dimension, re, im } = matrix;
      const entries = upTo(dimension * dimension).map((index): Complex => {
        const diagonal = index % (dimension + 1) === 0 ? ([zRe, zIm] as const) : ([0, 0] as const);
        return [diagonal[0] - (re[index] ?? NaN), diagonal[1] - (im[index] ?? NaN)];
      });
      const { logDeterminant } = inverseOf(dimension, entries);
      const levels = [...right(eigenvalues(matrix))];
      const modulus = levels.reduce((sum, x) => sum + Math.log(Math.hypot(zRe - x, zIm)), 0);
      const argument = levels.reduce((sum, x) => sum + Math.atan2(zIm, zRe - x), 0);
      return Math.abs(logDeterminant[0] - modulus) <= 1e-10 && Math.abs(logDeterminant[1] - argument) <= 1e-10;
    },
  runs: 60,
};
