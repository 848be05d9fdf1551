/**
 * The work space of block-cyclic elimination: the order in which lines are eliminated, and where each matrix, and each
 * line's blocks, lie in the memory of the products.
 */
import { blockNumbers } from './block-cyclic-matrix.ts';
import { lower, matrixNumbers, pivotNumbers, scratchNumbers, transposed, upper, type Band } from './line-matrices.ts';

/** Minus the blocks from a line to another, as a band, as its transpose, and where they lie. */
export interface PlacedBand {
  readonly band: Band;
  readonly transposed: Band;
  readonly blocks: number;
}

/** What couples a line to another, and the other one back to it. */
export interface Link {
  readonly to: PlacedBand;
  readonly from: PlacedBand;
}

/** Lines that are eliminated one after the other, from a neighbour of the last line to one of the middle line. */
export interface Chain {
  /** The lines, each with the one after it, the middle line at the end, and what couples the two. */
  readonly steps: readonly { readonly line: number; readonly next: number; readonly link: Link }[];
  /** What couples the first of the lines to the last line, or the middle line, where no line lies between. */
  readonly toLast: Link;
}

/** Places of the matrices in the memory of the products. */
export interface Workspace {
  readonly size: number;
  /** Numbers of all together; whoever has more to store stores it behind them. */
  readonly numbers: number;
  /** The lines that are not in chains. */
  readonly middle: number;
  readonly last: number;
  /** From the last line on, and back. */
  readonly chains: readonly Chain[];
  /** Whether what each line leaves is kept, as selected inversion needs it. */
  readonly keeps: boolean;
  /** The blocks of each line with itself, and of its coupling to the next. */
  readonly diagonals: readonly number[];
  readonly uppers: readonly number[];
  readonly lowers: readonly number[];
  /** For each line D, then X, and X to, X g, f X; where they are not kept, lines of a chain share them in turn. */
  readonly inverses: readonly number[];
  readonly inverseTos: readonly number[];
  readonly inverseGs: readonly number[];
  readonly fInverses: readonly number[];
  /** Dense couplings of the middle line, and two that lines of a chain have in turn. */
  readonly g: readonly [number, number, number];
  readonly f: readonly [number, number, number];
  readonly spare: readonly [number, number, number];
  /** The pivots of each line, and the lines in the order in which they are eliminated. */
  readonly pivots: readonly number[];
  readonly order: readonly number[];
  readonly scratch: number;
}

/**
 * Where each matrix of the elimination lies, one after the other, and how many numbers that takes: for the determinant,
 * or for the selected inverse as well.
 */
const workspacePlaces = (size: number, keeps: boolean) => {
  const lines = Math.ceil(size / 2);
  const [middle, last] = [Math.floor((lines - 1) / 2), lines - 1];
  const perMatrix = matrixNumbers(size);
  let numbers = 0;
  const allot = (count: number): number => {
    numbers += count;
    return numbers - count;
  };
  const matrix = (): number => allot(perMatrix);
  const each = (place: () => number): readonly number[] => Array.from({ length: lines }, place);
  const ofEachLine = (): readonly number[] => {
    const shared = keeps ? 0 : matrix();
    return each(() => (keeps ? matrix() : shared));
  };
  const blocksOfLines = (): readonly number[] => each(() => allot(3 * size * blockNumbers));
  const inTurn = keeps ? [] : [matrix(), matrix()];
  // Those of the middle and the last line are live during the whole elimination, so their storage is not shared.
  const inverses = Array.from({ length: lines }, (_, i) =>
    keeps || i === middle || i === last ? matrix() : inTurn[i % 2]!,
  );
  const places = {
    middle,
    last,
    inverses,
    inverseTos: ofEachLine(),
    inverseGs: ofEachLine(),
    fInverses: ofEachLine(),
    g: [matrix(), matrix(), matrix()],
    f: [matrix(), matrix(), matrix()],
    spare: [matrix(), matrix(), matrix()],
    diagonals: blocksOfLines(),
    uppers: blocksOfLines(),
    lowers: blocksOfLines(),
    pivots: each(() => allot(pivotNumbers(size))),
    scratch: allot(scratchNumbers(size)),
  } as const;
  return { ...places, numbers };
};

const placed = (band: Band, blocks: number): PlacedBand => ({ band, transposed: transposed(band), blocks });

/** The chains from the last line on to the middle line, and back to it. */
const chainsOf = (
  middle: number,
  last: number,
  uppers: readonly number[],
  lowers: readonly number[],
): readonly Chain[] => {
  const onward = (line: number): Link => ({ to: placed(upper, uppers[line]!), from: placed(lower, lowers[line]!) });
  const backward = (line: number): Link => {
    const { to, from } = onward(line === 0 ? last : line - 1);
    return { to: from, from: to };
  };
  return [
    {
      steps: Array.from({ length: middle }, (_, line) => ({ line, next: line + 1, link: onward(line) })),
      toLast: backward(0),
    },
    {
      steps: Array.from({ length: last - middle - 1 }, (_, k) => {
        const line = last - 1 - k;
        return { line, next: line - 1, link: backward(line) };
      }),
      toLast: onward(last - 1),
    },
  ];
};

/** The work space for N x N lattices, for the determinant, or for the selected inverse as well. */
export const workspace = (size: number, keeps: boolean): Workspace => {
  const places = workspacePlaces(size, keeps);
  const { middle, last, uppers, lowers } = places;
  const chains = chainsOf(middle, last, uppers, lowers);
  const order = [...chains.flatMap(({ steps }) => steps.map(({ line }) => line)), middle, last];
  return { ...places, size, keeps, chains, order };
};
