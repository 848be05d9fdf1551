/** Laws of the networks: symmetry, extensivity, counts, the hand-written backward pass, folded energies. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import fc from 'fast-check';

import type { OrthogonalMatrix } from '../../src/lattice/orthogonal.ts';
import { rotate, tile, type SpinConfiguration } from '../../src/lattice/spins.ts';
import { act, translation } from '../../src/lattice/symmetry.ts';
import type { Model } from '../../src/network/model.ts';
import { networkProgram, type Architecture, type Network, type NetworkError } from '../../src/network/network.ts';
import { float64 } from '../../src/number/float64.ts';
import { parameterTotal } from '../../src/program/counts.ts';
import { evaluate } from '../../src/program/evaluate.ts';
import { inputField, record, type Expression, type Field } from '../../src/program/expression.ts';
import { gradient, gradientName } from '../../src/program/gradient.ts';
import type { TypedProgram } from '../../src/program/typecheck.ts';
import {
  denseNetworks,
  latticeNetworks,
  numbers,
  valuesFor,
  weighted,
  type WeightedNetwork,
} from '../arbitraries/networks.ts';
import { typed } from '../arbitraries/program.ts';
import { configurationsOf, orthogonalMatrices } from '../arbitraries/spins.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';

/** Energy and forces of a network: what the laws of symmetry speak of. */
export interface EnergyAndForces {
  readonly energy: number;
  readonly forces: readonly number[];
}

export type LatticeModel = (network: WeightedNetwork) => (spins: SpinConfiguration) => EnergyAndForces;

const forces = gradientName('energy', 'spins');

/** By definition: the generic evaluator on the program and its gradient. */
export const byDefinition: LatticeModel = ({ program, weights }) => {
  const withForces = right(gradient('energy', ['spins'])(program));
  return ({ size, components }) => {
    const outputs = right(evaluate(float64)(size)(weights, { spins: [...components] })(withForces));
    return { energy: outputs['energy']?.[0] ?? NaN, forces: outputs[forces] ?? [] };
  };
};

/** Sums of a few hundred terms of order one, in different order: a few hundred roundings. */
const close = (a: number, b: number, scale = 1): boolean =>
  Math.abs(a - b) <= 1e-10 * (scale + Math.abs(a) + Math.abs(b));

const allClose = (a: ArrayLike<number>, b: ArrayLike<number>): boolean =>
  a.length === b.length && Array.from(a).every((x, i) => close(x, b[i] ?? NaN));

const asConfiguration = (size: number, components: readonly number[]): SpinConfiguration => ({
  size,
  components: Float64Array.from(components),
});

/** Sizes below the kernel's wrap several taps onto one site. */
const sizes = fc.constantFrom(1, 2, 3, 4);

interface OrthogonalCase {
  readonly network: WeightedNetwork;
  readonly spins: SpinConfiguration;
  readonly matrix: OrthogonalMatrix;
}

export const orthogonalSymmetry: Law<LatticeModel, OrthogonalCase> = {
  statement: 'energies are unchanged, forces turn along, under every rotation and reflection of all spins',
  cases: fc.record({
    network: weighted(latticeNetworks),
    spins: sizes.chain(configurationsOf),
    matrix: orthogonalMatrices,
  }),
  runs: 40,
  holds:
    (model) =>
    ({ network, spins, matrix }) => {
      const [before, after] = [model(network)(spins), model(network)(rotate(matrix)(spins))];
      const turned = rotate(matrix)(asConfiguration(spins.size, before.forces)).components;
      return close(before.energy, after.energy) && allClose(turned, after.forces);
    },
};

interface TranslationCase {
  readonly network: WeightedNetwork;
  readonly spins: SpinConfiguration;
  readonly by: readonly [number, number];
}

export const translationSymmetry: Law<LatticeModel, TranslationCase> = {
  statement: 'energies are unchanged, forces move along, under lattice translations',
  cases: fc.record({
    network: weighted(latticeNetworks),
    spins: sizes.chain(configurationsOf),
    by: fc.tuple(fc.nat(3), fc.nat(3)),
  }),
  runs: 40,
  holds:
    (model) =>
    ({ network, spins, by }) => {
      const move = act(translation(...by)(spins));
      const [before, after] = [model(network)(spins), model(network)(move(spins))];
      return (
        close(before.energy, after.energy) &&
        allClose(move(asConfiguration(spins.size, before.forces)).components, after.forces)
      );
    },
};

interface TilingCase {
  readonly network: WeightedNetwork;
  readonly spins: SpinConfiguration;
  readonly k: number;
}

export const extensivity: Law<LatticeModel, TilingCase> = {
  statement: 'a configuration tiled k x k has k^2 times the energy, also where the lattice is smaller than the kernel',
  cases: fc.record({
    network: weighted(latticeNetworks),
    spins: sizes.chain(configurationsOf),
    k: fc.integer({ min: 2, max: 3 }),
  }),
  runs: 25,
  holds:
    (model) =>
    ({ network, spins, k }) =>
      close(model(network)(tile(k)(spins)).energy, k * k * model(network)(spins).energy, k * k),
};

/** Numbers of parameters by formula: L sites, W neurons, C channels, n layers, k kernel. */
const parameterFormulas: Readonly<
  Record<
    'dense' | 'lattice',
    Readonly<Record<Architecture, (width: number, n: number, L: number, k: number) => number>>
  >
