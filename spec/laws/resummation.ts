/** Laws of divergent series, of what they sum to, and of the approximants that are made of their first coefficients. */
import fc from 'fast-check';
import type { Either } from 'fp-ts/lib/Either.js';
import type { Option } from 'fp-ts/lib/Option.js';
import { isSome } from 'fp-ts/lib/Option.js';

import type { ApproximantError } from '../../src/continued/approximant-error.ts';
import type { DivergentSeries } from '../../src/continued/divergent-series.ts';
import type { FactorApproximant } from '../../src/continued/factor-approximant.ts';
import type { FittedEfnn, ScalarLayer } from '../../src/continued/efnn-approximant.ts';
import type { NamedMethod } from '../../src/continued/resummation.ts';
import type { RootApproximant } from '../../src/continued/root-approximant.ts';
import { partialSum, powerOf, powerSeries, type PowerSeries } from '../../src/number/power-series.ts';
import { ratio, rational, type Rational } from '../../src/number/rational.ts';
import type { Section } from '../../src/report/report.ts';
import type { Outcomes } from '../../src/study/outcome.ts';
import { interval } from '../arbitraries/interval.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';
import { sameSeries } from './power-series.ts';

const { zero, one, toNumber } = rational;

const isNear = (a: number, b: number, relative: number): boolean => Math.abs(a - b) <= relative * Math.abs(b);

/** A known series, how its first coefficients are published, and its sum at some x. */
interface Textbook {
  readonly of: DivergentSeries;
  readonly coefficients: readonly string[];
  readonly sums: readonly (readonly [x: number, sum: number])[];
}

/** Sums of integrals by 25-digit quadrature and in closed form, exp(1/x) E_1(1/x)/x and by K_1/4(1/(8 x)). */
export const integrals = (stieltjes: DivergentSeries, zeroDimensional: DivergentSeries): readonly Textbook[] => [
  {
    of: stieltjes,
    coefficients: ['1', '-1', '2', '-6', '24', '-120'],
    sums: [
      [0.1, 0.91563333939788081],
      // The Euler-Gompertz constant.
      [1, 0.59634736232319407],
      [10, 0.20146425447084517],
    ],
  },
  {
    of: zeroDimensional,
    coefficients: ['1', '-3/4', '105/32', '-3465/128'],
    sums: [
      [0.1, 0.94450180167417135],
      [1, 0.77205217785298227],
      [10, 0.52016076370475025],
    ],
  },
];

/** Coefficients by Bender and Wu (1969), levels by Hioe and Montroll (1975) and later, more digits. */
export const oscillator = (of: DivergentSeries): Textbook => ({
  of,
  coefficients: ['1/2', '3/4', '-21/8', '333/16', '-30885/128', '916731/256', '-65518401/1024'],
  sums: [
    [0.1, 0.559146327183519],
    [1, 0.803770651234273],
    [10, 1.504972407776],
  ],
});

export const textbookSeries = (
  books: readonly Textbook[],
): Law<(series: DivergentSeries) => DivergentSeries, Textbook> => ({
  statement: 'coefficients and sums are the published ones',
  cases: fc.constantFrom(...books),
  runs: 3 * books.length,
  holds:
    (changed) =>
    ({ of, coefficients, sums }) => {
      const series = changed(of);
      return (
        series
          .coefficients(coefficients.length - 1)
          .map((c) => c.toFraction())
          .join() === coefficients.join() && sums.every(([x, sum]) => isNear(series.sum(x), sum, 1e-10))
      );
    },
});

export const partialSumsBracket = (
  all: readonly DivergentSeries[],
): Law<
  (series: DivergentSeries) => DivergentSeries,
  { readonly series: DivergentSeries; readonly x: number; readonly n: number }
> => ({
  statement: 'the sum lies between two successive partial sums, as that of a series of Stieltjes does, at every order',
  cases: fc.record({
    series: fc.constantFrom(...all),
    x: fc.double({ min: 0.1, max: 10, noNaN: true }),
    n: fc.integer({ min: 1, max: 12 }),
  }),
  runs: 60,
  holds:
    (changed) =>
    ({ series: known, x, n }) => {
      const series = changed(known);
      const coefficients = series.coefficients(n + 1);
      const at = (terms: number): number =>
        toNumber(partialSum(rational)(coefficients.slice(0, terms))(rational.fromNumber(x)));
      const sum = series.sum(x);
      return (at(n + 1) - sum) * (at(n + 2) - sum) < 0;
    },
});

