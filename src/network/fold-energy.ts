/**
 * Folds a network's energy scale and shift into its last layer: the same predictions from plain weights.
 *
 * On lattices the last layer is q, whose bias counts sites. Dense networks end in a plain sum, so what can be folded
 * depends on what is summed:
 *
 * | dense    | scale                                                       | shift                              |
 * |----------|-------------------------------------------------------------|------------------------------------|
 * | DNN      | the last affine map                                         | the same                           |
 * | EFNN     | the last field                                              | one more neuron, its spin factor 1 |
 * | ResNet   | every S_i: P, and each f_i before and after; none without P | the last affine map                |
 * | DenseNet | none: S_0 is summed as it is                                | the last affine map                |
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';

import { pipe } from 'fp-ts/lib/function.js';

import type { Reals } from '../number/reals.ts';
import { lengthOf, scalarType, type ValueType } from '../program/value-type.ts';
import type { Model } from './model.ts';
import { networkError, networkProgram, type DenseShape, type Network, type NetworkError } from './network.ts';
import { weightTypes, type Weights } from './weights.ts';

type Change = (values: Reals) => Reals;

const scaleBy =
  (factor: number): Change =>
  (values) =>
    values.map((value) => factor * value);

const shiftBy =
  (shift: number): Change =>
  (values) =>
    values.map((value) => value + shift);

/** Applies changes to the weights that they name. */
const changed =
  (changes: Readonly<Record<string, Change>>) =>
  (weights: Weights): Weights =>
    Object.fromEntries(
      Object.entries(weights).map(([name, values]) => [name, (changes[name] ?? ((same) => same))(values)]),
    );

const foldLattice = ({ network: { energyScale, energyShift }, weights }: Model): Weights =>
  changed({
    'q.weight': scaleBy(energyScale),
    'q.bias': (bias) => shiftBy(energyShift)(scaleBy(energyScale)(bias)),
  })(weights);

/** Each of the W entries of the last layer carries its share of the shift, energyShift * L / W. */
const shareOfShift = ({ energyShift }: Network, { sites, neurons }: DenseShape): Change =>
  shiftBy((energyShift * sites) / neurons);

const foldDnn = (network: Network, shape: DenseShape, weights: Weights): Weights =>
  changed({
    [`g.${shape.layers}.1.weight`]: scaleBy(network.energyScale),
    [`g.${shape.layers}.1.bias`]: (bias) => shareOfShift(network, shape)(scaleBy(network.energyScale)(bias)),
  })(weights);

/** S_i becomes energyScale * S_i for every i >= 1: f_i reads it divided again, and hands on its result scaled. */
const scaleResNet = ({ energyScale }: Network, { layers }: DenseShape, weights: Weights): Weights =>
  changed(
    Object.fromEntries([
      ...['P.weight', 'P.bias'].map((name) => [name, scaleBy(energyScale)] as const),
      ...Array.from({ length: layers }, (_, i) => [
        [`f.${i}.1.weight`, scaleBy(energyScale)] as const,
        [`f.${i}.1.bias`, scaleBy(energyScale)] as const,
        ...(i === 0 ? [] : [[`f.${i}.0.weight`, scaleBy(1 / energyScale)] as const]),
      ]).flat(),
    ]),
  )(weights);

const shiftLastField = (network: Network, shape: DenseShape, weights: Weights): Weights =>
  changed({ [`f.${shape.layers - 1}.1.bias`]: shareOfShift(network, shape) })(weights);

/** Rows and columns of a dense weight: outputs and inputs of a kernel, one column for a bias. */
const extents = (type: ValueType): readonly [number, number] =>
  type.tag === 'kernel' ? [type.outputs, type.inputs] : [lengthOf(1)(type), 1];

/** A row-major matrix with zeros added below and to the right. */
const padded = (from: ValueType, to: ValueType, values: Reals): Reals => {
  const [, columns] = extents(from);
  const [newRows, newColumns] = extents(to);
  return Float64Array.from({ length: newRows * newColumns }, (_, index) => {
    const [row, column] = [Math.floor(index / newColumns), index % newColumns];
    return column < columns ? (values[row * columns + column] ?? 0) : 0;
  });
};

/** The same weights in a wider network, whose new neurons are 0 throughout. */
const widened = (from: Network, to: Network, weights: Weights): Either<NetworkError, Weights> =>
  pipe(
    E.Do,
    E.apS('narrow', E.Functor.map(networkProgram(from), weightTypes)),
    E.apS('wide', E.Functor.map(networkProgram(to), weightTypes)),
    E.map(({ narrow, wide }) =>
      Object.fromEntries(
        Object.entries(weights).map(([name, values]) => [
          name,
          padded(narrow[name] ?? scalarType, wide[name] ?? scalarType, values),
        ]),
      ),
    ),
  );

const lastEntry =
  (value: number): Change =>
  (values) =>
    values.map((before, index) => (index === values.length - 1 ? value : before));

const foldEfnn = (network: Network, shape: DenseShape, weights: Weights): Either<NetworkError, Model> => {
  const { energyScale, energyShift } = network;
  const n = shape.layers;
  const scaled = changed({
    [`f.${n - 1}.1.weight`]: scaleBy(energyScale),
    [`f.${n - 1}.1.bias`]: scaleBy(energyScale),
  })(weights);
  const wider = { ...plain(network), shape: { ...shape, neurons: shape.neurons + 1 } };
  return energyShift === 0
    ? E.right({ network: plain(network), weights: scaled })
    : pipe(
        widened(network, wider, scaled),
        E.map(
          changed({
            [`f.${n - 1}.1.bias`]: lastEntry(energyShift * shape.sites),
            [`g.${n}.1.bias`]: lastEntry(1),
          }),
        ),
        E.map((folded) => ({ network: wider, weights: folded })),
      );
};

const plain = (network: Network): Network => ({ ...network, energyScale: 1, energyShift: 0 });

const unscalable = ({ architecture, energyScale }: Network): NetworkError =>
  networkError(
    `this dense ${architecture} sums the spins as they are, so no weight can take the scale ${energyScale}; ` +
      'keep scale and shift beside the weights',
  );

/**
 * The model with scale 1 and shift 0 that predicts the same energies, or why there is none.
 */
export const foldEnergy = (model: Model): Either<NetworkError, Model> => {
  const { network, weights } = model;
  const { architecture, shape, energyScale, energyShift } = network;
  if (energyScale === 1 && energyShift === 0) {
    return E.right(model);
  }
  if (shape.tag === 'lattice') {
    return E.right({ network: plain(network), weights: foldLattice(model) });
  }
  switch (architecture) {
    case 'dnn':
      return E.right({ network: plain(network), weights: foldDnn(network, shape, weights) });
    case 'efnn':
      return foldEfnn(network, shape, weights);
    case 'resnet':
      return energyScale === 1 || shape.neurons !== shape.sites
        ? E.right({
            network: plain(network),
            weights: shiftLastField(network, shape, scaleResNet(network, shape, weights)),
          })
        : E.left(unscalable(network));
    case 'densenet':
      return energyScale === 1
        ? E.right({ network: plain(network), weights: shiftLastField(network, shape, weights) })
        : E.left(unscalable(network));
  }
};
