/**
 * The equations of the architectures (Figs. 2a, 4a and 5), written once more as recursions on numbers. No program takes
 * part in what is expected: layers are lists of channels, and each map is read from the weights by its name.
 */
import type { Either } from 'fp-ts/lib/Either.js';
import fc from 'fast-check';

import type { densenet } from '../../src/network/densenet.ts';
import type { dnn } from '../../src/network/dnn.ts';
import type { efnn } from '../../src/network/efnn.ts';
import {
  affine,
  convolvedSum,
  type FieldMap,
  type perceptron,
  type Readout,
  type symmetrize,
} from '../../src/network/maps.ts';
import type { Architecture, Network, NetworkError } from '../../src/network/network.ts';
import type { resnet } from '../../src/network/resnet.ts';
import { float64 } from '../../src/number/float64.ts';
import type { NumberField } from '../../src/number/number-field.ts';
import { rational } from '../../src/number/rational.ts';
import { evaluate, type Values } from '../../src/program/evaluate.ts';
import { inputField, record, total, type Field, type Scalar } from '../../src/program/expression.ts';
import { declarations, type TypedProgram } from '../../src/program/typecheck.ts';
import { lengthOf } from '../../src/program/value-type.ts';
import { mapName, type MapName } from '../../src/program/weight.ts';
import { denseShapes, latticeShapes, numbers, weighted, type WeightedNetwork } from '../arbitraries/networks.ts';
import { smallIntegers, typed } from '../arbitraries/program.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

/** A layer in numbers: its channels, each the N x N sites row by row. */
type Layer<A> = readonly (readonly A[])[];

type LayerMap<A> = (layer: Layer<A>) => Layer<A>;

/** What stands between the sites of a lattice and the numbers at them, for weights that are known by their names. */
const layersOver = <A>(field: NumberField<A>, size: number, weights: Values<A>) => {
  const sum = (terms: readonly A[]): A => terms.reduce(field.add, field.zero);
  const entrywise =
    (operation: (a: A, b: A) => A) =>
    (x: Layer<A>, y: Layer<A>): Layer<A> =>
      x.map((channel, c) => channel.map((a, r) => operation(a, y[c]?.[r] ?? field.zero)));
  const around = (n: number): number => ((n % size) + size) % size;
  /** y_o(r) = sum over i and offsets d of K_oi(d) x_i(r + d), d from the centre of the kernel, r modulo N. */
  const convolution =
    (name: string, outputs: number): LayerMap<A> =>
    (x) => {
      const K = weights[name] ?? [];
      const k = Math.round(Math.sqrt(K.length / (outputs * x.length)));
      const half = (k - 1) / 2;
      const read = (r: number, tap: number): number =>
        size * around(Math.floor(r / size) + Math.floor(tap / k) - half) + around((r % size) + (tap % k) - half);
      return upTo(outputs).map((o) =>
        upTo(size * size).map((r) =>
          sum(
            x.flatMap((channel, i) =>
              upTo(k * k).map((tap) =>
                field.mul(K[(o * x.length + i) * k * k + tap] ?? field.zero, channel[read(r, tap)] ?? field.zero),
              ),
            ),
          ),
        ),
      );
    };
  const affineMap =
    (name: string): LayerMap<A> =>
    (x) => {
      const biases = weights[`${name}.bias`] ?? [];
      return convolution(
        `${name}.weight`,
        biases.length,
      )(x).map((channel, c) => channel.map((y) => field.add(y, biases[c] ?? field.zero)));
    };
  return {
    plus: entrywise(field.add),
    times: entrywise(field.mul),
    convolution,
    affineMap,
    sumOf: (x: Layer<A>): A => sum(x.flat()),
  };
};

/** The numbers of a field as a layer. */
const asLayer = <A>(size: number, entries: readonly A[]): Layer<A> =>
  upTo(entries.length / size ** 2).map((c) => entries.slice(c * size ** 2, (c + 1) * size ** 2));

/** The maps of a network in numbers; f(i), g(i) by their index in the paper. */
interface Maps<A> {
  readonly n: number;
  readonly f: (i: number) => LayerMap<A>;
  readonly g: (i: number) => LayerMap<A>;
  /** What S_0 becomes before it is added (ResNet) or concatenated (DenseNet). */
  readonly P: LayerMap<A>;
  readonly q: (layer: Layer<A>) => A;
}

type Sums<A> = Pick<ReturnType<typeof layersOver<A>>, 'plus' | 'times'>;

