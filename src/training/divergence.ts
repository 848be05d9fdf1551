/**
 * Divergence: a loss that has exploded, or weights with which a network predicts nothing finite. A training that diverges at the
 * rates of its schedule is done once more from its beginning at half of them; one that diverges again ends with an error.
 */
import { peakOf, type Schedule } from './schedule.ts';

/** What the rates of a schedule are multiplied by: 1, or 1/2 once a training has diverged. */
export type RateFactor = 1 | 0.5;

/** A training has diverged. */
export interface Divergence {
  readonly tag: 'Divergence';
  /** What was expected, what was got, and the peak of the rates at which that happened. */
  readonly message: string;
}

const peakText = (schedule: Schedule, factor: RateFactor): string =>
  factor === 1 ? `peak now ${peakOf(schedule)}` : `peak ${factor * peakOf(schedule)}, half of what it was at first`;

/** A divergence at the rates of a schedule, times a factor. */
export const divergence = (got: string, schedule: Schedule, factor: RateFactor): Divergence => ({
  tag: 'Divergence',
  message: `${got}; lower the rate (${peakText(schedule, factor)})`,
});
