/**
 * Block-cyclic elimination of block-cyclic tridiagonal matrices: the logarithm of the determinant, and selected inversion,
 * the inverse where the matrix has blocks.
 *
 * Line after line is eliminated. What the elimination of line i leaves behind are a dense block D on the diagonal of the
 * next line, and dense couplings -g and -f between the next line and the last. With X = D_i^-1,
 *
 *   D_(i+1) -= lower X upper,  D_last -= f X g,  f <- f X upper,  g <- lower X g.
 *
 * Backwards, from G_ll = D_last^-1, follow the blocks of the inverse G for the next line p and the last line l:
 *
 *   G_ip = X upper G_pp + X g G_lp,  G_il = X upper G_pl + X g G_ll,  G_li = G_lp lower X + G_ll f X,
 *   G_ii = X + G_ip lower X + G_il f X.
 *
 * `upper` and `lower` have three 2 x 2 blocks a row, all else is dense; f is kept transposed, as the banded matrices
 * can be applied to rows alone.
 */
import type { BlockCyclicMatrix, Coupling, SiteBlocks } from './block-cyclic-matrix.ts';
import { workspace, type Workspace } from './block-cyclic-workspace.kernel.ts';
import type { ComplexGemmOf } from './complex-gemm.ts';
import type { ComplexLogarithm } from './definite-inverse.kernel.ts';
import {
  above,
  addBand,
  banded,
  below,
  blocksOf,
  clear,
  dense,
  invertDiagonal,
  lower,
  lowerTransposed,
  onDiagonal,
  productBelow,
  transposed,
  upper,
  upperTransposed,
  wrapped,
  writeDiagonal,
} from './line-matrices.kernel.ts';

/** Determinant and selected inverse of block-cyclic matrices of one size, in one work space. */
export interface BlockCyclicElimination {
  /** Adds log det to the logarithm. */
  readonly determinant: (matrix: BlockCyclicMatrix, logarithm: ComplexLogarithm) => void;
  /** As well, and gives the blocks of the inverse where the matrix has its own; couplings bear their own sign. */
  readonly selectedInverse: (matrix: BlockCyclicMatrix, logarithm: ComplexLogarithm) => BlockCyclicMatrix;
}

/** The elimination for N x N lattices, with work space for one matrix at a time. */
export const blockCyclicElimination = (size: number, complexGemmOf: ComplexGemmOf): BlockCyclicElimination => {
  const determinant = workspace(size, false, complexGemmOf);
  const inversion = lazily(() => workspace(size, true, complexGemmOf));
  return {
    determinant: (matrix, logarithm) => {
      eliminate(determinant, matrix, logarithm);
    },
    selectedInverse: (matrix, logarithm) => {
      eliminate(inversion(), matrix, logarithm);
      return substituteBack(inversion(), matrix);
    },
  };
};

const lazily = <A>(make: () => A): (() => A) => {
  let made: A | undefined;
  return () => (made ??= make());
};

