/**
 * Labels beside the ends of curves: each as near to its curve as it can be, none upon another.
 *
 * Minimizing the squared displacement with labels `gap` apart is isotonic regression: after subtracting `gap` times its rank
 * from each wish, the positions only have to be in order, and pooling adjacent violators solves that exactly.
 */

interface Pool {
  readonly mean: number;
  readonly count: number;
}

const pool = (pools: readonly Pool[], next: Pool): readonly Pool[] => {
  const last = pools.at(-1);
  if (last === undefined || last.mean <= next.mean) {
    return [...pools, next];
  }
  const count = last.count + next.count;
  return pool(pools.slice(0, -1), { mean: (last.mean * last.count + next.mean * next.count) / count, count });
};

/**
 * Positions for labels that wish to stand at `wishes`, at least `gap` apart, in the order of their wishes, within
 * [low, high] as long as there is room for all of them.
 */
export const placeLabels =
  (gap: number, low: number, high: number) =>
  (wishes: readonly number[]): readonly number[] => {
    const order = wishes.map((wish, i) => ({ wish, i })).sort((a, b) => a.wish - b.wish || a.i - b.i);
    const slack = Math.max(low, high - gap * (wishes.length - 1));
    const pools = order.reduce<readonly Pool[]>(
      (placed, { wish }, rank) => pool(placed, { mean: wish - gap * rank, count: 1 }),
      [],
    );
    const placed = pools
      .flatMap(({ mean, count }) => Array.from({ length: count }, () => Math.min(slack, Math.max(low, mean))))
      .map((position, rank) => position + gap * rank);
    const ranks = new Map(order.map(({ i }, rank) => [i, rank]));
    return wishes.map((wish, i) => placed[ranks.get(i) ?? 0] ?? wish);
  };
