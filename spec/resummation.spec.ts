/** Divergent series, their sums, and approximants from their first coefficients. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import { expect, it } from 'vitest';

import {
  divergentSeries,
  quarticOscillatorSeries,
  stieltjesSeries,
  zeroDimensionalSeries,
  type DivergentSeries,
} from '../src/continued/divergent-series.ts';
import { fittedEfnn, scalarEfnn } from '../src/continued/efnn-approximant.ts';
import { factorApproximant, factorValue } from '../src/continued/factor-approximant.ts';
import { methods } from '../src/continued/resummation.ts';
import { rootApproximant, rootExpansion, rootValue } from '../src/continued/root-approximant.ts';
import { ratio, rational } from '../src/number/rational.ts';
import { resummationSection } from '../src/study/resummation-section.ts';
import { resummation } from '../src/study/resummation.ts';
import { verify } from './law.ts';
import * as laws from './laws/resummation.ts';
import { messageOf } from './right.ts';

const same = (series: DivergentSeries): DivergentSeries => series;

const otherCoefficients = (series: DivergentSeries): DivergentSeries => ({
  ...series,
  coefficients: (n) => series.coefficients(n).map((c, k) => (k === 2 ? c.neg() : c)),
});

const otherSum = (series: DivergentSeries): DivergentSeries => ({ ...series, sum: (x) => series.sum(1.001 * x) });

verify(
  laws.textbookSeries([
    ...laws.integrals(stieltjesSeries, zeroDimensionalSeries),
    laws.oscillator(quarticOscillatorSeries),
  ]),
  same,
  { 'a coefficient of the other sign': otherCoefficients, 'the sum a little further': otherSum },
);

verify(laws.partialSumsBracket(divergentSeries), same, {
  'a coefficient of the other sign': otherCoefficients,
  'the sum at another x': (series) => ({ ...series, sum: (x) => series.sum(10 * x) }),
});

const factors: laws.Factors = { found: factorApproximant(rational), value: factorValue };

verify(laws.factorsAreFound, factors, {
  'powers of the other sign': {
    ...factors,
    value: ({ prefactor, factors: all }) =>
      factorValue({ prefactor, factors: all.map(({ A, n }) => ({ A, n: { re: -n.re, im: -n.im } })) }),
  },
  'the last coefficient is left out': {
    ...factors,
    found: (series) => factorApproximant(rational)(series.slice(0, -1)),
  },
  'the constant is forgotten': {
    ...factors,
    value: (approximant) => factorValue({ ...approximant, prefactor: 1 }),
  },
});

const roots: laws.Roots = { found: rootApproximant(rational), expanded: rootExpansion(rational), value: rootValue };

verify(laws.rootsKeepTheSeries, roots, {
  'the power is doubled': { ...roots, found: (exponent) => rootApproximant(rational)(exponent.mul(2)) },
  'the last amplitude is left out': {
    ...roots,
    expanded: (root, terms) => rootExpansion(rational)({ ...root, amplitudes: root.amplitudes.slice(0, -1) }, terms),
  },
  'the value at x^2': { ...roots, value: (root) => (x) => rootValue(root)(x * x) },
});

verify(laws.scalarsAreEfnns, scalarEfnn, {
  'the layers the other way round': (layers) => scalarEfnn(layers.toReversed()),
  'no amplitude': (layers) => scalarEfnn(layers.map((layer) => ({ ...layer, a: 0 }))),
});

verify(laws.fitsAreWhatTheySay, fittedEfnn, {
  'half of the deviations': (layers) => (series) =>
    pipe(
      fittedEfnn(layers)(series),
      E.map((fit) => ({ ...fit, deviation: fit.deviation / 100 })),
    ),
  'a constant': (layers) => (series) =>
    pipe(
      fittedEfnn(layers)(series),
      E.map((fit) => ({ ...fit, layers: [{ a: 0, b: series[0] ?? 0, d: 0 }] })),
    ),
});

verify(laws.methodsKeepWhatIsKnown(divergentSeries), methods, {
  'one of them at another x': methods.map(({ name, sum }) => ({
    name,
    sum: name === 'self-similar factor' ? (known) => (x) => sum(known)(1.1 * x) : sum,
  })),
  'one of them has no value': methods.map((method) =>
    method.name === 'Pade' ? { ...method, sum: () => () => O.none } : method,
  ),
});

verify(laws.sumsAreReported(quarticOscillatorSeries.name), resummationSection, {
  'the first order is claimed': (outcomes) =>
    resummationSection(outcomes).map((section) => ({
      ...section,
      claims: section.claims.map((claim) => ({ ...claim, obtained: 0 })),
    })),
  'rows the other way round': (outcomes) =>
    resummationSection(outcomes).map((section) => ({
      ...section,
      tables: section.tables.map((table) => ({ ...table, rows: table.rows.toReversed() })),
    })),
});

it('the job sums every series by every method at every order', () => {
  const { sums } = resummation({ tag: 'resummation', orders: [2] });
  expect(new Set(sums.map(({ series }) => series)).size).toBe(divergentSeries.length);
  expect(sums.every(({ values }) => values.length === methods.length)).toBe(true);
});

it('a report without the job makes the claim, and obtains nothing', () => {
  const claims = resummationSection([]).flatMap((section) => section.claims);
  expect(claims.map(({ id, obtained }) => [id, obtained])).toEqual([['oscillator-resummed', null]]);
});

it('the ground state of the quartic oscillator at x = 1 comes out by self-similar factors alone', () => {
  const known = { coefficients: quarticOscillatorSeries.coefficients(16), exponent: quarticOscillatorSeries.exponent };
  const within = methods
    .filter(({ sum }) =>
      pipe(
        sum(known)(1),
        O.exists((energy) => Math.abs(energy - 0.8037706512) < 1e-3),
      ),
    )
    .map(({ name }) => name);
  expect(within).toEqual(['self-similar factor']);
});

it('series that have no approximant are refused with what to do', () => {
  const { zero, one } = rational;
  expect(messageOf(factorApproximant(rational)([zero, one]))).toContain('take out a power of x first');
  expect(messageOf(rootApproximant(rational)(ratio(1n, 2n))([one]))).toContain('expected two coefficients or more');
  expect(messageOf(rootApproximant(rational)(zero)([one, one]))).toContain('exponent other than 0');
  expect(messageOf(fittedEfnn(2)([1, 0]))).toContain('got 2: take out');
});
