/**
 * Block-cyclic elimination of block-cyclic tridiagonal matrices: the logarithm of the determinant, and selected inversion,
 * the inverse where the matrix has blocks.
 *
 * Two chains of lines are eliminated, from the last line on and back, line after line until they meet at the middle line: where a
 * chain begins all couplings are bands, so that two beginnings are cheaper than one. What the elimination of line i leaves behind
 * are a dense block D on the diagonal of the next line of its chain, and dense couplings -g and -f between that line and the last.
 * With X = D_i^-1, -to the coupling of line i to the next and -from that back,
 *
 *   D_next -= from X to,  D_last -= f X g,  f <- f X to,  g <- from X g.
 *
 * The couplings that both chains leave between the middle line and the last add up; then the middle line is eliminated.
 * Backwards, from G_ll = D_last^-1, follow the blocks of the inverse G for the next line p and the last line l:
 *
 *   G_ip = X to G_pp + X g G_lp,  G_il = X to G_pl + X g G_ll,
 *   G_li = G_lp from X + G_ll f X,  G_pi = G_pp from X + G_pl f X,  G_ii = X + G_ip from X + G_il f X.
 *
 * `to` and `from` have three 2 x 2 blocks a row, all else is dense, but where a chain begins; f is kept transposed, as the
 * banded matrices can be applied to rows alone.
 */
import { blockNumbers, type BlockCyclicMatrix, type SiteBlocks } from './block-cyclic-matrix.ts';
import { workspace, type Chain, type Workspace } from './block-cyclic-workspace.kernel.ts';
import type { ComplexLogarithm } from './definite-inverse.kernel.ts';
import { diagonal, type LineMatricesOf } from './line-matrices.ts';

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

/** Eliminates the chains and the middle line; the inverse of the last line completes the logarithm. */
const eliminate = (space: Workspace, logarithm: ComplexLogarithm): void => {
  const { matrices, middle, last, inverses, spare, keeps } = space;
  const [g] = space.g;
  const [f] = space.f;
  writeDiagonal(space, middle);
  writeDiagonal(space, last);
  matrices.clear(g);
  matrices.clear(f);
  space.chains.forEach((chain) => {
    eliminateChain(space, chain, logarithm);
  });
  const [X, Xg, untransposed] = [inverses[middle]!, space.inverseGs[middle]!, spare[0]];
  matrices.invert(X, logarithm, false);
  matrices.transpose(f, untransposed);
  dense(space, 'set', X, g, Xg);
  dense(space, 'subtract', untransposed, Xg, inverses[last]!);
  if (keeps) {
    dense(space, 'set', untransposed, X, space.fInverses[middle]!);
  }
  matrices.invert(inverses[last]!, logarithm, !keeps);
};

/** Eliminates the lines of a chain, and adds what it leaves between the middle line and the last. */
const eliminateChain = (space: Workspace, { steps, toLast }: Chain, logarithm: ComplexLogarithm): void => {
  const { matrices, middle, inverses } = space;
  const { addBand, invert, transpose, wrap, multiplyBand } = matrices;
  const lastDiagonal = inverses[space.last]!;
  const [Xt, product, fXt] = space.spare;
  const [middleG] = space.g;
  const [middleF] = space.f;
  let [, g, nextG] = space.g;
  let [, f, nextF] = space.f;
  if (steps.length === 0) {
    addBand(toLast.to.band, toLast.to.blocks, middleG);
    addBand(toLast.from.transposed, toLast.from.blocks, middleF);
  } else {
    writeDiagonal(space, steps[0]!.line);
  }
  steps.forEach(({ line: i, next, link: { to, from } }, k) => {
    const X = inverses[i]!;
    invert(X, logarithm, false);
    const [Xto, Xg, fX] = [space.inverseTos[i]!, space.inverseGs[i]!, space.fInverses[i]!];
    transpose(X, Xt);

    multiplyBand('set', to.transposed, to.blocks, Xt, product);
    transpose(product, Xto);
    if (next !== middle) {
      writeDiagonal(space, next);
    }
    multiplyBand('subtract', from.band, from.blocks, Xto, inverses[next]!);

    if (k === 0) {
      multiplyBand('set', toLast.to.transposed, toLast.to.blocks, Xt, product);
      transpose(product, Xg);
      multiplyBand('set', toLast.from.band, toLast.from.blocks, X, fX);
      transpose(fX, fXt);
      multiplyBand('subtract', toLast.from.band, toLast.from.blocks, Xg, lastDiagonal);
    } else {
      dense(space, 'set', X, g, Xg);
      wrap(Xg);
      dense(space, 'set', Xt, f, fXt);
      wrap(fXt);
      transpose(fXt, fX);
      dense(space, 'subtract', fX, g, lastDiagonal);
    }
    const [how, toF, toG] = next === middle ? (['add', middleF, middleG] as const) : (['set', nextF, nextG] as const);
    multiplyBand(how, to.transposed, to.blocks, fXt, toF);
    multiplyBand(how, from.band, from.blocks, Xg, toG);
    [g, nextG] = [nextG, g];
    [f, nextF] = [nextF, f];
  });
};

