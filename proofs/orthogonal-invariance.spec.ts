/** The machine check of orthogonal-invariance.md. */
import { typed } from '../spec/arbitraries/program.ts';
import { verify } from '../spec/law.ts';
import {
  builtByDefinition,
  latticeNetworksAreProven,
  symmetrizationIsInvariant,
  type Build,
  type Symmetrization,
} from '../spec/laws/orthogonal-invariance.ts';
import { symmetrizationWeights, symmetrize } from '../src/network/maps.ts';
import {
  add,
  broadcast,
  contract,
  correlate,
  inputField,
  multiply,
  outputExpressions,
  parameterBias,
  record,
  tanh,
  total,
  type Field,
  type Scalar,
} from '../src/program/expression.ts';

const spins = inputField('spins', 3, 1);

/** Networks whose energy has one more term. */
const withTerm =
  (term: Scalar): Build =>
  (network) => {
    const { energy = term } = outputExpressions(builtByDefinition(network));
    return typed(record({ energy: add(term, { operation: energy.operation }) }));
  };

verify(latticeNetworksAreProven, builtByDefinition, {
  'a term linear in the spins': withTerm(total(spins)),
  'a tanh of spin components': withTerm(total(contract(tanh(spins), spins))),
  'a product component by component': withTerm(total(contract(multiply(spins, spins), spins))),
});

/** T_j with one of its two factors changed. */
const withFactor =
  (factor: (convolved: Field, channels: number) => Field): Symmetrization =>
  (map, channels, kernel) =>
  (s) => {
    const { a, b } = symmetrizationWeights(map, channels, kernel);
    return contract(factor(correlate(a)(s), channels), correlate(b)(s));
  };

verify(symmetrizationIsInvariant, symmetrize, {
  'a bias in a convolution': withFactor((a, channels) => add(a, broadcast(3)(parameterBias('bias', channels)))),
  'a factor squared component by component': withFactor((a) => multiply(a, a)),
});
