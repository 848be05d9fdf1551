/** How far two arrays are apart, for numbers of different arithmetic. */
import type { Reals } from '../number/reals.ts';

const norm = (values: Iterable<number>): number =>
  Math.sqrt([...values].reduce((sum, value) => sum + value * value, 0));

/**
 * |theirs - ours| / |ours|, Euclidean norms of the whole arrays; infinite where theirs is missing, of another length, or
 * not a number.
 */
export const relativeDeviation = (ours: Reals, theirs: Reals | null): number => {
  if (theirs?.length !== ours.length) {
    return Infinity;
  }
  const distance = norm([...ours].map((value, i) => value - (theirs[i] ?? NaN)));
  const deviation = distance === 0 ? 0 : distance / norm(ours);
  return Number.isNaN(deviation) ? Infinity : deviation;
};