/** The energy of each architecture at S_0: the equations of Figs. 2a and 5 as they are printed. */
const equationsOf = <A>({ plus, times }: Sums<A>, { n, f, g, P, q }: Maps<A>) => ({
  /** S_i = g_i(S_0) * f_{i-1}(S_{i-1}), E = q(S_n). */
  efnn: (S0: Layer<A>): A => {
    const S = (i: number): Layer<A> => (i === 0 ? S0 : times(g(i)(S0), f(i - 1)(S(i - 1))));
    return q(S(n));
  },
  /** S_i = g_i(f_{i-1}(S_{i-1})), E = q(S_n). */
  dnn: (S0: Layer<A>): A => {
    const S = (i: number): Layer<A> => (i === 0 ? S0 : g(i)(f(i - 1)(S(i - 1))));
    return q(S(n));
  },
  /** S_1 = P(S_0) + f_0(S_0), S_{i+1} = S_i + f_i(S_i), E = q(S_n). */
  resnet: (S0: Layer<A>): A => {
    const S = (i: number): Layer<A> => (i === 1 ? plus(P(S0), f(0)(S0)) : plus(S(i - 1), f(i - 1)(S(i - 1))));
    return q(S(n));
  },
  /** F_1 = f_0(S_0), F_{i+1} = f_i([S_0, F_1, .., F_i]), E = q([S_0, F_1, .., F_n]). */
  densenet: (S0: Layer<A>): A => {
    const F = (i: number): Layer<A> => (i === 1 ? f(0)(S0) : f(i - 1)(known(i - 1)));
    const known = (i: number): Layer<A> => [P(S0), ...upTo(i).map((j) => F(j + 1))].flat();
    return q(known(n));
  },
});

/** A shape for affine maps, dense or on a lattice, and the seed of small integers for weights and spins. */
interface AffineCase {
  readonly size: number;
  readonly kernel: number;
  readonly width: number;
  readonly n: number;
  readonly seed: number;
}

const affineCases: fc.Arbitrary<AffineCase> = fc
  .oneof(
    fc.constant({ size: 1, kernel: 1 }),
    fc.record({ size: fc.integer({ min: 2, max: 3 }), kernel: fc.constantFrom(1, 3) }),
  )
  .chain(({ size, kernel }) =>
    fc.record({
      size: fc.constant(size),
      kernel: fc.constant(kernel),
      width: fc.integer({ min: 1, max: 2 }),
      n: fc.integer({ min: 1, max: 4 }),
      seed: fc.nat(9999),
    }),
  );

const integersFor = (program: TypedProgram, tag: 'input' | 'parameter', size: number, seed: number) =>
  Object.fromEntries(
    Object.entries(declarations(tag)(program)).map(([name, type], index) => [
      name,
      smallIntegers(seed + 17 * index, lengthOf(size)(type)).map(rational.fromNumber),
    ]),
  );

/** The maps of a network as expressions: affine, each with weights of its own. */
interface AffineMaps {
  readonly layers: Parameters<typeof efnn>[0]['layers'];
  readonly affineMap: (map: MapName, inputs: number) => FieldMap;
  readonly q: (inputs: number) => Readout;
}

const affineMaps = ({ kernel, width, n }: AffineCase): AffineMaps => {
  const affineMap = (map: MapName, inputs: number): FieldMap => affine(map, { inputs, outputs: width, kernel });
  return {
    layers: upTo(n).map((i) => ({
      f: affineMap(mapName('field', i), width),
      g: affineMap(mapName('spin', i + 1), width),
    })),
    affineMap,
    q: (inputs) => convolvedSum(inputs, kernel),
  };
};

const isItsEquation = <Composition>(
  architecture: Architecture,
  equation: string,
  build: (composition: Composition, example: AffineCase, maps: AffineMaps) => (S0: Field) => Scalar,
): Law<Composition, AffineCase> => ({
  statement: `${equation}, exactly in rationals, for affine maps with weights of their own, dense and on lattices`,
  cases: affineCases,
  runs: 60,
  holds: (composition) => (example) => {
    const { size, width, n, seed } = example;
    const S0 = inputField('spins', 1, width);
    const program = typed(record({ energy: build(composition, example, affineMaps(example))(S0) }));
    const weights = integersFor(program, 'parameter', size, seed);
    const spins = smallIntegers(seed + 7, width * size ** 2).map(rational.fromNumber);
    const layers = layersOver(rational, size, weights);
    const named = layers.affineMap;
    const expected = equationsOf(layers, {
      n,
      f: (i) => named(`f.${i}`),
      g: (i) => named(`g.${i}`),
      P: named('P'),
      q: (layer) => layers.sumOf(named('q')(layer)),
    })[architecture](asLayer(size, spins));
    const found = right(evaluate(rational)(size)(weights, { spins })(program))['energy']?.[0];
    return found?.equals(expected) ?? false;
  },
});

