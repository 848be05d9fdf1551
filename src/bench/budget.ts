/** How the time of a benchmark is shared: it ends in the minutes that it is given, with fewer rounds where they are few. */

/** Contenders of one experiment take turns no longer than this, in seconds. */
const longestTurns = { whole: 30, quick: 3 };

/**
 * Seconds for which the contenders of the next of `left` experiments may take turns, when so many are left of the whole; null
 * where none is left, and what is not measured by then is not measured.
 *
 * @example
 * secondsForTurns({ secondsLeft: 60, left: 4, quick: false }) // 15
 */
export const secondsForTurns = ({
  secondsLeft,
  left,
  quick,
}: {
  readonly secondsLeft: number;
  readonly left: number;
  readonly quick: boolean;
}): number | null =>
  secondsLeft <= 0 ? null : Math.min(quick ? longestTurns.quick : longestTurns.whole, secondsLeft / left);
