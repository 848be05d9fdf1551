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
import { once } from '../number/memoize.ts';
import { blockNumbers, type BlockCyclicMatrix, type SiteBlocks } from './block-cyclic-matrix.ts';
import { workspace, type Chain, type Workspace } from './block-cyclic-workspace.kernel.ts';
import { addLogarithms, type ComplexLogarithm } from './definite-inverse.kernel.ts';
import { diagonal, pivotNumbers, type LineMatricesOf, type LineOperations } from './line-matrices.ts';

/** Determinant and selected inverse of block-cyclic matrices of one size, in one work space. */
export interface BlockCyclicElimination {
  /** Adds log det to the logarithm. */
  readonly determinant: (matrix: BlockCyclicMatrix, logarithm: ComplexLogarithm) => void;
  /** As well, and gives the blocks of the inverse where the matrix has its own; couplings bear their own sign. It holds until the next one is made. */
  readonly selectedInverse: (matrix: BlockCyclicMatrix, logarithm: ComplexLogarithm) => BlockCyclicMatrix;
}

/** The elimination for N x N lattices, with work space for one matrix at a time. */
export const blockCyclicElimination = (size: number, lineMatricesOf: LineMatricesOf): BlockCyclicElimination => {
  const determinant = elimination(size, false, lineMatricesOf);
  const inversion = once(() => elimination(size, true, lineMatricesOf));
  return {
    determinant: (matrix, logarithm) => {
      determinant(matrix, logarithm);
    },
    selectedInverse: (matrix, logarithm) => inversion()(matrix, logarithm),
  };
};

/** Takes the logarithm of a matrix, and gives what the elimination leaves of its blocks. */
const elimination = (
  size: number,
  keeps: boolean,
  lineMatricesOf: LineMatricesOf,
): BlockCyclicElimination['selectedInverse'] => {
  const space = workspace(size, keeps);
  const matrices = lineMatricesOf(size, space.numbers, space.scratch);
  const { memory } = matrices;
  const blocks = blocksIn(space, memory);
  const run = eliminationIn(space);
  return (matrix, logarithm) => {
    writeBlocks(blocks, matrix);
    run(matrices);
    addPivots(space, memory, logarithm);
    return blocks;
  };
};

/** The blocks of all lines, as they lie in the memory. */
const blocksIn = ({ size, diagonals, uppers, lowers }: Workspace, memory: Float64Array): BlockCyclicMatrix => {
  const at = (place: number): SiteBlocks => memory.subarray(place, place + 3 * size * blockNumbers);
  return {
    size,
    diagonals: diagonals.map(at),
    couplings: uppers.map((place, i) => ({ upper: at(place), lower: at(lowers[i]!) })),
  };
};

const writeBlocks = (to: BlockCyclicMatrix, { diagonals, couplings }: BlockCyclicMatrix): void => {
  to.diagonals.forEach((blocks, i) => {
    blocks.set(diagonals[i]!);
    to.couplings[i]!.upper.set(couplings[i]!.upper);
    to.couplings[i]!.lower.set(couplings[i]!.lower);
  });
};

/** Adds the logarithms of the pivots that an elimination has left. */
export const addPivots = (
  { size, order, pivots }: Workspace,
  memory: Float64Array,
  logarithm: ComplexLogarithm,
): void => {
  order.forEach((line) => {
    addLogarithms(logarithm, memory, pivots[line]!, pivotNumbers(size) / 2);
  });
};

/**
 * What is done to the blocks of a matrix that lie in the work space: the elimination, which leaves pivots, and where the work space
 * is for it the selected inverse, whose blocks take the place of the matrix's. No number decides on what is done.
 */
export const eliminationIn =
  (space: Workspace) =>
  (matrices: LineOperations): void => {
    const working = { ...space, matrices };
    eliminate(working);
    if (space.keeps) {
      substituteBack(working);
    }
  };

/** A work space, and what is done there. */
interface Working extends Workspace {
  readonly matrices: LineOperations;
}