/**
 * The blocks of the inverse after the elimination: the last and the middle line, then each chain from its end. They take the place
 * of the matrix's own, each when it is read no more.
 */
const substituteBack = (space: Workspace): void => {
  const { matrices, middle, last, inverses, inverseGs, fInverses, diagonals } = space;
  const { copyBlocks } = matrices;
  const [Gll, Gmm] = [inverses[last]!, inverses[middle]!];
  const [Gml] = space.g;
  const [Glm] = space.f;
  copyBlocks('middle', Gll, diagonals[last]!);
  dense(space, 'set', inverseGs[middle]!, Gll, Gml);
  dense(space, 'set', Gll, fInverses[middle]!, Glm);
  dense(space, 'add', Gml, fInverses[middle]!, Gmm);
  copyBlocks('middle', Gmm, diagonals[middle]!);
  space.chains.forEach((chain) => {
    substituteChain(space, chain);
  });
};

/** The blocks of the inverse for the lines of a chain; those of its first line are wanted in bands alone. */
const substituteChain = (space: Workspace, { steps, toLast }: Chain): void => {
  const { matrices, inverses, inverseTos, inverseGs, fInverses, diagonals } = space;
  const { copyBlocks, productBlocks, multiplyBand } = matrices;
  const Gll = inverses[space.last]!;
  const [fromX, Gip] = space.spare;
  let [Gpl, Gil, nextGil] = space.g;
  let [Glp, Gli, nextGli] = space.f;
  if (steps.length === 0) {
    copyBlocks(toLast.to.band.side, Gpl, toLast.to.blocks);
    copyBlocks(toLast.from.band.side, Glp, toLast.from.blocks);
  }
  steps.toReversed().forEach(({ line: i, next, link: { to, from } }) => {
    const [X, Gpp, fX] = [inverses[i]!, inverses[next]!, fInverses[i]!];
    multiplyBand('set', from.band, from.blocks, X, fromX);
    dense(space, 'set', inverseTos[i]!, Gpp, Gip);
    dense(space, 'add', inverseGs[i]!, Glp, Gip);
    dense(space, 'set', inverseTos[i]!, Gpl, Gil);
    dense(space, 'add', inverseGs[i]!, Gll, Gil);
    copyBlocks(to.band.side, Gip, to.blocks);
    productBlocks('set', from.band.side, Gpp, fromX, Gpl, fX, from.blocks);
    if (i === steps[0]!.line) {
      copyBlocks('middle', X, diagonals[i]!);
      productBlocks('add', 'middle', Gip, fromX, Gil, fX, diagonals[i]!);
      copyBlocks(toLast.to.band.side, Gil, toLast.to.blocks);
      productBlocks('set', toLast.from.band.side, Glp, fromX, Gll, fX, toLast.from.blocks);
    } else {
      dense(space, 'set', Glp, fromX, Gli);
      dense(space, 'add', Gll, fX, Gli);
      dense(space, 'add', Gip, fromX, X);
      dense(space, 'add', Gil, fX, X);
      copyBlocks('middle', X, diagonals[i]!);
    }
    [Gpl, Gil, nextGil] = [Gil, nextGil, Gil];
    [Glp, Gli, nextGli] = [Gli, nextGli, Gli];
  });
};
