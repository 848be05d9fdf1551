/** Laws of the diagonalization of Hermitian matrices: what is known of a spectrum without computing it. */
import fc from 'fast-check';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

import type { DiagonalizationSteps, Eigensystem } from '../../src/linear/diagonalize.ts';
import type { HermitianMatrix } from '../../src/linear/hermitian-matrix.ts';
import { implicitQl } from '../../src/linear/implicit-ql.kernel.ts';
import type { Reals } from '../../src/number/reals.ts';
import { complexUnitVectors, hermitian, hermitianMatrices, type ComplexVector } from '../arbitraries/hermitian.ts';
import { interval } from '../arbitraries/interval.ts';
import type { Law } from '../law.ts';

export interface Diagonalization {
  readonly eigenvalues: (matrix: HermitianMatrix) => Reals;
  readonly eigensystemBelow: (bound: number) => (matrix: HermitianMatrix) => Eigensystem;
}

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

const sum = (terms: Iterable<number>): number => Array.from(terms).reduce((total, x) => total + x, 0);

type Complex = readonly [re: number, im: number];

const times = ([a, b]: Complex, [x, y]: Complex): Complex => [a * x - b * y, a * y + b * x];

const conjugate = ([re, im]: Complex): Complex => [re, -im];

const sumOf = (terms: readonly Complex[]): Complex => [sum(terms.map(([re]) => re)), sum(terms.map(([, im]) => im))];

const entryOf =
  (matrix: HermitianMatrix) =>
  (row: number, column: number): Complex => [
    matrix.re[row * matrix.dimension + column] ?? NaN,
    matrix.im[row * matrix.dimension + column] ?? NaN,
  ];

/** Math.hypot, unlike the root of the sum of squares, does not underflow. */
const frobenius = ({ re, im }: HermitianMatrix): number => Math.hypot(...re, ...im);

/**
 * A backward stable solver errs by a small multiple of n eps |A|; 8 is that multiple here. Subnormal results round to
 * units of the smallest number.
 */
const tolerance = (matrix: HermitianMatrix): number =>
  8 * matrix.dimension * (Number.EPSILON * frobenius(matrix) + Number.MIN_VALUE);

/** Both ascending. */
const sameSpectrum = (a: Reals, b: Reals, within: number): boolean =>
  a.length === b.length && a.every((x, n) => Math.abs(x - (b[n] ?? NaN)) <= within);

export const traceAndNorm: Law<Diagonalization, HermitianMatrix> = {
  statement: 'the eigenvalues are ascending; they sum to the trace, their squares to the squared Frobenius norm',
  cases: hermitianMatrices(1, 12),
  holds:
    ({ eigenvalues }) =>
    (matrix) => {
      const levels = eigenvalues(matrix);
      const trace = sum(upTo(matrix.dimension).map((i) => entryOf(matrix)(i, i)[0]));
      const norm = frobenius(matrix);
      return (
        levels.length === matrix.dimension &&
        levels.every((x, n) => n === 0 || x >= (levels[n - 1] ?? NaN)) &&
        Math.abs(sum(levels) - trace) <= matrix.dimension * tolerance(matrix) &&
        Math.abs(Math.hypot(...levels) - norm) <= matrix.dimension * tolerance(matrix)
      );
    },
};

/** The oracle has no eigenvalues for matrices with subnormal entries; the other laws have such matrices. */
const withoutSubnormals = ({ dimension, re, im }: HermitianMatrix): HermitianMatrix => {
  const chopped = (x: number): number => (Math.abs(x) < 1e-100 ? 0 : x);
  return { dimension, re: re.map(chopped), im: im.map(chopped) };
};

export const realEmbedding: Law<Diagonalization, HermitianMatrix> = {
  statement: 'the symmetric matrix [[A, -B], [B, A]] has the eigenvalues of A + iB, each twice (by ml-matrix)',
  cases: hermitianMatrices(1, 8).map(withoutSubnormals),
  holds:
    ({ eigenvalues }) =>
    (matrix) => {
      const { dimension: n } = matrix;
      const embedded = upTo(2 * n).map((row) =>
        upTo(2 * n).map((column) => {
          const [re, im] = entryOf(matrix)(row % n, column % n);
          return row < n === column < n ? re : row < n ? -im : im;
        }),
      );
      const decomposition = new EigenvalueDecomposition(new Matrix(embedded), { assumeSymmetric: true });
      const expected = Float64Array.from(decomposition.realEigenvalues).sort();
      const twice = Float64Array.from([...eigenvalues(matrix)].flatMap((x) => [x, x]));
      return sameSpectrum(twice, expected, 2 * tolerance(matrix));
    },
};

