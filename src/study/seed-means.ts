/** What figures show of several seeds: their mean, with its interval of 95 percent as an error bar. One seed has none. */
import type { Bar, Point } from '../report/chart.ts';
import { hasWidth, type Interval } from '../report/interval.ts';
import type { Spread } from '../report/verdict.ts';

/** A number over seeds, see `seedInterval`. */
export interface OverSeeds {
  readonly obtained: number | null;
  readonly spread?: Spread;
}

const errorBar = ({ spread }: OverSeeds): { readonly interval?: Interval } =>
  spread === undefined || !hasWidth(spread) ? {} : { interval: { low: spread.low, high: spread.high } };

/** The point of a mean at x; none where nothing was obtained. */
export const meanPoint = (x: number, found: OverSeeds): readonly Point[] =>
  found.obtained === null ? [] : [{ x, y: found.obtained, ...errorBar(found) }];

/** The bar of the mean of a family. */
export const meanBar = (family: string, found: OverSeeds): Bar => ({
  family,
  value: found.obtained,
  ...errorBar(found),
});

/** What captions say of means and their error bars. */
export const meansInWords = 'Geometric means over seeds, with intervals of 95 percent where there are several';