> = {
  dense: {
    efnn: (W, n, L) => (n + 1) * (W * L + W) + n * (W * W + W) + (n - 1) * (W * W + W) + n * (W * W + W),
    dnn: (W, n, L) => W * L + W + (4 * n - 1) * (W * W + W),
    resnet: (W, n, L) => (W === L ? 0 : W * L + W) + (W * L + W) + (2 * n - 1) * (W * W + W),
    densenet: (W, n, L) => n * (W * L + W) + (W * W * n * (n - 1)) / 2 + n * (W * W + W),
  },
  lattice: {
    efnn: (C, n, _, k) => (n + 1) * 2 * C * k * k + 2 * n * (2 * C * C * k * k + 2 * C) + C * k * k + 1,
    dnn: (C, n, _, k) => 2 * C * k * k + 2 * n * (2 * C * C * k * k + 2 * C) + C * k * k + 1,
    resnet: (C, n, _, k) => 4 * C * k * k + n * (2 * C * C * k * k + 2 * C) + C * k * k + 1,
    densenet: (C, n, _, k) =>
      4 * C * k * k +
      2 * C * C * k * k +
      2 * C +
      (C * C * k * k * (n * (n + 1) - 2)) / 2 +
      (n - 1) * (C * C * k * k + 2 * C) +
      (n + 1) * C * k * k +
      1,
  },
};

export type ParameterCount = (network: Network) => number;

export const countParameters: ParameterCount = (network) => parameterTotal(right(networkProgram(network)));

export const countsAreTheFormulas: Law<ParameterCount, Network> = {
  statement: 'the number of parameters is the formula, for every architecture and shape',
  cases: fc.oneof(denseNetworks, latticeNetworks),
  holds: (count) => (network) => {
    const { architecture, shape } = network;
    const expected =
      shape.tag === 'dense'
        ? parameterFormulas.dense[architecture](shape.neurons, shape.layers, shape.sites, 1)
        : parameterFormulas.lattice[architecture](shape.channels, shape.layers, 1, shape.kernel) +
          (shape.pairHead ? shape.kernel ** 2 : 0);
    return count(network) === expected;
  },
};

/** A backward pass: all derivatives of the energy, by the name of what they are derivatives with respect to. */
export type Backward = (network: Network) => (S0: Field) => Readonly<Record<string, Expression>>;

interface BackwardCase {
  readonly network: WeightedNetwork;
  readonly latticeSize: number;
  readonly spins: readonly number[];
}

const plainEfnn = (networks: fc.Arbitrary<Network>): fc.Arbitrary<Network> =>
  networks.map(({ shape }) => ({
    architecture: 'efnn',
    shape: shape.tag === 'lattice' ? { ...shape, pairHead: false } : shape,
    energyScale: 1,
    energyShift: 0,
  }));

export const backwardIsTheGradient: Law<Backward, BackwardCase> = {
  statement: 'the hand-written backward pass equals gradient(program) in every weight and every spin',
  cases: weighted(plainEfnn(fc.oneof(denseNetworks, latticeNetworks))).chain((network) => {
    const { shape } = network.network;
    const latticeSize = shape.tag === 'dense' ? 1 : 3;
    return numbers(shape.tag === 'dense' ? shape.sites : 27).map((spins) => ({ network, latticeSize, spins }));
  }),
  runs: 40,
  holds:
    (backward) =>
    ({ network: { network, program, weights }, latticeSize, spins }) => {
      const variables = [...Object.keys(weights), 'spins'];
      const S0 =
        network.shape.tag === 'dense' ? inputField('spins', 1, network.shape.sites) : inputField('spins', 3, 1);
      const run = (p: TypedProgram) => right(evaluate(float64)(latticeSize)(weights, { spins })(p));
      const byHand = run(typed(record(backward(network)(S0))));
      const byGradient = run(right(gradient('energy', variables)(program)));
      return variables.every((variable) =>
        allClose(byHand[variable] ?? [], byGradient[gradientName('energy', variable)] ?? [NaN]),
      );
    },
};

export type Fold = (model: Model) => Either<NetworkError, Model>;

interface FoldCase {
  readonly network: WeightedNetwork;
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly latticeSize: number;
}

const energyOf = ({ network, weights }: Model, { inputs, latticeSize }: FoldCase): number =>
  right(
    evaluate(float64)(latticeSize)(
      Object.fromEntries(Object.entries(weights).map(([name, values]) => [name, [...values]])),
      inputs,
    )(right(networkProgram(network))),
  )['energy']?.[0] ?? NaN;

export const foldingKeepsPredictions: Law<Fold, FoldCase> = {
  statement: 'a scale and shift folded into the last layer leave scale 1, shift 0, and every prediction as it was',
  cases: weighted(
    fc.oneof(
      { weight: 4, arbitrary: denseNetworks },
      // Every layer of a ResNet is scaled, so it can go wrong in more ways than the others.
      { weight: 4, arbitrary: denseNetworks.map((network): Network => ({ ...network, architecture: 'resnet' })) },
      { weight: 1, arbitrary: latticeNetworks },
    ),
  ).chain((network) => {
    const latticeSize = network.network.shape.tag === 'dense' ? 1 : 3;
    return valuesFor('input', network.program, latticeSize).map((inputs) => ({ network, inputs, latticeSize }));
  }),
  runs: 400,
  holds: (fold) => (example) => {
    const model: Model = {
      network: example.network.network,
      weights: Object.fromEntries(
        Object.entries(example.network.weights).map(([name, values]) => [name, Float64Array.from(values)]),
      ),
    };
    const { architecture, shape, energyScale } = model.network;
    const sumsSpins =
      shape.tag === 'dense' &&
      (architecture === 'densenet' || (architecture === 'resnet' && shape.neurons === shape.sites));
    return pipe(
      fold(model),
      E.fold(
        () => sumsSpins && energyScale !== 1,
        ({ network, weights }) =>
          network.energyScale === 1 &&
          network.energyShift === 0 &&
          close(energyOf(model, example), energyOf({ network, weights }, example)),
      ),
    );
  },
};
