/**
 * The spectrum of a Hermitian matrix: A v = lambda v, real lambda, orthonormal v.
 *
 * Householder reduction to a real tridiagonal matrix, implicit QL iteration there, and the reflectors applied
 * backwards to the eigenvectors that are wanted. Each step is unitary, so eigenvalues are exact to a few rounding
 * errors of the largest one, degenerate or not, and eigenvectors are orthonormal however close their eigenvalues are.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';

import { memoize } from '../number/memoize.ts';
import type { Reals } from '../number/reals.ts';
import { backTransform, type VectorRows } from './back-transformation.kernel.ts';
import { tridiagonalizationByPanels } from './blocked-tridiagonal.kernel.ts';
import type { HermitianMatrix } from './hermitian-matrix.ts';
import { eigenvectorRows, implicitQl, type QlResult, type Rotations } from './implicit-ql.kernel.ts';
import { tridiagonalize, type Tridiagonalization } from './tridiagonal.kernel.ts';
import { eigenvectorPanels } from './wasm/eigenvector-panels.kernel.ts';
import { householderProductsOf } from './wasm/householder-products.kernel.ts';

/** Why a matrix has no spectrum: an entry is not finite, or the iteration did not converge. */
export interface DiagonalizationError {
  readonly tag: 'DiagonalizationError';
  readonly message: string;
}

/** All eigenvalues, and the eigenvectors of the lowest of them. */
export interface Eigensystem {
  /** All eigenvalues, ascending, [n]. */
  readonly eigenvalues: Reals;
  /** Row k is the unit eigenvector of eigenvalue k, for the lowest `count` eigenvalues. */
  readonly eigenvectors: VectorRows;
}

/** Spectra of Hermitian matrices, with or without vectors. */
export interface Diagonalization {
  /** All eigenvalues, ascending, each as often as it is degenerate. Fails when the matrix holds NaN or infinity. */
  readonly eigenvalues: (matrix: HermitianMatrix) => Either<DiagonalizationError, Reals>;
  /** As well the eigenvectors of those that lie below `bound`, which saves time; `Infinity` asks for all. */
  readonly eigensystemBelow: (bound: number) => (matrix: HermitianMatrix) => Either<DiagonalizationError, Eigensystem>;
}

/** The three steps that cost n^3. */
export interface DiagonalizationSteps {
  /** The reflectors are left out where no eigenvectors are wanted. */
  readonly tridiagonalize: (matrix: HermitianMatrix, withReflectors: boolean) => Tridiagonalization;
  readonly eigenvectorRows: (rotations: Rotations) => Reals;
  readonly backTransform: (reduced: Tridiagonalization, rows: Reals, chosen: readonly number[]) => VectorRows;
}

/** The diagonalization by these steps. */
export const diagonalizationBy = (steps: DiagonalizationSteps): Diagonalization => ({
  eigenvalues: (matrix) => {
    const reduced = steps.tridiagonalize(matrix, false);
    const found = implicitQl(reduced.diagonal, reduced.offDiagonal, false);
    return converged(matrix.dimension)(found, () => found.eigenvalues.map((x) => reduced.scale * x).sort());
  },
  eigensystemBelow: (bound) => (matrix) => {
    const reduced = steps.tridiagonalize(matrix, true);
    const found = implicitQl(reduced.diagonal, reduced.offDiagonal, true);
    return converged(matrix.dimension)(found, () => assemble(steps, bound, reduced, found));
  },
});

const assemble = (
  { eigenvectorRows, backTransform }: DiagonalizationSteps,
  bound: number,
  reduced: Tridiagonalization,
  found: QlResult,
): Eigensystem => {
  const ascending = Array.from(found.eigenvalues, (x, row) => ({ eigenvalue: reduced.scale * x, row })).sort(
    (a, b) => a.eigenvalue - b.eigenvalue,
  );
  const chosen = ascending.filter(({ eigenvalue }) => eigenvalue < bound).map(({ row }) => row);
  return {
    eigenvalues: Float64Array.from(ascending, ({ eigenvalue }) => eigenvalue),
    eigenvectors: backTransform(reduced, eigenvectorRows(found.rotations), chosen),
  };
};

/** In TypeScript, row by row: the reference. */
export const plainSteps: DiagonalizationSteps = { tridiagonalize, eigenvectorRows, backTransform };

/** In WebAssembly, by panels. Work space for the last two sizes is remembered. */
export const wasmSteps: DiagonalizationSteps = {
  tridiagonalize: tridiagonalizationByPanels(memoize(2, (numbers: number) => `${numbers}`, householderProductsOf())),
  ...eigenvectorPanels(),
};

/** The diagonalization that is used throughout. */
export const { eigenvalues, eigensystemBelow }: Diagonalization = diagonalizationBy(wasmSteps);

/** A 1 x 1 matrix needs no iteration, so NaN must be looked for as well. */
const converged =
  (dimension: number) =>
  <A>(found: QlResult, result: () => A): Either<DiagonalizationError, A> =>
    found.converged && found.eigenvalues.every(Number.isFinite)
      ? E.right(result())
      : E.left({
          tag: 'DiagonalizationError',
          message:
            `expected the QL iteration to converge, but a ${dimension} x ${dimension} matrix did not: ` +
            'check that its entries are finite and not so large that their sums overflow',
        });
