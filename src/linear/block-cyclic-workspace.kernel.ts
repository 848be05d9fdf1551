/** The work space of block-cyclic elimination: where each matrix, and each line's blocks, lie in the memory of the products. */
import { blockNumbers } from './block-cyclic-matrix.ts';
import { matrixNumbers, scratchNumbers, type LineMatrices, type LineMatricesOf } from './line-matrices.ts';

/** Places of the matrices in the memory of the products. */
export interface Workspace {
  readonly matrices: LineMatrices;
  readonly size: number;
  readonly lines: number;
  /** Whether what each line leaves is kept, as selected inversion needs it. */
  readonly keeps: boolean;
  /** The blocks of each line with itself, and of its coupling to the next. */
  readonly diagonals: readonly number[];
  readonly uppers: readonly number[];
  readonly lowers: readonly number[];
  /** For each line D, then X, and X upper, X g, f X; where they are not kept, lines share them in turn. */
  readonly inverses: readonly number[];
  readonly inverseUppers: readonly number[];
  readonly inverseGs: readonly number[];
  readonly fInverses: readonly number[];
  readonly g: readonly [number, number];
  readonly f: readonly [number, number];
  readonly spare: readonly [number, number, number];
}

/**
 * Where each matrix of the elimination lies, one after the other, and how many numbers that takes: for the determinant,
 * or for the selected inverse as well.
 */
const workspacePlaces = (size: number, keeps: boolean) => {
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
  const blocksOfLines = (): readonly number[] => Array.from({ length: lines }, () => allot(3 * size * blockNumbers));
  // The last line's diagonal is live during the whole elimination, so its storage is not shared.
  const inverses = keeps ? matrices(lines) : [...matrices(2).slice(0, lines - 1), matrix()];
  const places = {
    inverses,
    inverseUppers: matrices(1),
    inverseGs: matrices(1),
    fInverses: matrices(1),
    g: [matrix(), matrix()],
    f: [matrix(), matrix()],
    spare: [matrix(), matrix(), matrix()],
    diagonals: blocksOfLines(),
    uppers: blocksOfLines(),
    lowers: blocksOfLines(),
  } as const;
  const scratch = allot(scratchNumbers(size));
  return { places, scratch, numbers };
};

/** Float64 numbers of work space for the determinant, or for the selected inverse as well: they grow as N^2 and as N^3. */
export const workNumbers = (size: number, keeps: boolean): number => workspacePlaces(size, keeps).numbers;

/** The work space for N x N lattices, for the determinant, or for the selected inverse as well. */
export const workspace = (size: number, keeps: boolean, lineMatricesOf: LineMatricesOf): Workspace => {
  const { places, scratch, numbers } = workspacePlaces(size, keeps);
  return { matrices: lineMatricesOf(size, numbers, scratch), size, lines: Math.ceil(size / 2), keeps, ...places };
};
