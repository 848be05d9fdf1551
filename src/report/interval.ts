/** Between which numbers a value lies. */

/** The ends of what a value may be, the lower first. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}
