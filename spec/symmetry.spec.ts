/** The symmetry check: an acceptance is a proof of O(3) invariance for every weight. */
import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { architectures, network, networkProgram } from '../src/network/network.ts';
import {
  add,
  broadcast,
  concat,
  constant,
  contract,
  correlate,
  fillField,
  inputField,
  multiply,
  parameterBias,
  parameterKernel,
  record,
  sumSites,
  tanh,
  total,
  type Expression,
} from '../src/program/expression.ts';
import { gradient, gradientName } from '../src/program/gradient.ts';
import { tags, uniform, type Tag } from '../src/program/operation.ts';
import { judge, symmetry, symmetryBy, type Judge, type Representation } from '../src/program/symmetry.ts';
import { programError } from '../src/program/typecheck.ts';
import { fieldType, type ValueType } from '../src/program/value-type.ts';
import { typed } from './arbitraries/program.ts';
import { verify } from './law.ts';
import {
  acceptedProgramsAreSymmetric,
  acceptedProgramsAreSymmetricInFloats,
  judgedPrograms,
  type SymmetryCheck,
} from './laws/symmetry.ts';
import { messageOf, right } from './right.ts';

type WrongRules = { readonly [T in Tag]: Readonly<Record<string, Pick<Judge, T>>> };

const invariant = () => E.right<never, Representation>('invariant');

/** Scalars are invariants, and whatever has three components a vector. */
const byType = (type: ValueType) =>
  E.right<never, Representation>(type.tag === 'field' && type.components === 3 ? 'vector' : 'invariant');

/** Wrong rules, for each operation one or more: a new operation without one does not compile. */
const wrongRules: WrongRules = {
  input: { 'input vectors are taken for invariants': { input: invariant } },
  parameter: { 'a field of weights is taken for a vector': { parameter: ({ type }) => byType(type) } },
  constant: { 'constants are taken for zero': { constant: () => E.right('zero') } },
  correlate: { 'correlations are taken for invariants': { correlate: invariant } },
  correlateTransposed: { 'transposed correlations are taken for invariants': { correlateTransposed: invariant } },
  kernelGradient: {
    'a gradient of kernels is taken for what the field is': { kernelGradient: ({ field }) => E.right(field) },
  },
  add: { 'sums are taken for invariants': { add: invariant } },
  multiply: { 'vectors are multiplied component by component': { multiply: ({ left }) => E.right(left) } },
  scale: { 'a multiple is taken for what the factor is': { scale: ({ factor }) => E.right(factor) } },
  tanh: { 'the tanh of a vector is taken for a vector': { tanh: ({ value }) => E.right(value) } },
  reciprocal: { 'the reciprocal of a vector is taken for a vector': { reciprocal: ({ value }) => E.right(value) } },
  sqrt: { 'the root of a vector is taken for a vector': { sqrt: ({ value }) => E.right(value) } },
  contract: { 'a contraction is taken for what its sides are': { contract: ({ left }) => E.right(left) } },
  modulate: { 'a modulated vector is taken for an invariant': { modulate: ({ amplitude }) => E.right(amplitude) } },
  total: { 'the sum of components is taken for an invariant': { total: invariant } },
  fill: { 'a filled vector is taken for a vector': { fill: ({ type }) => byType(type) } },
  sumSites: { 'the sum of a vector over sites is taken for an invariant': { sumSites: invariant } },
  broadcast: {
    'a bias on vectors is taken for a vector': { broadcast: ({ components }) => byType(fieldType(components, 1)) },
  },
  concat: { 'vectors side by side are taken for invariants': { concat: invariant } },
  slice: { 'channels of a vector are taken for invariants': { slice: invariant } },
};

const wrongRulesOfAll: readonly Readonly<Record<string, Partial<Judge>>>[] = Object.values(wrongRules);

const mutants: Readonly<Record<string, SymmetryCheck>> = Object.fromEntries(
  wrongRulesOfAll.flatMap((wrong) =>
    Object.entries(wrong).map(([name, rule]) => [name, symmetryBy({ ...judge, ...rule })]),
  ),
);

const refusesAll: SymmetryCheck = () => E.left(programError('expected another program, got this one'));

