/** The networks: their symmetries, counts, backward pass and energy units (Figs. 2a, 3 and 4a). */
import { describe, expect, it } from 'vitest';

import { rotate } from '../src/lattice/spins.ts';
import { efnnBackward } from '../src/network/efnn-backward.ts';
import { foldEnergy } from '../src/network/fold-energy.ts';
import { initialWeights } from '../src/network/initial-weights.ts';
import {
  affineLinearized,
  convolvedSumLinearized,
  perceptronLinearized,
  sumLinearized,
  symmetrizeLinearized,
  thenLinearized,
  type LinearizedMap,
} from '../src/network/linearized-maps.ts';
import { network, networkProgram, type Network } from '../src/network/network.ts';
import { multiply, tanh, type Field } from '../src/program/expression.ts';
import { mapName, partOf, weightName, type MapName } from '../src/program/weight.ts';
import { declarations } from '../src/program/typecheck.ts';
import { verify } from './law.ts';
import {
  backwardIsTheGradient,
  byDefinition,
  countParameters,
  countsAreTheFormulas,
  extensivity,
  foldingKeepsPredictions,
  orthogonalSymmetry,
  translationSymmetry,
  type Backward,
  type LatticeModel,
} from './laws/network.ts';
import { messageOf, right } from './right.ts';

/** A model whose energy gets an extra term. */
const plus =
  (extra: (components: readonly number[], size: number) => number): LatticeModel =>
  (weightedNetwork) =>
  (spins) => {
    const { energy, forces } = byDefinition(weightedNetwork)(spins);
    return { energy: energy + extra([...spins.components], spins.size), forces };
  };

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

verify(orthogonalSymmetry, byDefinition, {
  'a bias in T_j: the energy sees the sum of all components': plus((components) => 0.1 * sum(components)),
  'only rotations: the energy sees a handedness': plus(([x = 0, y = 0, z = 0]) => 0.1 * x * y * z),
  'forces of the mirrored spins': (weightedNetwork) => (spins) => ({
    energy: byDefinition(weightedNetwork)(spins).energy,
    forces: byDefinition(weightedNetwork)(
      rotate({
        rows: [
          [0, 1, 0],
          [1, 0, 0],
          [0, 0, 1],
        ],
      })(spins),
    ).forces,
  }),
});

verify(translationSymmetry, byDefinition, {
  'a site of its own': plus(([x = 0]) => 0.1 * x),
});

verify(extensivity, byDefinition, {
  'zero padding: the boundary costs energy': plus((_, size) => 0.1 * size),
  'a mean instead of a sum over sites': (weightedNetwork) => (spins) => {
    const { energy, forces } = byDefinition(weightedNetwork)(spins);
    return { energy: energy / spins.size ** 2 + 1, forces };
  },
});

verify(countsAreTheFormulas, countParameters, {
  'biases are forgotten': (description) =>
    Object.entries(declarations('parameter')(right(networkProgram(description))))
      .filter(([, type]) => type.tag === 'kernel')
      .reduce(
        (count, [, type]) => count + (type.tag === 'kernel' ? type.outputs * type.inputs * type.size ** 2 : 0),
        0,
      ),
});

describe("the paper's networks have 200 to 30000 parameters", () => {
  it.each([
    [1, 1, 230],
    [3, 2, 2350],
    [3, 3, 3412],
    [9, 1, 9262],
    [9, 3, 26434],
  ])('C = %d, n = %d: %d', (channels, layers, expected) => {
    expect(countParameters(network('efnn', { tag: 'lattice', channels, layers, kernel: 5, pairHead: false }))).toBe(
      expected,
    );
  });
});

const indices = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

/** The linearized layers of a network, dense or on a lattice. */
const backwardWith =
  (perceptron: typeof perceptronLinearized, symmetrize: typeof symmetrizeLinearized): Backward =>
  ({ shape }) =>
  (S0) => {
    const dense = shape.tag === 'dense';
    const [width, kernel] = shape.tag === 'dense' ? [shape.neurons, 1] : [shape.channels, shape.kernel];
    const fromSpins = (map: MapName): LinearizedMap =>
      shape.tag === 'dense'
        ? perceptron(map, { inputs: shape.sites, outputs: width, kernel })
        : thenLinearized(symmetrize(mapName('symmetrization', map.layer), width, kernel))(
            perceptron(map, { inputs: width, outputs: width, kernel }),
          );
    const f = (i: number): LinearizedMap =>
      i === 0
        ? fromSpins(mapName('field', 0))
        : perceptron(mapName('field', i), { inputs: width, outputs: width, kernel });
    const { spins, weights } = efnnBackward({
      layers: indices(shape.layers).map((i) => ({ f: f(i), g: fromSpins(mapName('spin', i + 1)) })),
      q: dense ? sumLinearized(width) : convolvedSumLinearized(width, kernel),
    })(S0);
    return { ...weights, spins };
  };