/** Different numbers A of both signs and their powers n, small fractions. */
const factorLists: fc.Arbitrary<readonly (readonly [Rational, Rational])[]> = fc
  .uniqueArray(
    fc.integer({ min: -6, max: 12 }).filter((p) => p !== 0),
    { minLength: 1, maxLength: 4 },
  )
  .chain((numerators) =>
    fc.tuple(
      ...numerators.map((p) =>
        fc
          .integer({ min: -7, max: 7 })
          .filter((q) => q !== 0)
          .map((q) => [ratio(BigInt(p), 4n), ratio(BigInt(q), 3n)] as const),
      ),
    ),
  );

/** c_0 times the product of (1 + A x)^n as a series. */
const productSeries = (
  prefactor: Rational,
  factors: readonly (readonly [Rational, Rational])[],
  terms: number,
): PowerSeries<Rational> => {
  const series = powerSeries(rational, terms);
  return factors.reduce<PowerSeries<Rational>>(
    (product, [A, n]) => series.mul(product, powerOf(rational)(n)(series.add(series.one, [zero, A]))),
    series.fromNumber(0).map((_, k) => (k === 0 ? prefactor : zero)),
  );
};

export interface Factors {
  readonly found: (series: PowerSeries<Rational>) => Either<ApproximantError, FactorApproximant>;
  readonly value: (approximant: FactorApproximant) => (x: number) => Option<number>;
}

export const factorsAreFound: Law<Factors, readonly (readonly [Rational, Rational])[]> = {
  statement: 'a product of N powers (1 + A x)^n is found again from 2 N + 1 coefficients, and has its values',
  cases: factorLists,
  runs: 60,
  holds:
    ({ found, value }) =>
    (factors) => {
      const approximant = right(found(productSeries(ratio(5n, 2n), factors, 2 * factors.length + 1)));
      return [0.03, 0.1].every((x) => {
        const exact = factors.reduce(
          (product, [A, n]) => product * Math.exp(toNumber(n) * Math.log1p(toNumber(A) * x)),
          2.5,
        );
        const got = value(approximant)(x);
        return isSome(got) && isNear(got.value, exact, 1e-6);
      });
    },
};

export interface Roots {
  readonly found: (
    exponent: Rational,
  ) => (series: PowerSeries<Rational>) => Either<ApproximantError, RootApproximant<Rational>>;
  readonly expanded: (approximant: RootApproximant<Rational>, terms: number) => PowerSeries<Rational>;
  readonly value: (approximant: RootApproximant<number>) => (x: number) => Option<number>;
}

const smallRationals = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 5 }))
  .map(([p, q]) => ratio(BigInt(p), BigInt(q)));

export const rootsKeepTheSeries: Law<Roots, { readonly series: readonly Rational[]; readonly exponent: Rational }> = {
  statement:
    'a root approximant has the Taylor coefficients that it was made of, exactly, and where its amplitudes are positive ' +
    'it grows with the power beta that it was given',
  cases: fc.record({ series: fc.array(smallRationals, { minLength: 2, maxLength: 5 }), exponent: smallRationals }),
  runs: 60,
  holds:
    ({ found, expanded, value }) =>
    ({ series, exponent }) => {
      const root = right(found(exponent)(series));
      const grows = value({
        prefactor: toNumber(root.prefactor),
        amplitudes: root.amplitudes.map(toNumber),
        exponent: toNumber(root.exponent),
      });
      const [near, far] = [grows(1e9), grows(2e9)];
      return (
        sameSeries(expanded(root, series.length), series) &&
        (!root.amplitudes.every((A) => A.compare(0) > 0) ||
          (isSome(near) && isSome(far) && isNear(Math.log2(far.value / near.value), toNumber(exponent), 1e-3)))
      );
    },
};

const weights = fc.integer({ min: -200, max: 200 }).map((hundredths) => hundredths / 100);

const scalarLayers: fc.Arbitrary<readonly ScalarLayer[]> = fc.array(fc.record({ a: weights, b: weights, d: weights }), {
  maxLength: 5,
});

export const scalarsAreEfnns: Law<
  (layers: readonly ScalarLayer[]) => (x: number) => number,
  { readonly layers: readonly ScalarLayer[]; readonly x: number }
> = {
  statement: 'the network of one number is S_0 = x, S_i = (1 + a_i S_0) (b_i + d_i tanh S_{i-1}), layer by layer',
  cases: fc.record({ layers: scalarLayers, x: weights }),
  holds:
    (network) =>
    ({ layers, x }) => {
      const S = layers.reduce((below, { a, b, d }) => (1 + a * x) * (b + d * Math.tanh(below)), x);
      return Math.abs(network(layers)(x) - S) <= 1e-12 * (1 + Math.abs(S));
    },
};

