/** Laws of the speed-up in the report: what its numbers and intervals follow from. */
import fc from 'fast-check';

import type { Section } from '../../src/report/report.ts';
import type { ResultOf } from '../../src/study/result.ts';
import { interval } from '../arbitraries/interval.ts';
import type { Law } from '../law.ts';

type Speed = ResultOf<'speed'>;

/** The section that tells of these times. */
export type SpeedReporting = (speed: Speed) => Section;

const sizes = [10, 12, 14, 16, 20, 24];

/** 97.5 percent quantiles of Student's t with 1, 2, 3 and 4 degrees of freedom, by any table. */
const student = [12.706, 4.303, 3.182, 2.776];

const speeds: fc.Arbitrary<Speed> = fc
  .record({
    count: fc.integer({ min: 3, max: 6 }),
    power: interval(4, 7),
    noise: fc.array(interval(-0.5, 0.5), { minLength: 6, maxLength: 6 }),
    forward: interval(1e-4, 1e-2),
    poles: fc.option(interval(0.01, 1)),
  })
  .map(({ count, power, noise, forward, poles }) => ({
    tag: 'speed',
    forward: [{ size: 40, seconds: forward }],
    diagonalization: sizes
      .slice(0, count)
      .map((size, i) => ({ size, seconds: 1e-8 * size ** power * Math.exp(noise[i] ?? 0) })),
    poles: poles === null ? [] : [{ size: 40, seconds: poles }],
    load: 0,
  }));

const near = (a: number | undefined, b: number): boolean => Math.abs((a ?? NaN) - b) <= 1e-3 * Math.abs(b);

export const speedHasItsIntervals: Law<SpeedReporting, Speed> = {
  statement:
    'the exponent of diagonalization is that of the line through the logarithms of its times, the speed-up that of this line at N = 40 over ' +
    'the forward pass, both with intervals of 95 percent by Student, that of the speed-up with the scatter of one more time; the ratio to poles is told where they were timed',
  cases: speeds,
  holds: (reporting) => (speed) => {
    const { claims, paragraphs, tables } = reporting(speed);
    const [speedUp, exponent] = claims;
    const x = speed.diagonalization.map(({ size }) => Math.log(size / 40));
    const y = speed.diagonalization.map(({ seconds }) => Math.log(seconds));
    const n = x.length;
    const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / n;
    const squares = mean(x.map((a) => (a - mean(x)) ** 2)) * n;
    const slope = (mean(x.map((a, i) => (a - mean(x)) * (y[i] ?? NaN))) * n) / squares;
    const at40 = mean(y) - slope * mean(x);
    const variance = (mean(x.map((a, i) => ((y[i] ?? NaN) - at40 - slope * a) ** 2)) * n) / (n - 2);
    const quantile = student[n - 3] ?? NaN;
    const half = quantile * Math.sqrt(variance / squares);
    const factor = Math.exp(quantile * Math.sqrt(variance * (1 + 1 / n + mean(x) ** 2 / squares)));
    const [{ seconds: forward } = { seconds: NaN }] = speed.forward;
    const [poles] = speed.poles;
    const said = paragraphs.flat();
    const overPoles = tables[0]?.rows.find(([size]) => size === 40)?.at(-1);
    return (
      near(exponent?.obtained ?? NaN, slope) &&
      near((exponent?.spread?.high ?? NaN) - slope, half) &&
      near(slope - (exponent?.spread?.low ?? NaN), half) &&
      near(speedUp?.obtained ?? NaN, Math.exp(at40) / forward) &&
      near(speedUp?.spread?.high, (factor * Math.exp(at40)) / forward) &&
      near(speedUp?.spread?.low, Math.exp(at40) / factor / forward) &&
      (poles === undefined
        ? overPoles === null && !said.join('').includes('by poles')
        : overPoles === poles.seconds / forward && said.includes(poles.seconds / forward))
    );
  },
};
