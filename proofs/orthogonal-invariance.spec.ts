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
import { symmetrize } from '../src/network/maps.ts';
import {
  add,
  broadcast,
  contract,
  correlate,
  inputField,
  multiply,
  outputExpressions,
  parameterBias,
  parameterKernel,
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
  (factor: (convolved: Field, name: string, channels: number) => Field): Symmetrization =>
  (name, channels, kernel) =>
  (s) => {
    const convolved = (letter: string): Field =>
      correlate(parameterKernel(`${name}.${letter}`, channels, 1, kernel))(s);
    return contract(factor(convolved('a'), name, channels), convolved('b'));
  };

verify(symmetrizationIsInvariant, symmetrize, {
  'a bias in a convolution': withFactor((a, name, channels) =>
    add(a, broadcast(3)(parameterBias(`${name}.bias`, channels))),
  ),
  'a factor squared component by component': withFactor((a) => multiply(a, a)),
});