/** U A U^dagger for the reflection U = 1 - 2 v v^dagger. */
const reflected = (matrix: HermitianMatrix, v: ComplexVector): HermitianMatrix => {
  const component = (i: number): Complex => [v.re[i] ?? NaN, v.im[i] ?? NaN];
  const reflection = (i: number, j: number): Complex => {
    const [re, im] = times(component(i), conjugate(component(j)));
    return [(i === j ? 1 : 0) - 2 * re, -2 * im];
  };
  const indices = upTo(matrix.dimension);
  const half = indices.map((i) =>
    indices.map((k) => sumOf(indices.map((j) => times(reflection(i, j), entryOf(matrix)(j, k))))),
  );
  return hermitian(matrix.dimension, (row, column) =>
    sumOf((half[row] ?? []).map((z, k) => times(z, reflection(k, column)))),
  );
};

export const unitaryInvariance: Law<Diagonalization, readonly [HermitianMatrix, ComplexVector]> = {
  statement: 'a unitary change of basis keeps the spectrum, degeneracies included',
  cases: hermitianMatrices(1, 10).chain((matrix) =>
    fc.tuple(fc.constant(matrix), complexUnitVectors(matrix.dimension)),
  ),
  holds:
    ({ eigenvalues }) =>
    ([matrix, v]) =>
      sameSpectrum(eigenvalues(reflected(matrix, v)), eigenvalues(matrix), 2 * tolerance(matrix)),
};

const vectorOf =
  ({ eigenvectors: { dimension, re, im } }: Eigensystem) =>
  (n: number): readonly Complex[] =>
    upTo(dimension).map((i) => [re[n * dimension + i] ?? NaN, im[n * dimension + i] ?? NaN]);

const inner = (a: readonly Complex[], b: readonly Complex[]): Complex =>
  sumOf(a.map((z, i) => times(conjugate(z), b[i] ?? [NaN, NaN])));

export const eigenvectorsSolve: Law<Diagonalization, HermitianMatrix> = {
  statement: 'A v = lambda v for each eigenvector, and the eigenvectors are orthonormal, degenerate or not',
  cases: hermitianMatrices(1, 10),
  holds:
    ({ eigensystemBelow }) =>
    (matrix) => {
      const system = eigensystemBelow(Infinity)(matrix);
      const indices = upTo(matrix.dimension);
      const vectors = indices.map(vectorOf(system));
      return (
        system.eigenvectors.count === matrix.dimension &&
        vectors.every((v, n) =>
          indices.every((i) => {
            const [re, im] = sumOf(v.map((z, j) => times(entryOf(matrix)(i, j), z)));
            const lambda = system.eigenvalues[n] ?? NaN;
            const [vRe, vIm] = v[i] ?? [NaN, NaN];
            return Math.hypot(re - lambda * vRe, im - lambda * vIm) <= tolerance(matrix);
          }),
        ) &&
        vectors.every((a, n) =>
          vectors.every((b, m) => {
            const [re, im] = inner(a, b);
            return Math.hypot(re - (n === m ? 1 : 0), im) <= 8 * matrix.dimension * Number.EPSILON;
          }),
        )
      );
    },
};

interface BoundedCase {
  readonly matrix: HermitianMatrix;
  readonly bound: number;
}

export const boundSelectsVectors: Law<Diagonalization, BoundedCase> = {
  statement: 'a bound changes no eigenvalue, and keeps the eigenvectors of exactly the levels below it',
  cases: fc.record({ matrix: hermitianMatrices(1, 12), bound: interval(-2, 2) }),
  holds:
    ({ eigenvalues, eigensystemBelow }) =>
    ({ matrix, bound }) => {
      const all = eigensystemBelow(Infinity)(matrix);
      const some = eigensystemBelow(bound)(matrix);
      const kept = some.eigenvectors.count * matrix.dimension;
      return (
        sameSpectrum(eigenvalues(matrix), all.eigenvalues, tolerance(matrix)) &&
        sameSpectrum(some.eigenvalues, all.eigenvalues, 0) &&
        some.eigenvectors.count === all.eigenvalues.filter((x) => x < bound).length &&
        some.eigenvectors.re.length === kept &&
        some.eigenvectors.re.every((x, index) => x === all.eigenvectors.re[index]) &&
        some.eigenvectors.im.every((x, index) => x === all.eigenvectors.im[index])
      );
    },
};

interface ScaledCase {
  readonly matrix: HermitianMatrix;
  readonly exponent: number;
}

export const spectrumScales: Law<Diagonalization, ScaledCase> = {
  statement: 'eigenvalues of 2^k A are 2^k times those of A, for matrices as small and as large as float64 allows',
  cases: fc.record({ matrix: hermitianMatrices(1, 8), exponent: fc.integer({ min: -900, max: 1000 }) }),
  holds:
    ({ eigenvalues }) =>
    ({ matrix, exponent }) => {
      const scale = 2 ** exponent;
      const scaled = { ...matrix, re: matrix.re.map((x) => scale * x), im: matrix.im.map((x) => scale * x) };
      const expected = eigenvalues(matrix).map((x) => scale * x);
      return sameSpectrum(eigenvalues(scaled), expected, scale * tolerance(matrix));
    },
};