verify(acceptedProgramsAreSymmetric, symmetry, {
  ...mutants,
  'everything is invariant': symmetryBy(uniform(invariant)),
  'nothing is accepted': refusesAll,
});

verify(acceptedProgramsAreSymmetricInFloats, symmetry, {
  'the tanh of a vector is taken for a vector': symmetryBy({ ...judge, tanh: ({ value }) => E.right(value) }),
  'everything is invariant': symmetryBy(uniform(invariant)),
  'nothing is accepted': refusesAll,
});

it('every operation is among the random programs that are accepted, and they are many', () => {
  const judged = fc.sample(acceptedProgramsAreSymmetric.cases, { numRuns: 400 }).flatMap(judgedPrograms);
  const accepted = judged.filter((program) => E.isRight(symmetry(program)));
  const isUsed = (tag: Tag): boolean =>
    accepted.some(({ equations }) => equations.some((equation) => equation.tag === tag));
  expect(accepted.length / judged.length).toBeGreaterThan(0.4);
  expect(tags.filter((tag) => !isUsed(tag))).toEqual([]);
});

const s = inputField('spins', 3, 1);
const conv = correlate(parameterKernel('K', 2, 1, 3));
const bias = broadcast(3)(parameterBias('b', 2));

describe('refuses what depends on the axes, and says why', () => {
  const refused: Readonly<Record<string, readonly [Expression, RegExp]>> = {
    'a T with a bias': [contract(add(conv(s), bias), conv(s)), /broadcast, breaks O\(3\).*bias/],
    'a tanh of vectors': [total(contract(tanh(s), s)), /tanh, breaks O\(3\).*contract it first/],
    'a product component by component': [total(contract(multiply(s, s), s)), /multiply, breaks O\(3\)/],
    'the sum of all components': [total(s), /total, breaks O\(3\)/],
    'the sum of a vector over sites': [sumSites(s), /sumSites, breaks O\(3\)/],
    'a constant vector': [contract(s, fillField(3, 1)(constant(1))), /fill, breaks O\(3\).*\(1, 1, 1\)/],
    'a field that is a weight': [
      contract(s, { operation: { tag: 'parameter', name: 'w', type: { tag: 'field', components: 3, channels: 1 } } }),
      /singles out/,
    ],
    'a vector of two components': [inputField('xy', 2, 1), /2 components/],
    'a vector added to an invariant of its shape': [add(s, fillField(3, 1)(total(contract(s, s)))), /breaks O\(3\)/],
  };

  it.each(Object.entries(refused))('%s', (_, [expression, message]) => {
    expect(messageOf(symmetry(typed(record({ y: expression }))))).toMatch(message);
  });
});

describe('zero has every symmetry', () => {
  const nothing = fillField(3, 1)(constant(0));
  const known: Readonly<Record<string, readonly [Expression, Representation]>> = {
    'a vector field of zeros': [nothing, 'zero'],
    'beside a vector in a sum': [add(s, nothing), 'vector'],
    'before a vector in a sum': [add(nothing, s), 'vector'],
    'beside an invariant in a sum': [add(total(contract(s, s)), constant(0)), 'invariant'],
    'in a sum of its own': [add(nothing, nothing), 'zero'],
    'beside vectors in channels': [concat([s, nothing]), 'vector'],
    'in a contraction with a vector': [contract(nothing, s), 'zero'],
    'times an invariant': [multiply(constant(0), total(contract(s, s))), 'zero'],
  };

  it.each(Object.entries(known))('%s', (_, [expression, representation]) => {
    expect(right(symmetry(typed(record({ y: expression }))))).toEqual({ y: representation });
  });
});

describe.each(architectures)('accepts the lattice %s', (architecture) => {
  const program = right(
    networkProgram(network(architecture, { tag: 'lattice', channels: 3, layers: 3, kernel: 5, pairHead: true })),
  );

  it('its energy is invariant, its forces are vectors', () => {
    const forces = gradientName('energy', 'spins');
    expect(right(symmetry(right(gradient('energy', ['spins'])(program))))).toEqual({
      energy: 'invariant',
      [forces]: 'vector',
    });
  });
});