export const fitsAreWhatTheySay: Law<
  (layers: number) => (series: PowerSeries<number>) => Either<ApproximantError, FittedEfnn>,
  { readonly layers: number; readonly quotients: readonly number[] }
> = {
  statement:
    'a fitted network follows the partial sum wherever the last term is small, to within a few times the deviation that ' +
    'it states, and far better than the constant c_0 does',
  cases: fc.record({
    layers: fc.constantFrom(1, 2),
    quotients: fc.array(interval(-4, -0.5), { minLength: 4, maxLength: 8 }),
  }),
  runs: 3,
  holds:
    (fitted) =>
    ({ layers, quotients }) => {
      const series = quotients.reduce<readonly number[]>((known, q) => [...known, (known.at(-1) ?? 1) * q], [1]);
      const fit = right(fitted(layers)(series));
      const deviations = [0.1, 0.3, 0.5, 0.7, 0.9].map((share) => {
        const x = share * fit.range;
        const S = fit.layers.reduce((below, { a, b, d }) => (1 + a * x) * (b + d * Math.tanh(below)), x);
        const exact = series.reduceRight((sum, c) => c + x * sum, 0);
        return { deviation: Math.abs(S - exact), constant: Math.abs(1 - exact) };
      });
      const last = Math.abs(series.at(-1) ?? 0) * fit.range ** (series.length - 1);
      return (
        isNear(last, 1e-5, 1e-6) &&
        deviations.every(({ deviation }) => deviation <= 5 * fit.deviation) &&
        fit.deviation < 0.1 * Math.max(...deviations.map(({ constant }) => constant))
      );
    },
};

export const methodsKeepWhatIsKnown = (
  all: readonly DivergentSeries[],
): Law<readonly NamedMethod[], { readonly series: DivergentSeries; readonly n: number }> => ({
  statement:
    'where the series has converged every method has its sum, within the size of the first terms that are left out',
  cases: fc.record({ series: fc.constantFrom(...all), n: fc.constantFrom(2, 4, 6, 8) }),
  runs: 24,
  holds:
    (methods) =>
    ({ series, n }) => {
      const coefficients = series.coefficients(n);
      const next = toNumber(series.coefficients(n + 1).at(-1) ?? one);
      const first = toNumber(coefficients[0] ?? one);
      // Here the next term is 1e-6 of the first.
      const x = (1e-6 * Math.abs(first / next)) ** (1 / (n + 1));
      const exact = toNumber(partialSum(rational)(series.coefficients(n + 4))(rational.fromNumber(x)));
      return methods
        .filter(({ name }) => name !== 'EFNN')
        .every(({ sum }) => {
          const value = sum({ coefficients, exponent: series.exponent })(x);
          return isSome(value) && isNear(value.value, exact, 1e-5);
        });
    },
});

const finite = interval(-1e3, 1e3).filter((value) => value !== 0);

interface FoundSums {
  readonly exact: number;
  readonly values: readonly (number | null)[];
}

export const sumsAreReported = (
  oscillatorName: string,
): Law<(outcomes: Outcomes) => readonly Section[], { readonly low: FoundSums; readonly high: FoundSums }> => {
  const sums = fc.record({ exact: finite, values: fc.array(fc.option(finite), { minLength: 2, maxLength: 2 }) });
  return {
    statement:
      'the report shows |value/exact - 1| of every method at x = 1, and states the deviation of the best one, null where ' +
      'none has a value, from the most coefficients alone',
    cases: fc.record({ low: sums, high: sums }),
    holds:
      (sections) =>
      ({ low, high }) => {
        const sumOf = (order: number, { exact, values }: FoundSums) => ({
          ...{ series: oscillatorName, order, x: 1, exact },
          values: values.map((value, index) => ({ method: `method ${index}`, value })),
        });
        const [section] = sections([
          {
            job: { tag: 'resummation', orders: [2, 4] },
            result: { tag: 'resummation', sums: [sumOf(2, low), sumOf(4, high)] },
          },
        ]);
        const row = ({ exact, values }: FoundSums) =>
          values.map((value) => (value === null ? null : Math.abs(value / exact - 1)));
        const best = high.values.flatMap((value) => (value === null ? [] : [Math.abs(value - high.exact)]));
        return (
          JSON.stringify(section?.tables[0]?.rows.map((cells) => cells.slice(2))) ===
            JSON.stringify([row(low), row(high)]) &&
          section?.claims[0]?.obtained === (best.length === 0 ? null : Math.min(...best))
        );
      },
  };
};
