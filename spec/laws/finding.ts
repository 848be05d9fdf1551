/** Laws of what claims state of several networks at once, and of the noise of the tests behind it. */
import fc from 'fast-check';

import { drawn, normals } from '../../src/random/draw.ts';
import { streamOf } from '../../src/random/stream.ts';
import type { Finding } from '../../src/study/finding.ts';
import { interval } from '../arbitraries/interval.ts';
import type { Law } from '../law.ts';

/** What a claim on the least of some numbers states, of each its values by seed: of three seeds. */
export type Least = (values: readonly (readonly number[])[]) => Pick<Finding, 'obtained' | 'spread'>;

/** How many standard errors of three numbers are exceeded with a risk, in closed form: |t| / sqrt(2 + t^2) is below 1 - risk. */
const quantileOfThree = (risk: number): number => {
  const inside = 1 - risk;
  return Math.sqrt(2) * (inside / Math.sqrt(1 - inside * inside));
};

interface Logarithm {
  readonly mean: number;
  readonly error: number;
}

const logarithmOf = (values: readonly number[]): Logarithm => {
  const logarithms = values.map(Math.log);
  const mean = logarithms.reduce((sum, x) => sum + x, 0) / values.length;
  const variance = logarithms.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1);
  return { mean, error: Math.sqrt(variance / values.length) };
};

const near = (a: number | null | undefined, b: number): boolean => Math.abs((a ?? NaN) / b - 1) < 1e-7;

const three = fc.tuple(interval(0.5, 2), interval(0.5, 2), interval(0.5, 2));

export const everyOneIsJudged: Law<Least, readonly (readonly number[])[]> = {
  statement:
    'the least of several numbers has the mean that is the least; its interval begins where the interval of one of them begins the soonest, and ends where the ' +
    'interval of one ends the soonest that risks as much less as they are many',
  cases: fc.array(three, { minLength: 1, maxLength: 8 }),
  holds: (least) => (values) => {
    const { obtained, spread } = least(values);
    const found = values.map(logarithmOf);
    const [own, simultaneous] = [quantileOfThree(0.05), quantileOfThree(0.05 / values.length)];
    const leastOf = (of: (one: Logarithm) => number): number => Math.exp(Math.min(...found.map(of)));
    return (
      near(
        obtained,
        leastOf(({ mean }) => mean),
      ) &&
      near(
        spread?.low,
        leastOf(({ mean, error }) => mean - own * error),
      ) &&
      near(
        spread?.high,
        leastOf(({ mean, error }) => mean + simultaneous * error),
      ) &&
      spread?.least === Math.min(...values.flat()) &&
      spread.seeds === 3
    );
  },
};

const [trials, networks, seeds] = [300, 15, 3] as const;

/** Numbers of as many seeds of as many networks, all of them 1 but for the noise of seeds, as often as is tried. */
const noisyOnes = (seed: number): readonly (readonly (readonly number[])[])[] => {
  const noise = drawn(streamOf(seed, 0))(normals(0, 0.05)(trials * networks * seeds));
  return Array.from({ length: trials }, (_, trial) =>
    Array.from({ length: networks }, (__, network) =>
      Array.from(noise.slice((trial * networks + network) * seeds, (trial * networks + network + 1) * seeds), Math.exp),
    ),
  );
};

export const chanceDoesNotRefute: Law<Least, number> = {
  statement:
    'where fifteen numbers are 1 but for the noise of three seeds, nineteen intervals of their least in twenty hold 1, or more',
  cases: fc.nat(),
  runs: 3,
  holds: (least) => (seed) => {
    const missed = noisyOnes(seed).filter((values) => {
      const { low, high } = least(values).spread ?? { low: NaN, high: NaN };
      return !(low <= 1 && 1 <= high);
    });
    // Three standard deviations above one in twenty.
    return missed.length < trials / 20 + 3 * Math.sqrt(trials / 20);
  },
};

/** Exact energies of tests, and by how much two networks are off. */
export interface TestedTogether {
  readonly exact: readonly number[];
  readonly otherExact: readonly number[];
  readonly mine: readonly number[];
  readonly theirs: readonly number[];
}

/** The half width of the logarithm of the ratio of two errors over three seeds that agree, on so many tests. */
export type Width = (tested: TestedTogether, tests: number) => number;

interface Correlated {
  readonly correlation: number;
  readonly noise: readonly (readonly [number, number])[];
  readonly isSame: boolean;
  readonly tests: number;
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * (b[i] ?? NaN), 0);

const unit = (a: readonly number[]): readonly number[] => a.map((x) => x / Math.sqrt(dot(a, a)));

export const pairsShareTheirNoise: Law<Width, Correlated> = {
  statement:
    'the errors of two networks over n same tests differ by noise of variance (1 - r^2) / n, r the correlation of theirs on at least fifty examples; on other ' +
    'tests, or fewer examples, by 1 / n',
  cases: fc.record({
    correlation: interval(-0.99, 0.99),
    noise: fc
      .constantFrom(20, 49, 50, 80)
      .chain((length) =>
        fc.array(fc.tuple(interval(-1, 1), interval(-1, 1)), { minLength: length, maxLength: length }),
      ),
    isSame: fc.boolean(),
    tests: fc.constantFrom(100, 2000),
  }),
  holds:
    (width) =>
    ({ correlation, noise, isSame, tests }) => {
      // Two errors of the same size with exactly this correlation.
      const one = unit(noise.map(([x], i) => x + i));
      const across = noise.map(([, y], i) => y - i * (i % 2));
      const other = unit(across.map((y, i) => y - dot(across, one) * (one[i] ?? NaN)));
      const exact = noise.map((_, i) => -50 - i);
      const found = width(
        {
          exact,
          otherExact: isSame ? exact : exact.map((x) => x - 1),
          mine: one,
          theirs: one.map((x, i) => correlation * x + Math.sqrt(1 - correlation ** 2) * (other[i] ?? NaN)),
        },
        tests,
      );
      const shared = isSame && noise.length >= 50 ? correlation ** 2 : 0;
      return Math.abs(found / (1.96 * Math.sqrt((1 - shared) / tests)) - 1) < 0.003;
    },
};
