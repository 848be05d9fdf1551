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
import { blockNumbers, type BlockCyclicMatrix, type SiteBlocks } from './block-cyclic-matrix.ts';
import { workspace, type Workspace } from './block-cyclic-workspace.kernel.ts';
import type { ComplexLogarithm } from './definite-inverse.kernel.ts';
import { diagonal, lower, lowerTransposed, upper, upperTransposed, type LineMatricesOf } from './line-matrices.ts';

/** Determinant and selected inverse of block-cyclic matrices of one size, in one work space. */
export interface BlockCyclicElimination {
  /** Adds log det to the logarithm. */
  readonly determinant: (matrix: BlockCyclicMatrix, logarithm: ComplexLogarithm) => void;
  /** As well, and gives the blocks of the inverse where the matrix has its own; couplings bear their own sign. It holds until the next one is made. */
  readonly selectedInverse: (matrix: BlockCyclicMatrix, logarithm: ComplexLogarithm) => BlockCyclicMatrix;
}

/** The elimination for N x N lattices, with work space for one matrix at a time. */
export const blockCyclicElimination = (size: number, lineMatricesOf: LineMatricesOf): BlockCyclicElimination => {
  const determinant = workspace(size, false, lineMatricesOf);
  const inversion = lazily(() => {
    const space = workspace(size, true, lineMatricesOf);
    return { space, inverse: blocksIn(space) };
  });
  return {
    determinant: (matrix, logarithm) => {
      writeBlocks(determinant, matrix);
      eliminate(determinant, logarithm);
    },
    selectedInverse: (matrix, logarithm) => {
      const { space, inverse } = inversion();
      writeBlocks(space, matrix);
      eliminate(space, logarithm);
      substituteBack(space);
      return inverse;
    },
  };
};

const lazily = <A>(make: () => A): (() => A) => {
  let made: A | undefined;
  return () => (made ??= make());
};

/** The blocks of all lines, as they lie in the memory. */
const blocksIn = ({ matrices, size, diagonals, uppers, lowers }: Workspace): BlockCyclicMatrix => {
  const { memory } = matrices.products;
  const at = (place: number): SiteBlocks => memory.subarray(place, place + 3 * size * blockNumbers);
  return {
    size,
    diagonals: diagonals.map(at),
    couplings: uppers.map((place, i) => ({ upper: at(place), lower: at(lowers[i]!) })),
  };
};

/** The blocks of all lines, into the memory. */
const writeBlocks = ({ matrices, diagonals, uppers, lowers }: Workspace, matrix: BlockCyclicMatrix): void => {
  const { memory } = matrices.products;
  diagonals.forEach((place, i) => {
    memory.set(matrix.diagonals[i]!, place);
    memory.set(matrix.couplings[i]!.upper, uppers[i]);
    memory.set(matrix.couplings[i]!.lower, lowers[i]);
  });
};

/** c = a b, c += a b or c -= a b. */
const dense = (
  { matrices: { products }, size }: Workspace,
  how: 'set' | 'add' | 'subtract',
  a: number,
  b: number,
  c: number,
): void => {
  const { width } = products;
  products[how](2 * size, 2 * size, width, a, width, b, c);
};

/** D of a line, from its blocks. */
const writeDiagonal = ({ matrices, diagonals, inverses }: Workspace, i: number): void => {
  matrices.clear(inverses[i]!);
  matrices.addBand(diagonal, diagonals[i]!, inverses[i]!);
};

