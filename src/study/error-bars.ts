/** What figures show of several seeds: their mean, with its interval of 95 percent as an error bar. One seed has none. */
import type { Bar, Point } from '../report/chart.ts';
import { hasWidth, type Interval } from '../report/interval.ts';
import type { SeedMean } from './seed-interval.ts';

const errorBar = ({ spread }: SeedMean): { readonly interval?: Interval } =>
  spread === undefined || !hasWidth(spread) ? {} : { interval: { low: spread.low, high: spread.high } };

/** The point of a mean at x; none where nothing was obtained. */
export const meanPoint = (x: number, found: SeedMean): readonly Point[] =>
  found.obtained === null ? [] : [{ x, y: found.obtained, ...errorBar(found) }];

/** The bar of the mean of a family. */
export const meanBar = (family: string, found: SeedMean): Bar => ({
  family,
  value: found.obtained,
  ...errorBar(found),
});

/** What captions say of means and their error bars. */
export const meansInWords = 'Geometric means over seeds, with intervals of 95 percent where there are several';
