/**
 * The spectrum of a Hermitian matrix: A v = lambda v, real lambda, orthonormal v.
 *
 * Householder reduction to a real tridiagonal matrix, implicit QL iteration there, and the reflectors applied
 * backwards to the eigenvectors that are wanted. Each step is unitary, so eigenvalues are exact to a few rounding
 * errors of the largest one, degenerate or not, and eigenvectors are orthonormal however close their eigenvalues are.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';

import type { HermitianMatrix } from '../hamiltonian/hermitian-matrix.ts';
import type { Reals } from '../number/reals.ts';
import { backTransform, type VectorRows } from './back-transformation.kernel.ts';
import { eigenvectorRows, implicitQl, type QlResult } from './implicit-ql.kernel.ts';
import { tridiagonalize, type Tridiagonalization } from './tridiagonal.kernel.ts';

export interface DiagonalizationError {
  readonly tag: 'DiagonalizationError';
  readonly message: string;
}

export interface Eigensystem {
  /** All eigenvalues, ascending, [n]. */
  readonly eigenvalues: Reals;
  /** Row k is the unit eigenvector of eigenvalue k, for the lowest `count` eigenvalues. */
  readonly eigenvectors: VectorRows;
}

/** All eigenvalues, ascending, each as often as it is degenerate. Fails when the matrix holds NaN or infinity. */
export const eigenvalues = (matrix: HermitianMatrix): Either<DiagonalizationError, Reals> => {
  const reduced = tridiagonalize(matrix);
  const found = implicitQl(reduced.diagonal, reduced.offDiagonal, false);
  return converged(matrix.dimension)(found, () => found.eigenvalues.map((x) => reduced.scale * x).sort());
};

/** All eigenvalues, and the eigenvectors of those that lie below `bound`, which saves time; `Infinity` asks for all. */
export const eigensystemBelow =
  (bound: number) =>
  (matrix: HermitianMatrix): Either<DiagonalizationError, Eigensystem> => {
    const reduced = tridiagonalize(matrix);
    const found = implicitQl(reduced.diagonal, reduced.offDiagonal, true);
    return converged(matrix.dimension)(found, () => assemble(bound, reduced, found));
  };

const assemble = (bound: number, reduced: Tridiagonalization, found: QlResult): Eigensystem => {
  const ascending = Array.from(found.eigenvalues, (x, row) => ({ eigenvalue: reduced.scale * x, row })).sort(
    (a, b) => a.eigenvalue - b.eigenvalue,
  );
  const chosen = ascending.filter(({ eigenvalue }) => eigenvalue < bound).map(({ row }) => row);
  return {
    eigenvalues: Float64Array.from(ascending, ({ eigenvalue }) => eigenvalue),
    eigenvectors: backTransform(reduced, eigenvectorRows(found.rotations), chosen),
  };
};

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