export type LevelsOfMatrix = (matrix: HermitianMatrix) => Reals;

/** Dense matrices up to several panels of an implementation, and several of its strips of 64 columns. */
const large: fc.Arbitrary<HermitianMatrix> = fc
  .record({ dimension: fc.integer({ min: 1, max: 150 }), phase: interval(0, 1), frequency: interval(1, 2) })
  .map(({ dimension, phase, frequency }) =>
    hermitian(dimension, (row, column) => [
      Math.sin(frequency * (row * row + 3 * column + phase)),
      Math.cos(frequency * (row + 5 * column * column - phase)),
    ]),
  );

export const sameLevelsAs = (reference: LevelsOfMatrix): Law<LevelsOfMatrix, HermitianMatrix> => ({
  statement: 'matrices of any size have the eigenvalues that the reference finds',
  cases: large,
  holds: (levelsOf) => (matrix) => sameSpectrum(levelsOf(matrix), reference(matrix), tolerance(matrix)),
  runs: 40,
});

/** v^dagger p. */
const projection = (re: Reals, im: Reals, [pRe, pIm]: readonly [Reals, Reals]): Complex => [
  re.reduce((total, x, j) => total + x * (pRe[j] ?? NaN) + (im[j] ?? NaN) * (pIm[j] ?? NaN), 0),
  re.reduce((total, x, j) => total + x * (pIm[j] ?? NaN) - (im[j] ?? NaN) * (pRe[j] ?? NaN), 0),
];

export const vectorsGiveMatrix: Law<Diagonalization, HermitianMatrix> = {
  statement:
    'for large matrices too the sum of lambda v v^dagger is A, and that of v v^dagger is 1: both times a vector',
  cases: large,
  holds:
    ({ eigensystemBelow }) =>
    (matrix) => {
      const { dimension: n } = matrix;
      const { eigenvalues, eigenvectors } = eigensystemBelow(Infinity)(matrix);
      const rowsOf = (numbers: Reals): readonly Reals[] => upTo(n).map((k) => numbers.subarray(k * n, (k + 1) * n));
      const [vRe, vIm] = [rowsOf(eigenvectors.re), rowsOf(eigenvectors.im)];
      const [aRe, aIm] = [rowsOf(matrix.re), rowsOf(matrix.im)];
      const p = [Float64Array.from(upTo(n), Math.cos), Float64Array.from(upTo(n), Math.sin)] as const;
      const weights = vRe.map((re, k) => projection(re, vIm[k] ?? re, p));
      /** sum over k of f_k v_k (v_k^dagger p), entry j. */
      const sumOver = (f: (k: number) => number, j: number): Complex =>
        sumOf(weights.map((w, k) => times([f(k) * (vRe[k]?.[j] ?? NaN), f(k) * (vIm[k]?.[j] ?? NaN)], w)));
      const near = ([a, b]: Complex, [c, d]: Complex, within: number): boolean => Math.hypot(a - c, b - d) <= within;
      const norm = Math.sqrt(n);
      return upTo(n).every((j) => {
        const ofA = projection(
          aRe[j] ?? p[0],
          (aIm[j] ?? p[1]).map((x) => -x),
          p,
        );
        return (
          near(
            sumOver((k) => eigenvalues[k] ?? NaN, j),
            ofA,
            norm * tolerance(matrix),
          ) &&
          near(
            sumOver(() => 1, j),
            [p[0][j] ?? NaN, p[1][j] ?? NaN],
            8 * norm * n * Number.EPSILON,
          )
        );
      });
    },
  runs: 12,
};

export const sameVectorsAs = (reference: DiagonalizationSteps): Law<DiagonalizationSteps, HermitianMatrix> => ({
  statement: 'from one tridiagonal form, eigenvectors have the same digits as those of the reference',
  cases: large,
  holds: (steps) => (matrix) => {
    const reduced = reference.tridiagonalize(matrix, true);
    const { rotations } = implicitQl(reduced.diagonal, reduced.offDiagonal, true);
    const rows = reference.eigenvectorRows(rotations);
    const chosen = upTo(matrix.dimension).filter((n) => n % 3 < 2);
    const expected = reference.backTransform(reduced, rows, chosen);
    const found = steps.backTransform(reduced, rows, chosen);
    const foundRows = steps.eigenvectorRows(rotations);
    const same = (a: Reals, b: Reals): boolean => a.length === b.length && a.every((x, index) => x === b[index]);
    return same(foundRows, rows) && same(found.re, expected.re) && same(found.im, expected.im);
  },
  runs: 25,
});
