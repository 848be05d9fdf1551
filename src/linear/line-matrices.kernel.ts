/**
 * The matrices of single lines, as block-cyclic elimination needs them: products, dense or by a band of three 2 x 2
 * blocks a site, inverses, and the ways between dense matrices and blocks. Each is named by its place in the work space.
 */
import { blockNumbers, type Coupling, type SiteBlocks } from './block-cyclic-matrix.ts';
import { bandRow, strideOf, wrapRows, type Workspace } from './block-cyclic-workspace.kernel.ts';
import { invert, type ComplexLogarithm } from './definite-inverse.kernel.ts';

/** Repeats the first rows of a matrix after the last. */
export const wrapped = (space: Workspace, a: number): number => {
  const stride = strideOf(space);
  space.products.memory.copyWithin(a + 2 * space.size * stride, a, a + wrapRows * stride);
  return a;
};

/** c = a^T, wrapped. */
export const transposed = (space: Workspace, a: number, c: number): number => {
  space.products.transpose(a, c);
  return wrapped(space, c);
};

/** c = a b, c += a b or c -= a b. */
export const dense = (space: Workspace, how: 'set' | 'add' | 'subtract', a: number, b: number, c: number): number => {
  space.products[how](2 * space.size, 2 * space.size, space.width, a, space.width, b, c);
  return c;
};

/** Where a band has its blocks: at x, x + 1, x + 2, or at x - 2, x - 1, x. */
type Side = 'right' | 'left';

/** The band matrix with these blocks, as the block-cyclic matrix has them, or its transpose. */
interface Band {
  readonly blocks: SiteBlocks;
  readonly side: Side;
  readonly isTransposed: boolean;
}

/** Minus the block from a line to the next. */
export const upper = ({ upper: blocks }: Coupling): Band => ({ blocks, side: 'right', isTransposed: false });

/** Its transpose. */
export const upperTransposed = ({ upper: blocks }: Coupling): Band => ({ blocks, side: 'left', isTransposed: true });

/** Minus the block from the next line back. */
export const lower = ({ lower: blocks }: Coupling): Band => ({ blocks, side: 'left', isTransposed: false });

/** Its transpose. */
export const lowerTransposed = ({ lower: blocks }: Coupling): Band => ({ blocks, side: 'right', isTransposed: true });

/** c = band a, or c -= band a, for a matrix a that is wrapped. */
export const banded = (
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
export const addBand = (space: Workspace, { blocks, side, isTransposed }: Band, a: number): void => {
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

/** a = 0. */
export const clear = (space: Workspace, a: number): void => {
  space.products.memory.fill(0, a, a + 2 * space.size * strideOf(space));
};

/** A diagonal block of the block-cyclic matrix as a dense matrix. */
export const writeDiagonal = (space: Workspace, blocks: SiteBlocks, a: number): void => {
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

/** Inverts D, with ones on the diagonal where the width exceeds 2 N. */
export const invertDiagonal = (
  space: Workspace,
  a: number,
  logarithm: ComplexLogarithm,
  determinantOnly: boolean,
): number => {
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

/** Where block j of site x is: from row x to column x + shift + j, or the other way round. */
interface Pattern {
  readonly shift: number;
  readonly isColumn: boolean;
}

/** The blocks of a line with itself. */
export const onDiagonal: Pattern = { shift: -1, isColumn: false };
/** The blocks from a line to the next. */
export const above: Pattern = { shift: 0, isColumn: false };
/** The blocks from the next line back. */
export const below: Pattern = { shift: 0, isColumn: true };

const copyBlock = ({ products: { memory }, width }: Workspace, a: number, to: SiteBlocks, at: number): void => {
  for (let k = 0; k < 4; k++) {
    const from = a + (k >> 1) * 2 * width + (k % 2);
    to[at + 2 * k] = memory[from]!;
    to[at + 2 * k + 1] = memory[from + width]!;
  }
};

/** The blocks of a dense matrix that the pattern names. */
export const blocksOf = (space: Workspace, a: number, { shift, isColumn }: Pattern): SiteBlocks => {
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
export const productBelow = (space: Workspace, a: number, b: number, c: number, d: number): SiteBlocks => {
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