/** tanh with the derivative of y, not of x: 1 - y instead of 1 - y^2. */
const wrongTanh: typeof perceptronLinearized = (map, width) =>
  thenLinearized(
    thenLinearized(affineLinearized(partOf(map, 0), width))((x: Field) => ({
      value: tanh(x),
      transposed: (ybar) => ({ argument: multiply(tanh(x), ybar), weights: {} }),
    })),
  )(affineLinearized(partOf(map, 1), { ...width, inputs: width.outputs }));

verify(backwardIsTheGradient, backwardWith(perceptronLinearized, symmetrizeLinearized), {
  'the derivative of tanh is y': backwardWith(wrongTanh, symmetrizeLinearized),
  'the spins collect from the fields alone': (description) => (S0) => {
    const complete = backwardWith(perceptronLinearized, symmetrizeLinearized)(description)(S0);
    return { ...complete, spins: multiply(S0, S0) };
  },
  'T_j is differentiated through one kernel only': backwardWith(
    perceptronLinearized,
    (map, channels, kernel) => (s) => {
      const linearized = symmetrizeLinearized(map, channels, kernel)(s);
      return {
        ...linearized,
        transposed: (Tbar) => {
          const { argument, weights } = linearized.transposed(Tbar);
          const { [weightName({ map, role: 'leftKernel' })]: a } = weights;
          return { argument, weights: Object.fromEntries(Object.keys(weights).map((name) => [name, a ?? argument])) };
        },
      };
    },
  ),
});

verify(foldingKeepsPredictions, foldEnergy, {
  'the shift is forgotten': (model) => foldEnergy({ ...model, network: { ...model.network, energyShift: 0 } }),
  'the bias is not scaled': (model) => {
    const { 'q.bias': bias } = model.weights;
    return bias === undefined
      ? foldEnergy(model)
      : foldEnergy({
          ...model,
          weights: { ...model.weights, 'q.bias': bias.map((b) => b / model.network.energyScale) },
        });
  },
  'what is scaled is read as it is by the next layer': (model) => {
    const { 'f.1.0.weight': next } = model.weights;
    const { architecture, energyScale } = model.network;
    return next === undefined || architecture !== 'resnet'
      ? foldEnergy(model)
      : foldEnergy({ ...model, weights: { ...model.weights, 'f.1.0.weight': next.map((w) => w * energyScale) } });
  },
});

it('what cannot be folded is refused with the reason', () => {
  const shape = { tag: 'dense', sites: 3, neurons: 3, layers: 1 } as const;
  const message = (description: Network) => messageOf(foldEnergy({ network: description, weights: {} }));
  expect(message({ ...network('resnet', shape), energyScale: 2 })).toMatch(
    /scale of 1, got 2.*sums the spins as they are/,
  );
  expect(message({ ...network('densenet', shape), energyScale: 2 })).toMatch(
    /scale of 1, got 2.*sums the spins as they are/,
  );
});

describe('impossible shapes are refused', () => {
  const lattice = { tag: 'lattice', channels: 3, layers: 2, kernel: 5, pairHead: false } as const;
  const dense = { tag: 'dense', sites: 15, neurons: 8, layers: 2 } as const;

  it.each([
    [{ ...lattice, layers: 0 }, 'expected layers as a whole number of at least 1, got 0'],
    [{ ...lattice, channels: 0 }, 'expected channels as a whole number of at least 1, got 0'],
    [{ ...lattice, channels: 1.5 }, 'expected channels as a whole number of at least 1, got 1.5'],
    [{ ...lattice, kernel: 4 }, 'expected an odd kernel'],
    [{ ...dense, neurons: 0 }, 'expected neurons as a whole number of at least 1, got 0'],
    [{ ...dense, sites: NaN }, 'expected sites as a whole number of at least 1, got NaN'],
  ])('%j', (shape, message) => {
    expect(messageOf(networkProgram(network('efnn', shape)))).toContain(message);
  });

  it('and energies in units of 0', () => {
    expect(messageOf(networkProgram({ ...network('efnn', lattice), energyScale: 0 }))).toContain('not 0');
  });
});

describe('the published start', () => {
  const program = right(
    networkProgram(network('efnn', { tag: 'lattice', channels: 3, layers: 1, kernel: 5, pairHead: true })),
  );
  const weights = initialWeights(1)(program);

  it('is uniform up to 1 / sqrt(fan_in)', () => {
    const largest = (name: string): number => Math.max(...(weights[name] ?? []).map(Math.abs));
    expect(largest('T.0.a')).toBeLessThanOrEqual(1 / 5);
    expect(largest('f.0.0.weight')).toBeLessThanOrEqual(1 / Math.sqrt(75));
    expect(largest('f.0.0.weight')).toBeGreaterThan(0.9 / Math.sqrt(75));
    expect(largest('f.0.0.bias')).toBeLessThanOrEqual(1 / Math.sqrt(75));
    expect(largest('pair.weight')).toBe(0);
  });

  it('depends on the seed alone', () => {
    expect(initialWeights(1)(program)).toEqual(weights);
    expect(initialWeights(2)(program)['T.0.a']).not.toEqual(weights['T.0.a']);
  });
});