/** Eliminates line after line; the inverse of the last completes the logarithm. */
const eliminate = (space: Workspace, logarithm: ComplexLogarithm): void => {
  const { matrices, lines, inverses, spare, keeps, uppers, lowers } = space;
  const last = lines - 1;
  const lastDiagonal = inverses[last]!;
  let [g, nextG] = space.g;
  let [f, nextF] = space.f;
  writeDiagonal(space, 0);
  writeDiagonal(space, last);
  if (lines === 2) {
    matrices.clear(g);
    matrices.clear(f);
    matrices.addBand(lower, lowers[last]!, g);
    matrices.addBand(upperTransposed, uppers[last]!, f);
  }
  for (let i = 0; i < last - 1; i++) {
    const X = inverses[i]!;
    matrices.invert(X, logarithm, false);
    const [Xupper, Xg, fX] = [space.inverseUppers[i]!, space.inverseGs[i]!, space.fInverses[i]!];
    const [Xt, product, fXt] = spare;
    matrices.transpose(X, Xt);

    matrices.multiplyBand('set', upperTransposed, uppers[i]!, Xt, product);
    matrices.transpose(product, Xupper);
    writeDiagonal(space, i + 1);
    matrices.multiplyBand('subtract', lower, lowers[i]!, Xupper, inverses[i + 1]!);

    if (i === 0) {
      matrices.multiplyBand('set', lowerTransposed, lowers[last]!, Xt, product);
      matrices.transpose(product, Xg);
      matrices.multiplyBand('set', upper, uppers[last]!, X, fX);
      matrices.transpose(fX, fXt);
      matrices.multiplyBand('subtract', upper, uppers[last]!, Xg, lastDiagonal);
    } else {
      dense(space, 'set', X, g, Xg);
      matrices.wrap(Xg);
      dense(space, 'set', Xt, f, fXt);
      matrices.wrap(fXt);
      matrices.transpose(fXt, fX);
      dense(space, 'subtract', fX, g, lastDiagonal);
    }
    matrices.multiplyBand('set', upperTransposed, uppers[i]!, fXt, nextF);
    matrices.multiplyBand('set', lower, lowers[i]!, Xg, nextG);
    [g, nextG] = [nextG, g];
    [f, nextF] = [nextF, f];
  }
  // The last line is the next one now.
  const [X, Xg, untransposed] = [inverses[last - 1]!, space.inverseGs[last - 1]!, spare[0]];
  matrices.invert(X, logarithm, false);
  matrices.addBand(upper, uppers[last - 1]!, g);
  matrices.addBand(lowerTransposed, lowers[last - 1]!, f);
  matrices.transpose(f, untransposed);
  dense(space, 'set', X, g, Xg);
  dense(space, 'subtract', untransposed, Xg, lastDiagonal);
  if (keeps) {
    dense(space, 'set', untransposed, X, space.fInverses[last - 1]!);
  }
  matrices.invert(lastDiagonal, logarithm, !keeps);
};

/**
 * The blocks of the inverse from the last line to the first, after the elimination. They take the place of the matrix's own,
 * each when it is read no more.
 */
const substituteBack = (space: Workspace): void => {
  const { matrices, lines, inverses, inverseUppers, inverseGs, fInverses, spare } = space;
  const { diagonals, uppers, lowers } = space;
  const { copyBlocks } = matrices;
  const last = lines - 1;
  const Gll = inverses[last]!;
  let [Gpl, Gil] = space.g;
  let [Glp, Gli] = space.f;
  const [lowerX, Gip] = spare;
  copyBlocks('middle', Gll, diagonals[last]!);

  dense(space, 'set', inverseGs[last - 1]!, Gll, Gpl);
  dense(space, 'set', Gll, fInverses[last - 1]!, Glp);
  dense(space, 'add', Gpl, fInverses[last - 1]!, inverses[last - 1]!);
  copyBlocks('middle', inverses[last - 1]!, diagonals[last - 1]!);
  copyBlocks('right', Gpl, uppers[last - 1]!);
  copyBlocks('left', Glp, lowers[last - 1]!);

  for (let i = last - 2; i >= 0; i--) {
    const X = inverses[i]!;
    const Gpp = inverses[i + 1]!;
    matrices.multiplyBand('set', lower, lowers[i]!, X, lowerX);
    dense(space, 'set', inverseUppers[i]!, Gpp, Gip);
    dense(space, 'add', inverseGs[i]!, Glp, Gip);
    dense(space, 'set', inverseUppers[i]!, Gpl, Gil);
    dense(space, 'add', inverseGs[i]!, Gll, Gil);
    dense(space, 'set', Glp, lowerX, Gli);
    dense(space, 'add', Gll, fInverses[i]!, Gli);
    dense(space, 'add', Gip, lowerX, X);
    dense(space, 'add', Gil, fInverses[i]!, X);
    copyBlocks('middle', X, diagonals[i]!);
    copyBlocks('right', Gip, uppers[i]!);
    matrices.productBlocks(Gpp, lowerX, Gpl, fInverses[i]!, lowers[i]!);
    [Gpl, Gil] = [Gil, Gpl];
    [Glp, Gli] = [Gli, Glp];
  }
  copyBlocks('right', Glp, uppers[last]!);
  copyBlocks('left', Gpl, lowers[last]!);
};