/** Eliminates line after line; the inverse of the last completes the logarithm. */
const eliminate = (space: Workspace, matrix: BlockCyclicMatrix, logarithm: ComplexLogarithm): void => {
  const { lines, inverses, spare, keeps } = space;
  const last = lines - 1;
  const corner = matrix.couplings[last]!;
  const lastDiagonal = inverses[last]!;
  let [g, nextG] = space.g;
  let [f, nextF] = space.f;
  writeDiagonal(space, matrix.diagonals[0]!, inverses[0]!);
  writeDiagonal(space, matrix.diagonals[last]!, lastDiagonal);
  if (lines === 2) {
    clear(space, g);
    clear(space, f);
    addBand(space, lower(corner), g);
    addBand(space, upperTransposed(corner), f);
  }
  for (let i = 0; i < last - 1; i++) {
    const coupling = matrix.couplings[i]!;
    const X = invertDiagonal(space, inverses[i]!, logarithm, false);
    const [Xg, fX] = [space.inverseGs[i]!, space.fInverses[i]!];
    const Xt = transposed(space, X, spare[0]);
    const [product, fXt] = [spare[1], spare[2]];

    banded(space, 'set', upperTransposed(coupling), Xt, product);
    const Xupper = transposed(space, product, space.inverseUppers[i]!);
    writeDiagonal(space, matrix.diagonals[i + 1]!, inverses[i + 1]!);
    banded(space, 'subtract', lower(coupling), Xupper, inverses[i + 1]!);

    if (i === 0) {
      transposed(space, banded(space, 'set', lowerTransposed(corner), Xt, product), Xg);
      transposed(space, banded(space, 'set', upper(corner), X, fX), fXt);
      banded(space, 'subtract', upper(corner), Xg, lastDiagonal);
    } else {
      wrapped(space, dense(space, 'set', X, g, Xg));
      wrapped(space, dense(space, 'set', Xt, f, fXt));
      dense(space, 'subtract', transposed(space, fXt, fX), g, lastDiagonal);
    }
    banded(space, 'set', upperTransposed(coupling), fXt, nextF);
    banded(space, 'set', lower(coupling), Xg, nextG);
    [g, nextG] = [nextG, g];
    [f, nextF] = [nextF, f];
  }
  // The last line is the next one now.
  const coupling = matrix.couplings[last - 1]!;
  const X = invertDiagonal(space, inverses[last - 1]!, logarithm, false);
  addBand(space, upper(coupling), g);
  addBand(space, lowerTransposed(coupling), f);
  const untransposed = transposed(space, f, spare[0]);
  const Xg = dense(space, 'set', X, g, space.inverseGs[last - 1]!);
  dense(space, 'subtract', untransposed, Xg, lastDiagonal);
  if (keeps) {
    dense(space, 'set', untransposed, X, space.fInverses[last - 1]!);
  }
  invertDiagonal(space, lastDiagonal, logarithm, !keeps);
};

/** The blocks of the inverse from the last line to the first, after the elimination. */
const substituteBack = (space: Workspace, matrix: BlockCyclicMatrix): BlockCyclicMatrix => {
  const { lines, inverses, inverseUppers, inverseGs, fInverses, spare, size } = space;
  const last = lines - 1;
  const Gll = inverses[last]!;
  let [Gpl, Gil] = space.g;
  let [Glp, Gli] = space.f;
  const [lowerX, Gip] = [spare[0], spare[1]];
  const diagonals = new Array<SiteBlocks>(lines);
  const couplings = new Array<Coupling>(lines);
  diagonals[last] = blocksOf(space, Gll, onDiagonal);

  dense(space, 'set', inverseGs[last - 1]!, Gll, Gpl);
  dense(space, 'set', Gll, fInverses[last - 1]!, Glp);
  dense(space, 'add', Gpl, fInverses[last - 1]!, inverses[last - 1]!);
  diagonals[last - 1] = blocksOf(space, inverses[last - 1]!, onDiagonal);
  couplings[last - 1] = { upper: blocksOf(space, Gpl, above), lower: blocksOf(space, Glp, below) };

  for (let i = last - 2; i >= 0; i--) {
    const X = inverses[i]!;
    const Gpp = inverses[i + 1]!;
    banded(space, 'set', lower(matrix.couplings[i]!), X, lowerX);
    dense(space, 'set', inverseUppers[i]!, Gpp, Gip);
    dense(space, 'add', inverseGs[i]!, Glp, Gip);
    dense(space, 'set', inverseUppers[i]!, Gpl, Gil);
    dense(space, 'add', inverseGs[i]!, Gll, Gil);
    dense(space, 'set', Glp, lowerX, Gli);
    dense(space, 'add', Gll, fInverses[i]!, Gli);
    dense(space, 'add', Gip, lowerX, X);
    dense(space, 'add', Gil, fInverses[i]!, X);
    diagonals[i] = blocksOf(space, X, onDiagonal);
    couplings[i] = { upper: blocksOf(space, Gip, above), lower: productBelow(space, Gpp, lowerX, Gpl, fInverses[i]!) };
    [Gpl, Gil] = [Gil, Gpl];
    [Glp, Gli] = [Gli, Glp];
  }
  couplings[last] = { upper: blocksOf(space, Glp, above), lower: blocksOf(space, Gpl, below) };
  return { size, diagonals, couplings };
};
