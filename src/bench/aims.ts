/** What the speed of this program is meant to reach, on Node 20 and on the newest, and what of it was reached. */
import { arithmeticRow, type BenchRow } from './row.ts';

/** A number on each of two Nodes: 20, and the newest that was measured above it. */
export interface OnNodes<A> {
  readonly node20: A;
  readonly newest: A;
}

/** What a row is meant to reach. */
export interface Aim {
  readonly title: string;
  /** The row that it is read from. */
  readonly row: string;
  /** One thread, or all. */
  readonly threads: 'one' | 'all';
  /** The time of the fastest peer whose name begins so, over ours; or the value of the row itself. */
  readonly quantity: { readonly tag: 'ratio'; readonly peer: string } | { readonly tag: 'value' };
  readonly sense: 'at least' | 'at most';
  readonly wanted: OnNodes<number>;
}

const alike = (value: number): OnNodes<number> => ({ node20: value, newest: value });

const besideTorch = (title: string, row: string, node20: number, newest: number): Aim => ({
  title,
  row,
  threads: 'one',
  quantity: { tag: 'ratio', peer: 'PyTorch' },
  sense: 'at least',
  wanted: { node20, newest },
});

const besideLapack = (title: string, row: string, wanted: number): Aim => ({
  title,
  row,
  threads: 'one',
  quantity: { tag: 'ratio', peer: 'numpy' },
  sense: 'at least',
  wanted: alike(wanted),
});

const gain = (title: string, row: string): Aim => ({
  title: `2 threads, ${title}`,
  row: `${row}-threads`,
  threads: 'all',
  quantity: { tag: 'value' },
  sense: 'at least',
  wanted: alike(1.8),
});

/** Those that the README shows. */
export const headlines: readonly Aim[] = [
  besideTorch('training C = 1', 'training-C1', 10, 14),
  besideTorch('training C = 3', 'training-C3', 10, 16),
  besideTorch('training C = 9', 'training-C9', 7, 11),
  besideTorch('forces C = 3, batch 50', 'training-forces-C3', 10, 14),
  besideTorch('forward 1000 of 10 x 10', 'forward-10x10-batch-1000', 4.5, 7),
  besideTorch('forward one 40 x 40', 'forward-40x40', 2, 3),
  besideTorch('dense W = 150', 'dense-W150', 0.5, 0.9),
  besideLapack('poles N = 40', 'exact-poles-N40', 60),
  {
    title: 'EFNN N = 40 over LAPACK',
    ...{ row: 'exact-N40-efnn-over-lapack', threads: 'one', quantity: { tag: 'value' }, sense: 'at least' },
    wanted: alike(10_000),
  },
];

/** All of them. */
export const aims: readonly Aim[] = [
  ...headlines,
  besideLapack('poles N = 10', 'exact-poles-N10', 3),
  besideLapack('poles N = 10, with forces', 'exact-poles-forces-N10', 4),
  besideLapack('poles N = 20', 'exact-poles-N20', 15),
  besideLapack('poles N = 20, fused', 'exact-poles-fused-N20', 15),
  besideLapack('poles N = 40, fused', 'exact-poles-fused-N40', 60),
  besideLapack('diagonalize N = 40', 'exact-diagonalize-N40', 0.5),
  gain('training C = 1', 'training-C1'),
  gain('training C = 3', 'training-C3'),
  gain('training C = 9', 'training-C9'),
  gain('forces C = 3, batch 50', 'training-forces-C3'),
  gain('dense W = 150', 'dense-W150'),
  {
    title: 'a step of nothing, 2 threads, ms',
    row: 'training-C1-idle',
    threads: 'all',
    quantity: { tag: 'value' },
    sense: 'at most',
    wanted: alike(0.1),
  },
];

/** What was measured for an aim on one Node, by medians; null where it was not measured. */
export type Outcome = {
  readonly obtained: number;
  readonly reached: boolean;
} | null;

const majorOf = (node: string): number => Number(/^\d+/.exec(node)?.[0] ?? NaN);

/** The versions of Node that rows were measured on: 20, and the newest above it; null where there is none. */
export const nodesOf = (rows: readonly BenchRow[]): OnNodes<string | null> => {
  const versions = [...new Set(rows.map(({ node }) => node))].toSorted((a, b) => majorOf(a) - majorOf(b));
  return {
    node20: versions.find((node) => majorOf(node) === 20) ?? null,
    newest: versions.findLast((node) => majorOf(node) > 20) ?? null,
  };
};

const obtainedIn = ({ quantity }: Aim, { value, peer, ratio }: BenchRow): readonly number[] => {
  if (quantity.tag === 'value') {
    return [value];
  }
  return peer?.startsWith(quantity.peer) === true && ratio !== null ? [ratio] : [];
};

const outcomeOn =
  (rows: readonly BenchRow[], aim: Aim) =>
  (node: string | null, wanted: number): Outcome => {
    const [obtained] = rows
      .filter((row) => row.name === aim.row && row.node === node && row.threads > 1 === (aim.threads === 'all'))
      .flatMap((row) => obtainedIn(aim, row))
      // The fastest peer is the one that the least ratio is of.
      .toSorted((a, b) => a - b);
    return obtained === undefined
      ? null
      : { obtained, reached: aim.sense === 'at least' ? obtained >= wanted : obtained <= wanted };
  };

/** What the rows say of an aim on both Nodes. */
export const outcomesOf =
  (rows: readonly BenchRow[]) =>
  (aim: Aim): OnNodes<Outcome> => {
    const [nodes, outcome] = [nodesOf(rows), outcomeOn(rows, aim)];
    return {
      node20: outcome(nodes.node20, aim.wanted.node20),
      newest: outcome(nodes.newest, aim.wanted.newest),
    };
  };

/** The most of an aim that could be obtained, if the time were that of the arithmetic alone, at the peak; null where that is not known. */
export const boundsOf =
  (rows: readonly BenchRow[]) =>
  (aim: Aim): OnNodes<Outcome> =>
    outcomesOf(rows)({ ...aim, row: arithmeticRow(aim.row) });
