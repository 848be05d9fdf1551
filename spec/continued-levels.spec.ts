/** Continued functions of numbers and of series. */
import { expect, it } from 'vitest';

import {
  continuedFunction,
  continuedFunctionAt,
  expansion,
  matchedCoefficients,
} from '../src/continued/continued-function.ts';
import { exponential, fraction, rootOfOnePlus } from '../src/continued/phi.ts';
import { rational, type Rational } from '../src/number/rational.ts';
import { verify } from './law.ts';
import {
  equalLevelsSettle,
  levelsPeelOff,
  matchingUndoes,
  onesMakeFibonacci,
  publishedCoefficients,
  type ContinuedFunction,
  type Matching,
} from './laws/continued-levels.ts';
import { messageOf } from './right.ts';

const phis = [fraction, exponential, rootOfOnePlus(0.5), rootOfOnePlus(-0.25)];

const insideOut: ContinuedFunction = (field) => (innermost) => (levels) =>
  continuedFunction(field)(innermost)(levels.toReversed());

const sums: ContinuedFunction = (field) => continuedFunction({ mul: field.add });

verify<ContinuedFunction, Parameters<ReturnType<typeof levelsPeelOff.holds>>[0]>(levelsPeelOff, continuedFunction, {
  'the innermost level first': insideOut,
  'sums for products': sums,
});
verify<ContinuedFunction, number>(onesMakeFibonacci, continuedFunction, { 'sums for products': sums });
verify<ContinuedFunction, Parameters<ReturnType<ReturnType<typeof equalLevelsSettle>['holds']>>[0]>(
  equalLevelsSettle(phis),
  continuedFunction,
  { 'sums for products': sums },
);

const matching: Matching = { matched: matchedCoefficients(rational), expanded: expansion(rational) };

const inverted: Matching = {
  ...matching,
  matched: (phi) => matching.matched({ ...phi, inverse: phi.ofSeries }),
};

const scaled = (a: readonly Rational[]): readonly Rational[] => a.map((x, k) => x.mul(k + 1));

verify(matchingUndoes(phis), matching, {
  'phi of another power': {
    ...matching,
    expanded: (phi) => matching.expanded({ ...phi, ofSeries: rootOfOnePlus(2).ofSeries }),
  },
  'coefficients are k + 1 times too large': {
    ...matching,
    expanded: (phi) => (a, n) => scaled(matching.expanded(phi)(a, n)),
  },
});

verify(publishedCoefficients(fraction, exponential), matching.matched, {
  'fractions for exponentials': () => matching.matched(fraction),
  'exponentials for fractions': () => matching.matched(exponential),
});

it('fractions and exponentials of numbers are what they say', () => {
  expect(continuedFunctionAt(fraction)([1, 1, 1, 2, 2])(0.5)).toBeCloseTo(
    1 / (1 + 0.5 / (1 + 0.5 / (1 + 1 / (1 + 1)))),
    15,
  );
  expect(continuedFunctionAt(exponential)([2, 1])(0.5)).toBeCloseTo(2 * Math.exp(0.5), 14);
});

it('a series that vanishes at 0 has no continued function with phi(0) = 1, a series of zeros has', () => {
  expect(messageOf(matchedCoefficients(rational)(fraction)([rational.zero, rational.one]))).toContain(
    'got one that vanishes at 0 with 2 terms left',
  );
  expect(matchedCoefficients(rational)(fraction)([rational.zero, rational.zero])).toEqual({
    _tag: 'Right',
    right: [rational.zero, rational.zero],
  });
  expect(() => inverted.matched(exponential)([rational.one, rational.one])).toThrow('begins with 0');
});
