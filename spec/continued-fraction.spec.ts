/** Continued fractions, the fractions of power series, Pade approximants, and Stieltjes' divergent sum. */
import { pipe } from 'fp-ts/lib/function.js';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';

import { convergents, valueFromInside } from '../src/continued/continued-fraction.ts';
import { expansion, matchedCoefficients } from '../src/continued/continued-function.ts';
import { solved } from '../src/continued/linear-system.ts';
import { modifiedLentz } from '../src/continued/modified-lentz.kernel.ts';
import { pade, rationalValue } from '../src/continued/pade.ts';
import { fraction } from '../src/continued/phi.ts';
import { quotientDifference, stieltjesFraction } from '../src/continued/stieltjes-fraction.ts';
import { padePoles } from '../src/exact/fermi-poles.ts';
import { float64 } from '../src/number/float64.ts';
import { ratio, rational, type Rational } from '../src/number/rational.ts';
import { verify } from './law.ts';
import {
  convergentsAreTruncations,
  convergentsBracket,
  determinantFormula,
  fractionsOfKnownSeries,
  gompertz,
  lentzIsTanh,
  ozakiPolesAreZeros,
  padeMatchesTheSeries,
  padeOfExponential,
  quotientDifferenceUndoes,
  squareRoots,
  staircaseIsConvergents,
  stieltjesIntegral,
  systemsAreSolved,
  valueIsTheFraction,
  type Convergents,
  type Lentz,
  type Pade,
  type Staircase,
} from './laws/continued-fraction.ts';
import { eulerFraction } from './laws/continued-levels.ts';
import { messageOf, right } from './right.ts';

const value = valueFromInside(rational);

const wallis: Convergents = convergents(rational);

const exchanged: Convergents = (f) => wallis({ ...f, levels: f.levels.map(({ a, b }) => ({ a: b, b: a })) });

verify(valueIsTheFraction, value, { 'the whole is forgotten': (f) => value({ ...f, whole: rational.zero }) });

verify(convergentsAreTruncations, wallis, {
  'a and b exchanged': exchanged,
  'the last convergent alone': (f) => wallis(f).slice(-1),
});
verify(determinantFormula, wallis, {
  'a and b exchanged': exchanged,
  'a difference for a sum': (f) => wallis({ ...f, levels: f.levels.map(({ a, b }) => ({ a: a.neg(), b })) }),
  'common factors are cancelled': (f) =>
    wallis(f).map(({ numerator, denominator }) =>
      denominator.equals(0)
        ? { numerator, denominator }
        : { numerator: numerator.div(denominator), denominator: rational.one },
    ),
});
verify(squareRoots, wallis, { 'a and b exchanged': exchanged });

/** Lentz' algorithm as he published it, and one that stops at the first level. */
const unmodified: Lentz = ({ whole, level }, tolerance, most) => {
  const from = (k: number, value: number, C: number, D: number): number => {
    const { a, b } = level(k);
    const [nextC, nextD] = [b + a / C, 1 / (b + a * D)];
    const ratioOfValues = nextC * nextD;
    return k === most || Math.abs(ratioOfValues - 1) <= tolerance
      ? value * ratioOfValues
      : from(k + 1, value * ratioOfValues, nextC, nextD);
  };
  return E.right(from(1, whole, whole, 0));
};

verify(lentzIsTanh, modifiedLentz, {
  'zeros are divided by': unmodified,
  'it stops early': (f, _, most) => modifiedLentz(f, 1e-3, most),
});

const stieltjes = { fraction: quotientDifference(rational), series: expansion(rational)(fraction) };

const transformed = (change: (a: Rational, k: number) => Rational) => (series: readonly Rational[]) =>
  pipe(
    stieltjes.fraction(series),
    E.map((a) => a.map(change)),
  );

const wrongSigns = transformed((a, k) => (k % 2 === 0 ? a : a.neg()));

const reordered = (series: readonly Rational[]) =>
  pipe(
    stieltjes.fraction(series),
    E.map(([a = rational.zero, q = rational.zero, ...rest]) => [a, q, ...rest.toReversed()]),
  );

verify(quotientDifferenceUndoes, stieltjes, {
  'quotients with their own sign': { ...stieltjes, fraction: wrongSigns },
  'in another order': { ...stieltjes, fraction: reordered },
});
verify(
  quotientDifferenceUndoes,
  { ...stieltjes, fraction: matchedCoefficients(rational)(fraction) },
  {
    'quotients with their own sign': { ...stieltjes, fraction: wrongSigns },
  },
);
verify(fractionsOfKnownSeries, stieltjes.fraction, {
  'quotients with their own sign': wrongSigns,
  'in another order': reordered,
});