/** D of a line, from its blocks. */
const writeDiagonal = ({ matrices, diagonals, inverses }: Working, i: number): void => {
  matrices.clear(inverses[i]!);
  matrices.addBand(diagonal, diagonals[i]!, inverses[i]!);
};

/** Eliminates the chains, the middle line and the last one. */
const eliminate = (space: Working): void => {
  const { matrices, middle, last, inverses, pivots, spare, keeps } = space;
  const [g] = space.g;
  const [f] = space.f;
  writeDiagonal(space, middle);
  writeDiagonal(space, last);
  matrices.clear(g);
  matrices.clear(f);
  space.chains.forEach((chain) => {
    eliminateChain(space, chain);
  });
  const [X, Xg, untransposed] = [inverses[middle]!, space.inverseGs[middle]!, spare[0]];
  matrices.invert(X, pivots[middle]!, false);
  matrices.transpose(f, untransposed);
  matrices.multiply('set', X, g, Xg);
  matrices.multiply('subtract', untransposed, Xg, inverses[last]!);
  if (keeps) {
    matrices.multiply('set', untransposed, X, space.fInverses[middle]!);
  }
  matrices.invert(inverses[last]!, pivots[last]!, !keeps);
};

/** Eliminates the lines of a chain, and adds what it leaves between the middle line and the last. */
const eliminateChain = (space: Working, { steps, toLast }: Chain): void => {
  const { matrices, middle, inverses, pivots } = space;
  const { addBand, invert, transpose, wrap, multiply, multiplyBand } = matrices;
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
    invert(X, pivots[i]!, false);
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
      multiply('set', X, g, Xg);
      wrap(Xg);
      multiply('set', Xt, f, fXt);
      wrap(fXt);
      transpose(fXt, fX);
      multiply('subtract', fX, g, lastDiagonal);
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
const substituteBack = (space: Working): void => {
  const { matrices, middle, last, inverses, inverseGs, fInverses, diagonals } = space;
  const { copyBlocks, multiply } = matrices;
  const [Gll, Gmm] = [inverses[last]!, inverses[middle]!];
  const [Gml] = space.g;
  const [Glm] = space.f;
  copyBlocks('middle', Gll, diagonals[last]!);
  multiply('set', inverseGs[middle]!, Gll, Gml);
  multiply('set', Gll, fInverses[middle]!, Glm);
  multiply('add', Gml, fInverses[middle]!, Gmm);
  copyBlocks('middle', Gmm, diagonals[middle]!);
  space.chains.forEach((chain) => {
    substituteChain(space, chain);
  });
};

/** The blocks of the inverse for the lines of a chain; those of its first line are wanted in bands alone. */
const substituteChain = (space: Working, { steps, toLast }: Chain): void => {
  const { matrices, inverses, inverseTos, inverseGs, fInverses, diagonals } = space;
  const { copyBlocks, productBlocks, multiply, multiplyBand } = matrices;
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
    multiply('set', inverseTos[i]!, Gpp, Gip);
    multiply('add', inverseGs[i]!, Glp, Gip);
    multiply('set', inverseTos[i]!, Gpl, Gil);
    multiply('add', inverseGs[i]!, Gll, Gil);
    copyBlocks(to.band.side, Gip, to.blocks);
    productBlocks('set', from.band.side, Gpp, fromX, Gpl, fX, from.blocks);
    if (i === steps[0]!.line) {
      copyBlocks('middle', X, diagonals[i]!);
      productBlocks('add', 'middle', Gip, fromX, Gil, fX, diagonals[i]!);
      copyBlocks(toLast.to.band.side, Gil, toLast.to.blocks);
      productBlocks('set', toLast.from.band.side, Glp, fromX, Gll, fX, toLast.from.blocks);
    } else {
      multiply('set', Glp, fromX, Gli);
      multiply('add', Gll, fX, Gli);
      multiply('add', Gip, fromX, X);
      multiply('add', Gil, fX, X);
      copyBlocks('middle', X, diagonals[i]!);
    }
    [Gpl, Gil, nextGil] = [Gil, nextGil, Gil];
    [Glp, Gli, nextGli] = [Gli, nextGli, Gli];
  });
};
