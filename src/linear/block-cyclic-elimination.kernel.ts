/**
 * Block-cyclic elimination: log det of a ring of lines, and its inverse where the ring has blocks.
 *
 * Line after line is eliminated. What that of line i leaves behind are a dense block D on the diagonal of the next
 * line, and dense couplings -g and -f between the next line and the last. With X = D_i^-1,
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
import { blockNumbers, type BlockCyclicMatrix, type Coupling, type SiteBlocks } from './block-cyclic-matrix.ts';
import type { ComplexGemm, ComplexGemmOf } from './complex-gemm.ts';
import { inversionNumbers, invert, type ComplexLogarithm } from './definite-inverse.kernel.ts';

/** Rows that repeat the first ones after the last, so that three neighbouring sites are always six rows on end. */
const wrapRows = 4;

/** Numbers of a row of three 2 x 2 blocks: 2 rows, 6 columns, complex. */
const bandRow = 24;

/** Determinant and selected inverse of block-cyclic matrices of one size, in one work space. */
export interface BlockCyclicElimination {
  /** Adds log det to the logarithm. */
  readonly determinant: (ring: BlockCyclicMatrix, logarithm: ComplexLogarithm) => void;
  /** As well, and the inverse in the sparsity of the ring, with its own sign. */
  readonly inverse: (ring: BlockCyclicMatrix, logarithm: ComplexLogarithm) => BlockCyclicMatrix;
}

/** The elimination for N x N lattices, with work space for one ring at a time. */
export const blockCyclicElimination = (size: number, complexGemmOf: ComplexGemmOf): BlockCyclicElimination => {
  const determinant = workspace(size, false, complexGemmOf);
  const inverse = lazily(() => workspace(size, true, complexGemmOf));
  return {
    determinant: (ring, logarithm) => {
      eliminate(determinant, ring, logarithm);
    },
    inverse: (ring, logarithm) => {
      eliminate(inverse(), ring, logarithm);
      return substitute(inverse(), ring);
    },
  };
};

const lazily = <A>(make: () => A): (() => A) => {
  let made: A | undefined;
  return () => (made ??= make());
};

/** Places of the matrices in the memory of the products. */
interface Workspace {
  readonly products: ComplexGemm;
  readonly size: number;
  readonly width: number;
  readonly lines: number;
  readonly keeps: boolean;
  /** For each line D, then X, and X upper, X g, f X; where they are not kept, lines share them in turn. */
  readonly inverses: readonly number[];
  readonly inverseUppers: readonly number[];
  readonly inverseGs: readonly number[];
  readonly fInverses: readonly number[];
  readonly g: readonly [number, number];
  readonly f: readonly [number, number];
  readonly spare: readonly [number, number, number, number, number];
  readonly band: number;
  readonly cell: number;
  readonly scratch: number;
}

const widthOf = (size: number): number => 4 * Math.ceil((2 * size) / 4);

const matrixNumbers = (size: number): number => 2 * widthOf(size) * Math.max(widthOf(size), 2 * size + wrapRows);

/**
 * Where each matrix of the elimination lies, one after the other, and how many numbers that takes: for the determinant,
 * or for the inverse as well.
 */
const workspacePlaces = (size: number, keeps: boolean) => {
  const width = widthOf(size);
  const lines = Math.ceil(size / 2);
  const perMatrix = matrixNumbers(size);
  let numbers = 0;
  const allot = (count: number): number => {
    numbers += count;
    return numbers - count;
  };
  const matrix = (): number => allot(perMatrix);
  const matrices = (count: number): readonly number[] => {
    const own = Array.from({ length: keeps ? lines : count }, matrix);
    return Array.from({ length: lines }, (_, i) => own[i % own.length]!);
  };
  // The last line's diagonal is live during the whole elimination, so its storage is not shared.
  const inverses = keeps ? matrices(lines) : [...matrices(2).slice(0, lines - 1), matrix()];
  const places = {
    inverses,
    inverseUppers: matrices(1),
    inverseGs: matrices(1),
    fInverses: matrices(1),
    g: [matrix(), matrix()],
    f: [matrix(), matrix()],
    spare: [matrix(), matrix(), matrix(), matrix(), matrix()],
    band: allot(size * bandRow),
    cell: allot(4 * width),
    scratch: allot(inversionNumbers(width)),
  } as const;
  return { places, numbers };
};

