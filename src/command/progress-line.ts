/** How far long work is, in words. */
import { clock } from '../report/clock.ts';

/**
 * What is done of so much work after so many seconds, how fast, and the time that is left.
 *
 * @example
 * progressLine('samples', 100, 25, 50) // '25/100 samples, 0.500/s, 2:30 left'
 */
export const progressLine = (unit: string, total: number, done: number, seconds: number): string => {
  const left = clock(((total - done) * seconds) / done);
  return done === 0
    ? `0/${total} ${unit}`
    : `${Number.isInteger(done) ? done : done.toFixed(1)}/${total} ${unit}, ${(done / seconds).toPrecision(3)}/s, ${left} left`;
};
