/**
 * The work space of block-cyclic elimination: where each matrix lies in the memory of the products.
 *
 * The matrix of a line has 2 N rows and columns; its width is rounded up to a multiple of 4, as the products want it.
 */
import type { ComplexGemm, ComplexGemmOf } from './complex-gemm.ts';
import { inversionNumbers } from './definite-inverse.kernel.ts';

/** Rows that repeat the first ones after the last: two sites, so that three neighbours are always six rows on end. */
export const wrapRows = 4;

/** Numbers of a row of three 2 x 2 blocks: 2 rows, 6 columns, complex. */
export const bandRow = 24;

/** Places of the matrices in the memory of the products. */
export interface Workspace {
  readonly products: ComplexGemm;
  readonly size: number;
  readonly width: number;
  readonly lines: number;
  /** Whether what each line leaves is kept, as selected inversion needs it. */
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

/** The products work on multiples of four columns. */
const widthOf = (size: number): number => 4 * Math.ceil((2 * size) / 4);

const matrixNumbers = (size: number): number => 2 * widthOf(size) * Math.max(widthOf(size), 2 * size + wrapRows);

/**
 * Where each matrix of the elimination lies, one after the other, and how many numbers that takes: for the determinant,
 * or for the selected inverse as well.
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

/** Float64 numbers of work space for the determinant, or for the selected inverse as well: they grow as N^2 and as N^3. */
export const workNumbers = (size: number, keeps: boolean): number => workspacePlaces(size, keeps).numbers;

/** The work space for N x N lattices, for the determinant, or for the selected inverse as well. */
export const workspace = (size: number, keeps: boolean, complexGemmOf: ComplexGemmOf): Workspace => {
  const width = widthOf(size);
  const { places, numbers } = workspacePlaces(size, keeps);
  return { products: complexGemmOf(width, numbers), size, width, lines: Math.ceil(size / 2), keeps, ...places };
};

/** Numbers in a row of a matrix. */
export const strideOf = ({ width }: Workspace): number => 2 * width;