/** Float64 numbers of work space for the determinant, or for the inverse as well: they grow as N^2 and as N^3. */
export const workNumbers = (size: number, keeps: boolean): number => workspacePlaces(size, keeps).numbers;

const workspace = (size: number, keeps: boolean, complexGemmOf: ComplexGemmOf): Workspace => {
  const width = widthOf(size);
  const { places, numbers } = workspacePlaces(size, keeps);
  return { products: complexGemmOf(width, numbers), size, width, lines: Math.ceil(size / 2), keeps, ...places };
};

const strideOf = ({ width }: Workspace): number => 2 * width;

/** Repeats the first rows of a matrix after the last. */
const wrapped = (space: Workspace, a: number): number => {
  const stride = strideOf(space);
  space.products.memory.copyWithin(a + 2 * space.size * stride, a, a + wrapRows * stride);
  return a;
};

const transposed = (space: Workspace, a: number, c: number): number => {
  space.products.transpose(a, c);
  return wrapped(space, c);
};

/** c = a b, c += a b or c -= a b. */
const dense = (space: Workspace, how: 'set' | 'add' | 'subtract', a: number, b: number, c: number): number => {
  space.products[how](2 * space.size, 2 * space.size, space.width, a, space.width, b, c);
  return c;
};

/** Where a band has its blocks: at x, x + 1, x + 2, or at x - 2, x - 1, x. */
type Side = 'right' | 'left';

/** The band matrix with these blocks, as the ring has them, or its transpose. */
interface Band {
  readonly blocks: SiteBlocks;
  readonly side: Side;
  readonly isTransposed: boolean;
}

const upper = ({ upper: blocks }: Coupling): Band => ({ blocks, side: 'right', isTransposed: false });

const upperTransposed = ({ upper: blocks }: Coupling): Band => ({ blocks, side: 'left', isTransposed: true });

const lower = ({ lower: blocks }: Coupling): Band => ({ blocks, side: 'left', isTransposed: false });

const lowerTransposed = ({ lower: blocks }: Coupling): Band => ({ blocks, side: 'right', isTransposed: true });

/** c = band a, or c -= band a, for a matrix a that is wrapped. */
const banded = (
  space: Workspace,
  how: 'set' | 'subtract',
  { blocks, side, isTransposed }: Band,
  a: number,
  c: number,
): number => {
  const { products, size, width, band } = space;
  const { memory } = products;
  const stride = strideOf(space);
  const [second, third] = isTransposed ? [4, 2] : [2, 4];
  for (let x = 0; x < size; x++) {
    const first = side === 'right' ? x : (x + size - 2) % size;
    const row = band + bandRow * x;
    for (let j = 0; j < 3; j++) {
      const from = blockNumbers * (side === 'right' ? j * size + x : (2 - j) * size + ((first + j) % size));
      const to = row + 2 * j;
      memory[to] = blocks[from]!;
      memory[to + 6] = blocks[from + 1]!;
      memory[to + 1] = blocks[from + second]!;
      memory[to + 7] = blocks[from + second + 1]!;
      memory[to + 12] = blocks[from + third]!;
      memory[to + 18] = blocks[from + third + 1]!;
      memory[to + 13] = blocks[from + 6]!;
      memory[to + 19] = blocks[from + 7]!;
    }
    products[how](2, 6, width, row, 6, a + 2 * first * stride, c + 2 * x * stride);
  }
  return c;
};

