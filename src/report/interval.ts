/** Between which numbers a value lies. */

/** The ends of what a value may be, the lower first. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Whether it says more than its value: that of one seed does not. */
export const hasWidth = ({ low, high }: Interval): boolean => low < high;