export const efnnIsItsEquation = isItsEquation<typeof efnn>(
  'efnn',
  'Fig. 2a: F_i = f_{i-1}(S_{i-1}), S_i = g_i(S_0) * F_i, E = q(S_n)',
  (composition, { width }, { layers, q }) => composition({ layers, q: q(width) }),
);

export const dnnIsItsEquation = isItsEquation<typeof dnn>(
  'dnn',
  'Fig. 5c: S_i = g_i(f_{i-1}(S_{i-1})), E = q(S_n)',
  (composition, { width }, { layers, q }) => composition({ layers, q: q(width) }),
);

export const resnetIsItsEquation = isItsEquation<typeof resnet>(
  'resnet',
  'Fig. 5b: S_1 = P(S_0) + f_0(S_0), S_{i+1} = S_i + f_i(S_i), E = q(S_n)',
  (composition, { width, n }, { affineMap, q }) =>
    composition({
      projection: affineMap(mapName('projection'), width),
      first: affineMap(mapName('field', 0), width),
      rest: upTo(n - 1).map((i) => affineMap(mapName('field', i + 1), width)),
      q: q(width),
    }),
);

export const densenetIsItsEquation = isItsEquation<typeof densenet>(
  'densenet',
  'Fig. 5d: F_{i+1} = f_i([S_0, F_1, .., F_i]), E = q([S_0, F_1, .., F_n]), the channels in this order',
  (composition, { width, n }, { affineMap, q }) =>
    composition({
      features: affineMap(mapName('projection'), width),
      first: affineMap(mapName('field', 0), width),
      rest: upTo(n - 1).map((i) => affineMap(mapName('field', i + 1), (i + 2) * width)),
      q: q((n + 1) * width),
    }),
);

export const readoutIsTheConvolvedSum: Law<typeof convolvedSum, AffineCase> = {
  statement: 'q is a convolution to one channel, with its bias, summed over all sites, exactly in rationals',
  cases: affineCases,
  runs: 60,
  holds:
    (readout) =>
    ({ size, kernel, width, seed }) => {
      const program = typed(record({ energy: readout(width, kernel)(inputField('spins', 1, width)) }));
      const weights = integersFor(program, 'parameter', size, seed);
      const spins = smallIntegers(seed + 7, width * size ** 2).map(rational.fromNumber);
      const { affineMap, sumOf } = layersOver(rational, size, weights);
      const found = right(evaluate(rational)(size)(weights, { spins })(program))['energy']?.[0];
      return found?.equals(sumOf(affineMap('q')(asLayer(size, spins)))) ?? false;
    },
};

export const symmetrizationIsTheSumOfProducts: Law<typeof symmetrize, AffineCase> = {
  statement:
    'Fig. 3: T_j is the sum over x, y, z of the products of two convolutions, which share their kernels over the ' +
    'components, exactly in rationals',
  cases: affineCases,
  runs: 40,
  holds:
    (T) =>
    ({ size, kernel, width, seed }) => {
      const program = typed(record({ T: T(mapName('symmetrization', 0), width, kernel)(inputField('spins', 3, 1)) }));
      const weights = integersFor(program, 'parameter', size, seed);
      const spins = smallIntegers(seed + 7, 3 * size ** 2).map(rational.fromNumber);
      const expected = sumOfProducts(layersOver(rational, size, weights), 'T.0', width)(asLayer(size, spins)).flat();
      const found = right(evaluate(rational)(size)(weights, { spins })(program))['T'] ?? [];
      return found.length === expected.length && found.every((x, index) => x.equals(expected[index] ?? NaN));
    },
};

/** T_j(S_0) = sum over k = x, y, z of conv_a(S_0k) * conv_b(S_0k). */
const sumOfProducts =
  <A>({ convolution, times, plus }: ReturnType<typeof layersOver<A>>, name: string, channels: number): LayerMap<A> =>
  (S0) =>
    S0.map((axis) =>
      times(convolution(`${name}.a`, channels)([axis]), convolution(`${name}.b`, channels)([axis])),
    ).reduce((sum, product) => plus(sum, product));

/** Sums of a few hundred terms of order one, in different order: a few hundred roundings. */
const close = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-10 * (1 + Math.abs(a) + Math.abs(b));

const tanhOf = (x: Layer<number>): Layer<number> => x.map((channel) => channel.map(Math.tanh));

const floatLayers = (size: number, weights: Values<number>) => {
  const layers = layersOver(float64, size, weights);
  /** W_1 tanh(W_0 x + b_0) + b_1. */
  const perceptronOf =
    (name: string): LayerMap<number> =>
    (x) =>
      layers.affineMap(`${name}.1`)(tanhOf(layers.affineMap(`${name}.0`)(x)));
  return { ...layers, perceptronOf };
};