/** Adds a band matrix to a dense one. */
const addBand = (space: Workspace, { blocks, side, isTransposed }: Band, a: number): void => {
  const { products, size, width } = space;
  const stride = strideOf(space);
  for (let x = 0; x < size; x++) {
    for (let j = 0; j < 3; j++) {
      const column = (x + (side === 'right' ? j : size - j)) % size;
      const from = blockNumbers * (j * size + (side === 'right' ? x : column));
      for (let k = 0; k < 4; k++) {
        const entry = isTransposed ? 2 * (k % 2) + (k >> 1) : k;
        const to = a + (2 * x + (k >> 1)) * stride + 2 * column + (k % 2);
        products.memory[to]! += blocks[from + 2 * entry]!;
        products.memory[to + width]! += blocks[from + 2 * entry + 1]!;
      }
    }
  }
};

const clear = (space: Workspace, a: number): void => {
  space.products.memory.fill(0, a, a + 2 * space.size * strideOf(space));
};

/** The block of the ring's diagonal as a dense matrix. */
const writeDiagonal = (space: Workspace, blocks: SiteBlocks, a: number): void => {
  const { products, size, width } = space;
  const stride = strideOf(space);
  clear(space, a);
  for (let x = 0; x < size; x++) {
    for (let j = 0; j < 3; j++) {
      const from = blockNumbers * (j * size + x);
      const column = (x + size - 1 + j) % size;
      for (let k = 0; k < 4; k++) {
        const to = a + (2 * x + (k >> 1)) * stride + 2 * column + (k % 2);
        products.memory[to]! += blocks[from + 2 * k]!;
        products.memory[to + width]! += blocks[from + 2 * k + 1]!;
      }
    }
  }
};

/** Inverts D, where the width exceeds 2 N with ones on the diagonal. */
const invertDiagonal = (space: Workspace, a: number, logarithm: ComplexLogarithm, determinantOnly: boolean): number => {
  const { products, size, width, scratch } = space;
  const { memory } = products;
  const stride = strideOf(space);
  for (let row = 0; row < width && width > 2 * size; row++) {
    for (let column = row < 2 * size ? 2 * size : 0; column < width; column++) {
      memory[a + row * stride + column] = row === column ? 1 : 0;
      memory[a + row * stride + width + column] = 0;
    }
  }
  invert(products, width, scratch, a, logarithm, determinantOnly);
  return determinantOnly ? a : wrapped(space, a);
};

