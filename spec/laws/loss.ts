/** Laws of the loss: it is its formula, and its gradient, which differentiates forces once more, is its derivative. */
import fc from 'fast-check';

import { architectures, network, type Network } from '../../src/network/network.ts';
import { dual } from '../../src/number/dual.ts';
import { float64 } from '../../src/number/float64.ts';
import { evaluate, type Values } from '../../src/program/evaluate.ts';
import { gradient, gradientName } from '../../src/program/gradient.ts';
import { declarations } from '../../src/program/typecheck.ts';
import { lengthOf } from '../../src/program/value-type.ts';
import { energyLabel, forceLabel, type Loss } from '../../src/training/loss.ts';
import { moderate, numbers, valuesFor, weighted, type WeightedNetwork } from '../arbitraries/networks.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';
import type { LossProgram } from './training.ts';

interface LossCase {
  readonly network: WeightedNetwork;
  readonly latticeSize: number;
  readonly loss: Loss;
  readonly inputs: Values<number>;
  /** A direction in all weights. */
  readonly along: Values<number>;
}

const small: fc.Arbitrary<Network> = fc
  .tuple(fc.constantFrom(...architectures), fc.boolean(), fc.constantFrom(0, -0.5))
  .map(([architecture, dense, energyShift]) => ({
    ...network(
      architecture,
      dense
        ? { tag: 'dense', sites: 3, neurons: 2, layers: 2 }
        : { tag: 'lattice', channels: 1, layers: 1, kernel: 3, pairHead: true },
    ),
    energyShift,
  }));

const cases: fc.Arbitrary<LossCase> = weighted(small).chain((weightedNetwork) => {
  const latticeSize = weightedNetwork.network.shape.tag === 'dense' ? 1 : 2;
  const [spins] = Object.values(declarations('input')(weightedNetwork.program));
  const length = spins === undefined ? 0 : lengthOf(latticeSize)(spins);
  return fc.record({
    network: fc.constant(weightedNetwork),
    latticeSize: fc.constant(latticeSize),
    loss: fc.record({ weight: fc.constantFrom(1, 0.25), forceWeight: fc.constantFrom(null, 0.5, 3) }),
    inputs: fc
      .tuple(numbers(length), moderate, numbers(length))
      .map(([s, energy, forces]) => ({ spins: s, [energyLabel]: [energy], [forceLabel]: forces })),
    along: valuesFor('parameter', weightedNetwork.program, 1),
  });
});

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** w ((E - E*)^2 + f sum over sites of |P (dE/ds - F*)|^2), term by term. */
const byFormula = ({ network: { program, weights }, latticeSize, loss, inputs }: LossCase): number => {
  const outputs = right(evaluate(float64)(latticeSize)(weights, inputs)(right(gradient('energy', ['spins'])(program))));
  const [energy = NaN] = outputs['energy'] ?? [];
  const energyTerm = (energy - (inputs[energyLabel]?.[0] ?? NaN)) ** 2;
  if (loss.forceWeight === null) {
    return loss.weight * energyTerm;
  }
  const spins = inputs['spins'] ?? [];
  const forces = outputs[gradientName('energy', 'spins')] ?? [];
  const differences = forces.map((f, i) => f - (inputs[forceLabel]?.[i] ?? NaN));
  const sites = latticeSize ** 2;
  const isVector = spins.length === 3 * sites && latticeSize > 1;
  const squares = isVector
    ? Array.from({ length: sites }, (_, site) => {
        const at = (values: readonly number[]) => [0, 1, 2].map((k) => values[k * sites + site] ?? NaN);
        const [s, d] = [at(spins), at(differences)];
        const radial = sum(s.map((x, k) => x * (d[k] ?? NaN)));
        return sum(d.map((x, k) => (x - radial * (s[k] ?? NaN)) ** 2));
      })
    : differences.map((d) => d ** 2);
  return loss.weight * (energyTerm + loss.forceWeight * sum(squares));
};

export const lossIsTheFormula: Law<LossProgram, LossCase> = {
  statement: 'the loss is w ((E - E*)^2 + f sum over sites of |P (dE/ds - F*)|^2), P the projection across the spin',
  cases,
  runs: 60,
  holds: (lossProgram) => (example) => {
    const program = right(lossProgram(example.loss, [])(example.network.program));
    const outputs = right(evaluate(float64)(example.latticeSize)(example.network.weights, example.inputs)(program));
    const expected = byFormula(example);
    // The same numbers of order one, summed in another order.
    return Math.abs((outputs['loss']?.[0] ?? NaN) - expected) <= 1e-11 * (1 + Math.abs(expected));
  },
};

export const lossGradientIsItsDerivative: Law<LossProgram, LossCase> = {
  statement: 'the gradient of the loss, forces included, is its derivative by dual numbers',
  cases,
  runs: 60,
  holds: (lossProgram) => (example) => {
    const { network: weightedNetwork, latticeSize, inputs, along } = example;
    const trained = Object.keys(weightedNetwork.weights);
    const program = right(lossProgram(example.loss, trained)(weightedNetwork.program));
    const outputs = right(evaluate(float64)(latticeSize)(weightedNetwork.weights, inputs)(program));
    const terms = trained.flatMap((name) =>
      (outputs[gradientName('loss', name)] ?? [NaN]).map((g, i) => g * (along[name]?.[i] ?? NaN)),
    );
    const lifted = (values: Values<number>, direction: Values<number>) =>
      Object.fromEntries(
        Object.entries(values).map(([name, xs]) => [
          name,
          xs.map((value, i) => ({ value, derivative: direction[name]?.[i] ?? 0 })),
        ]),
      );
    const derivative = right(
      evaluate(dual(float64))(latticeSize)(lifted(weightedNetwork.weights, along), lifted(inputs, {}))(
        right(lossProgram(example.loss, [])(weightedNetwork.program)),
      ),
    )['loss']?.[0]?.derivative;
    const moduli = sum(terms.map(Math.abs));
    return derivative !== undefined && Math.abs(sum(terms) - derivative) <= 1e-10 * (1 + moduli);
  },
};
