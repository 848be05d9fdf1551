/** Learning rates as functions of training progress. */
import { pow } from '../number/elementary/power.kernel.ts';
import { cos } from '../number/elementary/trigonometric.kernel.ts';

/** Where training stands: steps done, of how many, with how many in an epoch. */
export interface Progress {
  readonly step: number;
  readonly steps: number;
  readonly stepsPerEpoch: number;
}

/** How the learning rate changes in the course of training. */
export type Schedule =
  /** rate * factor^(epoch / every, rounded down): the published schedule of the binary EFNN is 1e-3, 0.9, 100. */
  | { readonly tag: 'decay'; readonly rate: number; readonly factor: number; readonly every: number }
  /** From `first` down to `last` in equal ratios, a new rate every `every` epochs: the other published schedules. */
  | { readonly tag: 'staircase'; readonly first: number; readonly last: number; readonly every: number }
  /** Up to `peak` along a cosine for a fifth of the steps, from peak / 25, then down to peak / 250,000. */
  | { readonly tag: 'oneCycle'; readonly peak: number };

/** How far the one-cycle schedule rises: the fraction of steps before the peak, and how far below it start and end lie. */
const cycle = { rising: 0.2, start: 1 / 25, end: 1 / 250_000 };

const cosine = (from: number, to: number, fraction: number): number =>
  to + ((from - to) * (1 + cos(Math.PI * fraction))) / 2;

/**
 * The learning rate at a step.
 *
 * @source one cycle: Smith and Topin, arXiv:1708.07120, with PyTorch's defaults but for the rising fraction
 */
export const rateAt =
  (schedule: Schedule) =>
  ({ step, steps, stepsPerEpoch }: Progress): number => {
    const epoch = Math.floor(step / stepsPerEpoch);
    switch (schedule.tag) {
      case 'decay':
        return schedule.rate * pow(schedule.factor, Math.floor(epoch / schedule.every));
      case 'staircase': {
        const stairs = Math.max(1, Math.ceil(steps / stepsPerEpoch / schedule.every) - 1);
        return schedule.first * pow(schedule.last / schedule.first, Math.floor(epoch / schedule.every) / stairs);
      }
      case 'oneCycle': {
        const { peak } = schedule;
        const top = Math.max(1, cycle.rising * steps - 1);
        return step <= top
          ? cosine(cycle.start * peak, peak, step / top)
          : cosine(peak, cycle.end * peak, (step - top) / Math.max(1, steps - 1 - top));
      }
    }
  };

/** Whether a schedule goes above the rate that it should never exceed, its `peakOf`. */
export const rises = (schedule: Schedule): boolean => {
  switch (schedule.tag) {
    case 'decay':
      return schedule.factor > 1;
    case 'staircase':
      return schedule.last > schedule.first;
    case 'oneCycle':
      return false;
  }
};

/** The highest rate of a schedule that does not rise. */
export const peakOf = (schedule: Schedule): number => {
  switch (schedule.tag) {
    case 'decay':
      return schedule.rate;
    case 'staircase':
      return schedule.first;
    case 'oneCycle':
      return schedule.peak;
  }
};