const eliminate = (space: Workspace, ring: BlockCyclicMatrix, logarithm: ComplexLogarithm): void => {
  const { lines, inverses, spare, keeps } = space;
  const last = lines - 1;
  const seam = ring.couplings[last]!;
  const lastDiagonal = inverses[last]!;
  let [g, nextG] = space.g;
  let [f, nextF] = space.f;
  writeDiagonal(space, ring.diagonals[0]!, inverses[0]!);
  writeDiagonal(space, ring.diagonals[last]!, lastDiagonal);
  if (lines === 2) {
    clear(space, g);
    clear(space, f);
    addBand(space, lower(seam), g);
    addBand(space, upperTransposed(seam), f);
  }
  for (let i = 0; i < last - 1; i++) {
    const coupling = ring.couplings[i]!;
    const X = invertDiagonal(space, inverses[i]!, logarithm, false);
    const [Xg, fX] = [space.inverseGs[i]!, space.fInverses[i]!];
    const Xt = transposed(space, X, spare[0]);
    const [product, fXt] = [spare[1], spare[2]];

    banded(space, 'set', upperTransposed(coupling), Xt, product);
    const Xupper = transposed(space, product, space.inverseUppers[i]!);
    writeDiagonal(space, ring.diagonals[i + 1]!, inverses[i + 1]!);
    banded(space, 'subtract', lower(coupling), Xupper, inverses[i + 1]!);

    if (i === 0) {
      transposed(space, banded(space, 'set', lowerTransposed(seam), Xt, product), Xg);
      transposed(space, banded(space, 'set', upper(seam), X, fX), fXt);
      banded(space, 'subtract', upper(seam), Xg, lastDiagonal);
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
  const coupling = ring.couplings[last - 1]!;
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

const substitute = (space: Workspace, ring: BlockCyclicMatrix): BlockCyclicMatrix => {
  const { lines, inverses, inverseUppers, inverseGs, fInverses, spare, size } = space;
  const last = lines - 1;
  const Gll = inverses[last]!;
  let [Gpl, Gil] = space.g;
  let [Glp, Gli] = space.f;
  const [lowerX, Gip] = [spare[0], spare[1]];
  const diagonals = new Array<SiteBlocks>(lines);
  const couplings = new Array<Coupling>(lines);
  diagonals[last] = read(space, Gll, onDiagonal);

  dense(space, 'set', inverseGs[last - 1]!, Gll, Gpl);
  dense(space, 'set', Gll, fInverses[last - 1]!, Glp);
  dense(space, 'add', Gpl, fInverses[last - 1]!, inverses[last - 1]!);
  diagonals[last - 1] = read(space, inverses[last - 1]!, onDiagonal);
  couplings[last - 1] = { upper: read(space, Gpl, above), lower: read(space, Glp, below) };

  for (let i = last - 2; i >= 0; i--) {
    const X = inverses[i]!;
    const Gpp = inverses[i + 1]!;
    banded(space, 'set', lower(ring.couplings[i]!), X, lowerX);
    dense(space, 'set', inverseUppers[i]!, Gpp, Gip);
    dense(space, 'add', inverseGs[i]!, Glp, Gip);
    dense(space, 'set', inverseUppers[i]!, Gpl, Gil);
    dense(space, 'add', inverseGs[i]!, Gll, Gil);
    dense(space, 'set', Glp, lowerX, Gli);
    dense(space, 'add', Gll, fInverses[i]!, Gli);
    dense(space, 'add', Gip, lowerX, X);
    dense(space, 'add', Gil, fInverses[i]!, X);
    diagonals[i] = read(space, X, onDiagonal);
    couplings[i] = { upper: read(space, Gip, above), lower: productBelow(space, Gpp, lowerX, Gpl, fInverses[i]!) };
    [Gpl, Gil] = [Gil, Gpl];
    [Glp, Gli] = [Gli, Glp];
  }
  couplings[last] = { upper: read(space, Glp, above), lower: read(space, Gpl, below) };
  return { size, diagonals, couplings };
};

/** Where block j of site x is: from row x to column x + shift + j, or the other way round. */
interface Pattern {
  readonly shift: number;
  readonly isColumn: boolean;
}

const onDiagonal: Pattern = { shift: -1, isColumn: false };
const above: Pattern = { shift: 0, isColumn: false };
const below: Pattern = { shift: 0, isColumn: true };

const copyBlock = ({ products: { memory }, width }: Workspace, a: number, to: SiteBlocks, at: number): void => {
  for (let k = 0; k < 4; k++) {
    const from = a + (k >> 1) * 2 * width + (k % 2);
    to[at + 2 * k] = memory[from]!;
    to[at + 2 * k + 1] = memory[from + width]!;
  }
};

/** The blocks of a dense matrix that the pattern names. */
const read = (space: Workspace, a: number, { shift, isColumn }: Pattern): SiteBlocks => {
  const { size } = space;
  const blocks = new Float64Array(3 * size * blockNumbers);
  for (let j = 0; j < 3; j++) {
    for (let x = 0; x < size; x++) {
      const other = (x + size + shift + j) % size;
      const [row, column] = isColumn ? [other, x] : [x, other];
      copyBlock(space, a + 2 * row * strideOf(space) + 2 * column, blocks, blockNumbers * (j * size + x));
    }
  }
  return blocks;
};

/** The blocks `below` of a b + c d, without the rest of it. */
const productBelow = (space: Workspace, a: number, b: number, c: number, d: number): SiteBlocks => {
  const { products, size, width, cell } = space;
  const blocks = new Float64Array(3 * size * blockNumbers);
  for (let j = 0; j < 3; j++) {
    for (let x = 0; x < size; x++) {
      const row = 2 * ((x + j) % size) * strideOf(space);
      products.set(2, 2 * size, 2, a + row, width, b + 2 * x, cell);
      products.add(2, 2 * size, 2, c + row, width, d + 2 * x, cell);
      copyBlock(space, cell, blocks, blockNumbers * (j * size + x));
    }
  }
  return blocks;
};