const solve = solved(rational);

verify(systemsAreSolved, solve, {
  'the last unknown first': (equations) =>
    pipe(
      solve(equations),
      O.map((x) => x.toReversed()),
    ),
  'no pivot is sought': (equations) =>
    equations.some(({ coefficients: [first] }) => first?.equals(0)) ? O.none : solve(equations),
  'dependent equations have the solution 0': (equations) =>
    pipe(
      solve(equations),
      O.alt(() => O.some<readonly Rational[]>(equations.map(() => rational.zero))),
    ),
});

const approximant: Pade = pade(rational);

const transposed: Pade = ({ m, n }) => approximant({ m: n, n: m });

const truncated: Pade =
  ({ m, n }) =>
  (series) =>
    pipe(
      approximant({ m, n })(series),
      E.map((r) => ({ ...r, numerator: series.slice(0, m + 1) })),
    );

verify(padeMatchesTheSeries, approximant, {
  'm and n exchanged': transposed,
  'the numerator is that of the series': truncated,
});
verify(padeOfExponential, approximant, {
  'm and n exchanged': transposed,
  'the numerator is that of the series': truncated,
});

const staircase: Staircase = (order, series, x) =>
  pipe(
    O.fromEither(approximant(order)(series)),
    O.chain((r) => rationalValue(rational)(r)(x)),
  );

verify(staircaseIsConvergents(stieltjes.series, stieltjesFraction(rational), wallis), staircase, {
  'the other staircase [1/0], [1/1], [2/1], ..': ({ m, n }, series, x) => staircase({ m: n, n: m }, series, x),
});

const convergentValues = (levels: number, x: Rational): readonly Rational[] =>
  wallis(stieltjesFraction(rational)(eulerFraction(levels), x))
    .slice(1)
    .map(({ numerator, denominator }) => numerator.div(denominator));

verify(convergentsBracket, convergentValues, {
  'the partial sums': (levels, x) =>
    Array.from({ length: levels }).reduce<readonly Rational[]>((sums, _, k) => {
      const term = Array.from({ length: k }).reduce<Rational>((t, __, i) => t.mul(x).mul(-i - 1), rational.one);
      return [...sums, (sums[k - 1] ?? rational.zero).add(term)];
    }, []),
  'one level late': (levels, x) => convergentValues(levels + 1, x).slice(1),
});

verify(ozakiPolesAreZeros(approximant), padePoles, {
  'the Matsubara frequencies': (n) => Array.from({ length: n }, (_, k) => ({ re: 0, im: (2 * k + 1) * Math.PI })),
});

describe("Stieltjes' sum", () => {
  it("at x = 1 is Gompertz' constant, by quadrature and by Lentz' algorithm", () => {
    expect(stieltjesIntegral(1)).toBeCloseTo(gompertz, 13);
    const level = (k: number) => ({ a: k === 1 ? 1 : Math.ceil((k - 1) / 2), b: 1 });
    expect(right(modifiedLentz({ whole: 0, level }, 1e-15, 2000))).toBeCloseTo(gompertz, 12);
  });
});

describe('what cannot be', () => {
  it('a fraction that does not converge is an error', () => {
    expect(messageOf(modifiedLentz({ whole: 0, level: () => ({ a: -1, b: 1 }) }, 1e-15, 100))).toContain(
      'within 100 levels',
    );
  });

  it('approximants need coefficients, degrees and a regular system', () => {
    const ones = [1, 1, 1].map(rational.fromNumber);
    expect(messageOf(approximant({ m: 2, n: 2 })(ones))).toContain('expected 5 coefficients for [2/2], got 3');
    expect(messageOf(approximant({ m: -1, n: 0.5 })(ones))).toContain('got [-1/0.5]');
    expect(messageOf(pade(float64)({ m: 1, n: 1 })([1, 0, 1]))).toContain('singular');
    expect(
      rationalValue(rational)({ numerator: ones, denominator: [ratio(1n, 1n), ratio(-1n, 2n)] })(ratio(2n, 1n)),
    ).toEqual(O.none);
  });

  it('quotients and differences need numbers other than 0', () => {
    expect(messageOf(stieltjes.fraction([1, 0, 1].map(rational.fromNumber)))).toContain('coefficients other than 0');
    expect(messageOf(stieltjes.fraction([1, 1, 1, 2, 3].map(rational.fromNumber)))).toContain(
      'differences other than 0',
    );
    expect(stieltjes.fraction([])).toEqual(E.right([]));
  });
});