export const perceptronIsConvolutionTanhConvolution: Law<typeof perceptron, AffineCase> = {
  statement: 'f and g are a convolution, tanh, and a convolution, each with its bias',
  cases: affineCases,
  runs: 40,
  holds:
    (map) =>
    ({ size, kernel, width, n, seed }) => {
      const S = map(mapName('field', 0), { inputs: n, outputs: width, kernel })(inputField('spins', 1, n));
      const program = typed(record({ sum: total(S), S }));
      const quarter = (values: readonly number[]): readonly number[] => values.map((x) => x / 4);
      const weights = Object.fromEntries(
        Object.entries(declarations('parameter')(program)).map(([name, type], index) => [
          name,
          quarter(smallIntegers(seed + 17 * index, lengthOf(size)(type))),
        ]),
      );
      const spins = quarter(smallIntegers(seed + 7, n * size ** 2));
      const expected = floatLayers(size, weights).perceptronOf('f.0')(asLayer(size, spins)).flat();
      const found = right(evaluate(float64)(size)(weights, { spins })(program))['S'] ?? [];
      return found.length === expected.length && found.every((x, index) => close(x, expected[index] ?? NaN));
    },
};

/** From the description of a network to its program. */
export type NetworkProgram = (network: Network) => Either<NetworkError, TypedProgram>;

interface NetworkCase {
  readonly network: WeightedNetwork;
  readonly size: number;
  readonly spins: readonly number[];
}

/** Both kinds, up to four layers: the skipped layer of a ResNet shows from the third on. */
const deepNetworks: fc.Arbitrary<Network> = fc
  .record({
    architecture: fc.constantFrom<Architecture>('efnn', 'dnn', 'resnet', 'densenet'),
    shape: fc.oneof(denseShapes, latticeShapes),
    layers: fc.integer({ min: 1, max: 4 }),
    energyScale: fc.constantFrom(1, 2.5),
    energyShift: fc.constantFrom(0, -0.5),
  })
  .map(({ architecture, shape, layers, energyScale, energyShift }) => ({
    architecture,
    shape: shape.tag === 'dense' ? { ...shape, layers } : { ...shape, layers, pairHead: false },
    energyScale,
    energyShift,
  }));

/** The energy of a network by its equations, from its weights and the numbers of its spins. */
const expectedEnergy = ({ network: { network, weights }, size, spins }: NetworkCase): number => {
  const { architecture, shape, energyScale, energyShift } = network;
  const layers = floatLayers(size, weights);
  const { plus, times, sumOf, affineMap, perceptronOf } = layers;
  const T = (j: number): LayerMap<number> =>
    sumOfProducts(layers, `T.${j}`, shape.tag === 'lattice' ? shape.channels : 0);
  const first: LayerMap<number> = perceptronOf('f.0');
  const P = affineMap('P');
  const isDense = shape.tag === 'dense';
  const energy = equationsOf<number>(
    { plus, times },
    {
      n: shape.layers,
      f: (i) => (i > 0 ? perceptronOf(`f.${i}`) : isDense ? first : (S0) => first(T(0)(S0))),
      g: (i) =>
        isDense || architecture !== 'efnn' ? perceptronOf(`g.${i}`) : (S0) => perceptronOf(`g.${i}`)(T(i)(S0)),
      P: isDense ? (architecture === 'resnet' && shape.neurons !== shape.sites ? P : (S0) => S0) : T(1),
      q: isDense ? sumOf : (layer) => sumOf(affineMap('q')(layer)),
    },
  )[architecture](asLayer(size, spins));
  return energyScale * energy + energyShift * (isDense ? shape.sites : size ** 2);
};

export const networksAreTheirEquations: Law<NetworkProgram, NetworkCase> = {
  statement:
    'every network is its equation (Figs. 2a, 4a, 5b to 5d) with the maps of Fig. 3, read from its weights by name: ' +
    'dense and on lattices, one to four layers',
  cases: weighted(deepNetworks).chain((network) => {
    const { shape } = network.network;
    const size = shape.tag === 'dense' ? 1 : 2;
    return numbers(shape.tag === 'dense' ? shape.sites : 3 * size ** 2).map((spins) => ({ network, size, spins }));
  }),
  runs: 60,
  holds: (program) => (example) => {
    const { network, size, spins } = example;
    const built = right(program(network.network));
    const weights = network.weights;
    const found = right(evaluate(float64)(size)(weights, { spins })(built))['energy']?.[0] ?? NaN;
    return close(found, expectedEnergy(example));
  },
};
