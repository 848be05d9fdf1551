/** The law of the matrices of single lines: any implementation computes what the plain one does, to the last digit. */
import fc from 'fast-check';

import { blockNumbers } from '../../src/linear/block-cyclic-matrix.ts';
import {
  diagonal,
  lower,
  matrixNumbers,
  pivotNumbers,
  scratchNumbers,
  transposed,
  upper,
  widthOf,
  type Band,
  type LineMatrices,
  type LineMatricesOf,
  type Side,
} from '../../src/linear/line-matrices.ts';
import { interval } from '../arbitraries/interval.ts';
import type { Law } from '../law.ts';

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

/** Where the matrices a, b, c, d of a line lie, its blocks, and the pivots of a. */
type Places = Readonly<Record<'a' | 'b' | 'c' | 'd' | 'blocks' | 'pivots', number>>;

/** Something that is done to them. */
interface Operation {
  readonly name: string;
  readonly run: (matrices: LineMatrices, places: Places) => void;
}

const operation = (name: string, run: Operation['run']): Operation => ({ name, run });

const modes = ['set', 'add', 'subtract'] as const;

const sides: readonly Side[] = ['right', 'left', 'middle'];

const bands: readonly Band[] = [upper, transposed(upper), lower, transposed(lower)];

const named = ({ side, isTransposed }: Band): string => `${side}${isTransposed ? ' transposed' : ''}`;

const operations: readonly Operation[] = [
  operation('clear', ({ clear }, { a }) => {
    clear(a);
  }),
  operation('wrap', ({ wrap }, { a }) => {
    wrap(a);
  }),
  operation('transpose', ({ transpose }, { a, c }) => {
    transpose(a, c);
  }),
  ...modes.map((how) =>
    operation(`${how} a product`, ({ multiply }, { a, b, c }) => {
      multiply(how, a, b, c);
    }),
  ),
  ...modes.flatMap((how) =>
    bands.map((band) =>
      operation(`${how} ${named(band)}`, ({ multiplyBand }, { a, c, blocks }) => {
        multiplyBand(how, band, blocks, a, c);
      }),
    ),
  ),
  ...[...bands, diagonal].map((band) =>
    operation(`add ${named(band)}`, ({ addBand }, { a, blocks }) => {
      addBand(band, blocks, a);
    }),
  ),
  operation('invert', ({ invert }, { a, pivots }) => {
    invert(a, pivots, false);
  }),
  // What it leaves of the matrix is meaningless, so that only the pivots are looked at.
  operation('determinant', ({ invert, memory }, { a, b, pivots }) => {
    invert(a, pivots, true);
    memory.fill(0, a, b);
  }),
  ...sides.map((side) =>
    operation(`blocks ${side}`, ({ copyBlocks }, { a, blocks }) => {
      copyBlocks(side, a, blocks);
    }),
  ),
  ...sides.flatMap((side) =>
    (['set', 'add'] as const).map((how) =>
      operation(`${how} product blocks ${side}`, ({ productBlocks }, { a, b, c, d, blocks }) => {
        productBlocks(how, side, a, b, c, d, blocks);
      }),
    ),
  ),
];

interface LineCase {
  readonly size: number;
  readonly operation: Operation;
  readonly seed: readonly number[];
}

const cases: fc.Arbitrary<LineCase> = fc.record({
  size: fc.integer({ min: 3, max: 9 }),
  operation: fc.constantFrom(...operations),
  seed: fc.array(interval(-1, 1), { minLength: 7, maxLength: 7 }),
});

/** What an operation leaves in the memory; for numbers of order 1. */
const outcome = (matricesOf: LineMatricesOf, { size, operation, seed }: LineCase): readonly number[] => {
  const matrix = matrixNumbers(size);
  const [a, b, c, d, blocks] = [0, matrix, 2 * matrix, 3 * matrix, 4 * matrix];
  const pivots = blocks + 3 * size * blockNumbers;
  const scratch = pivots + pivotNumbers(size);
  const matrices = matricesOf(size, scratch + scratchNumbers(size), scratch);
  const { memory } = matrices;
  memory.set(upTo(scratch).map((i) => Math.sin((i + 1) * (seed[i % seed.length] ?? 0) * 1e3 + i) / 2));
  // With an imaginary part that is large on its diagonal a matrix has an inverse, without pivoting.
  const width = widthOf(size);
  upTo(width).forEach((row) => {
    memory.set([2 * width], a + row * 2 * width + width + row);
  });
  operation.run(matrices, { a, b, c, d, blocks, pivots });
  return [...memory.slice(0, scratch)];
};

const lineMatricesWithin = (
  difference: number,
  statement: string,
  expected: LineMatricesOf,
): Law<LineMatricesOf, LineCase> => ({
  statement,
  cases,
  holds: (matricesOf) => (given) => {
    const [found, wanted] = [outcome(matricesOf, given), outcome(expected, given)];
    return found.length === wanted.length && found.every((x, i) => Math.abs(x - (wanted[i] ?? NaN)) <= difference);
  },
  runs: 200,
});

export const sameLineMatrices = (expected: LineMatricesOf): Law<LineMatricesOf, LineCase> =>
  lineMatricesWithin(
    0,
    'each operation on the matrices of a line leaves the same digits as the plain one, and none elsewhere',
    expected,
  );

/** Sums of at most 40 products of numbers below 1, and inverses of matrices that are as large as their smallest pivot. */
export const closeLineMatrices = (expected: LineMatricesOf): Law<LineMatricesOf, LineCase> =>
  lineMatricesWithin(
    1e-14,
    'each operation on the matrices of a line leaves what the plain one does, but for rounding, and nothing elsewhere',
    expected,
  );
