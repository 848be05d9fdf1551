/** The symmetry check: an acceptance is a proof of O(3) invariance for every weight. */
import { describe, expect, it } from 'vitest';

import { architectures, network, networkProgram } from '../src/network/network.ts';
import {
  add,
  broadcast,
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
import { meaningOf, valueId, type Equation } from '../src/program/program.ts';
import { symmetry } from '../src/program/symmetry.ts';
import type { ValueType } from '../src/program/value-type.ts';
import { typed } from './arbitraries/program.ts';
import { verify } from './law.ts';
import { acceptedProgramsAreSymmetric, type SymmetryCheck } from './laws/symmetry.ts';
import { messageOf, right } from './right.ts';

/** A check that takes some operations for others. */
const mistaking =
  (mistake: (equation: Equation, type: ValueType) => Equation): SymmetryCheck =>
  (program) =>
    symmetry({
      ...program,
      equations: program.equations.map((equation, index) =>
        mistake(equation, meaningOf(program.types)(valueId(index))),
      ),
    });

verify(acceptedProgramsAreSymmetric, symmetry, {
  'a componentwise product is taken for a sum': mistaking((equation) =>
    equation.tag === 'multiply' ? { ...equation, tag: 'add' } : equation,
  ),
  'the sum of components is taken for an invariant': mistaking((equation) =>
    equation.tag === 'total' ? { tag: 'constant', value: 1 } : equation,
  ),
  'a bias on vectors is taken for a vector': mistaking((equation, type) =>
    equation.tag === 'broadcast' ? { tag: 'input', name: 'bias', type } : equation,
  ),
  'everything is invariant': (program) =>
    symmetry({ ...program, equations: program.equations.map(() => ({ tag: 'constant', value: 1 }) as const) }),
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
