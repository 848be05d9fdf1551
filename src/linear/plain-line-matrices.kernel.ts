/** The matrices of single lines in TypeScript: the reference, whose order of operations others keep to. */
import { blockNumbers } from './block-cyclic-matrix.ts';
import type { ComplexGemm, ComplexGemmOf, Mode } from './complex-gemm.ts';
import { invert } from './definite-inverse.kernel.ts';
import { widthOf, wrapRows, type Band, type LineMatrices, type LineMatricesOf, type Side } from './line-matrices.ts';
import { plainComplexGemm } from './plain-complex-gemm.kernel.ts';

/** What all operations need to know. */
interface Space {
  readonly products: ComplexGemm;
  readonly size: number;
  readonly width: number;
  /** Numbers from a row to the next. */
  readonly stride: number;
  readonly scratch: number;
}

const wrap = ({ products: { memory }, size, stride }: Space, a: number): void => {
  memory.copyWithin(a + 2 * size * stride, a, a + wrapRows * stride);
};

const clear = ({ products: { memory }, size, stride }: Space, a: number): void => {
  memory.fill(0, a, a + 2 * size * stride);
};

/** Each site's rows of the band, packed as a matrix of two rows and six columns. */
const multiplyBand = (
  { products, size, width, stride, scratch }: Space,
  how: Mode,
  { side, isTransposed }: Band,
  blocks: number,
  a: number,
  c: number,
): void => {
  const { memory } = products;
  const [second, third] = isTransposed ? [4, 2] : [2, 4];
  for (let x = 0; x < size; x++) {
    const first = side === 'right' ? x : (x + size - 2) % size;
    for (let j = 0; j < 3; j++) {
      const from = blocks + blockNumbers * (side === 'right' ? j * size + x : (2 - j) * size + ((first + j) % size));
      const to = scratch + 2 * j;
      memory[to] = memory[from]!;
      memory[to + 6] = memory[from + 1]!;
      memory[to + 1] = memory[from + second]!;
      memory[to + 7] = memory[from + second + 1]!;
      memory[to + 12] = memory[from + third]!;
      memory[to + 18] = memory[from + third + 1]!;
      memory[to + 13] = memory[from + 6]!;
      memory[to + 19] = memory[from + 7]!;
    }
    products[how](2, 6, width, scratch, 6, a + 2 * first * stride, c + 2 * x * stride);
  }
};

const addBand = (
  { products: { memory }, size, width, stride }: Space,
  { side, isTransposed }: Band,
  blocks: number,
  a: number,
): void => {
  for (let x = 0; x < size; x++) {
    for (let j = 0; j < 3; j++) {
      const column = (x + (side === 'right' ? j : side === 'left' ? size - j : size - 1 + j)) % size;
      const from = blocks + blockNumbers * (j * size + (side === 'left' ? column : x));
      for (let k = 0; k < 4; k++) {
        const entry = isTransposed ? 2 * (k % 2) + (k >> 1) : k;
        const to = a + (2 * x + (k >> 1)) * stride + 2 * column + (k % 2);
        memory[to]! += memory[from + 2 * entry]!;
        memory[to + width]! += memory[from + 2 * entry + 1]!;
      }
    }
  }
};

const padWithOnes = ({ products: { memory }, size, width, stride }: Space, a: number): void => {
  for (let row = 0; row < width && width > 2 * size; row++) {
    for (let column = row < 2 * size ? 2 * size : 0; column < width; column++) {
      memory[a + row * stride + column] = row === column ? 1 : 0;
      memory[a + row * stride + width + column] = 0;
    }
  }
};

/** A block of the matrix at a, written to `at` or added to what is there. */
const copyBlock = ({ products: { memory }, width, stride }: Space, how: 'set' | 'add', a: number, at: number): void => {
  for (let k = 0; k < 4; k++) {
    const from = a + (k >> 1) * stride + (k % 2);
    const to = at + 2 * k;
    memory[to] = how === 'add' ? memory[to]! + memory[from]! : memory[from]!;
    memory[to + 1] = how === 'add' ? memory[to + 1]! + memory[from + width]! : memory[from + width]!;
  }
};

/** Every block of a band with the sites of its row and its column. */
const eachBlock = (
  { size }: Space,
  side: Side,
  blocks: number,
  f: (row: number, column: number, at: number) => void,
): void => {
  const shift = side === 'middle' ? size - 1 : 0;
  for (let j = 0; j < 3; j++) {
    for (let x = 0; x < size; x++) {
      const other = (x + shift + j) % size;
      const [row, column] = side === 'left' ? [other, x] : [x, other];
      f(row, column, blocks + blockNumbers * (j * size + x));
    }
  }
};

const copyBlocks = (space: Space, side: Side, a: number, blocks: number): void => {
  eachBlock(space, side, blocks, (row, column, at) => {
    copyBlock(space, 'set', a + 2 * row * space.stride + 2 * column, at);
  });
};

const productBlocks =
  (space: Space): LineMatrices['productBlocks'] =>
  (how, side, a, b, c, d, blocks) => {
    const { products, size, width, stride, scratch } = space;
    eachBlock(space, side, blocks, (row, column, at) => {
      products.set(2, 2 * size, 2, a + 2 * row * stride, width, b + 2 * column, scratch);
      products.add(2, 2 * size, 2, c + 2 * row * stride, width, d + 2 * column, scratch);
      copyBlock(space, how, scratch, at);
    });
  };

/** The operations by these products. */
export const lineMatricesBy =
  (complexGemmOf: ComplexGemmOf): LineMatricesOf =>
  (size, numbers, scratch): LineMatrices => {
    const width = widthOf(size);
    const products = complexGemmOf(width, numbers);
    const space: Space = { products, size, width, stride: 2 * width, scratch };
    return {
      memory: products.memory,
      multiply: (how, a, b, c) => {
        products[how](2 * size, 2 * size, width, a, width, b, c);
      },
      clear: (a) => {
        clear(space, a);
      },
      wrap: (a) => {
        wrap(space, a);
      },
      transpose: (a, c) => {
        products.transpose(a, c);
        wrap(space, c);
      },
      multiplyBand: (how, band, blocks, a, c) => {
        multiplyBand(space, how, band, blocks, a, c);
      },
      addBand: (band, blocks, a) => {
        addBand(space, band, blocks, a);
      },
      invert: (a, pivots, determinantOnly) => {
        padWithOnes(space, a);
        invert(products, width, scratch, a, pivots, determinantOnly);
        wrap(space, a);
      },
      copyBlocks: (side, a, blocks) => {
        copyBlocks(space, side, a, blocks);
      },
      productBlocks: productBlocks(space),
    };
  };

/** The operations as loops: what any faster implementation must equal. */
export const plainLineMatrices: LineMatricesOf = lineMatricesBy(plainComplexGemm);
