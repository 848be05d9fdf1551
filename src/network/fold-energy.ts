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
import type { MapKind, Weight } from '../program/weight.ts';
import type { Model } from './model.ts';
import { networkError, networkProgram, type DenseShape, type Network, type NetworkError } from './network.ts';
import { declaredWeights, weightTypes, type Weights } from './weights.ts';

type Change = (values: Reals) => Reals;

const scaleBy =
  (factor: number): Change =>
  (values) =>
    values.map((value) => factor * value);

const shiftBy =
  (shift: number): Change =>
  (values) =>
    values.map((value) => value + shift);

/** What becomes of each weight, by what its map declares of it. */
type Changes = (weight: Weight) => Change;

const unchanged: Change = (values) => values;

const changed =
  (declared: Readonly<Record<string, Weight>>, changes: Changes) =>
  (weights: Weights): Weights =>
    Object.fromEntries(
      Object.entries(weights).map(([name, values]) => {
        const weight = declared[name];
        return [name, weight === undefined ? values : changes(weight)(values)];
      }),
    );

/** An affine map whose output becomes scale * output + shift. */
const rescaled =
  (scale: number, shift: number): Changes =>
  ({ role }) =>
    role === 'bias' ? (bias) => shiftBy(shift)(scaleBy(scale)(bias)) : scaleBy(scale);

/** Each of the W entries of the last layer carries its share of the shift, energyShift * L / W. */
const shareOfShift = ({ energyShift }: Network, { sites, neurons }: DenseShape): number =>
  (energyShift * sites) / neurons;

/** The affine map that a layer of dense networks ends in: part 1 of f_i or g_i. */
const endsLayer =
  (kind: MapKind, layer: number) =>
  ({ map }: Weight): boolean =>
    map.kind === kind && map.layer === layer && map.part === 1;

const foldLattice =
  ({ energyScale, energyShift }: Network): Changes =>
  (weight) =>
    weight.map.kind === 'readout' ? rescaled(energyScale, energyShift)(weight) : unchanged;

const foldDnn =
  (network: Network, shape: DenseShape): Changes =>
  (weight) =>
    endsLayer('spin', shape.layers)(weight)
      ? rescaled(network.energyScale, shareOfShift(network, shape))(weight)
      : unchanged;

/** The last field takes the shift. */
const shiftLastField =
  (network: Network, shape: DenseShape): Changes =>
  (weight) =>
    endsLayer('field', shape.layers - 1)(weight) ? rescaled(1, shareOfShift(network, shape))(weight) : unchanged;

/** S_i becomes energyScale * S_i for every i >= 1: f_i reads it divided again, and hands on its result scaled. */
const scaleResNet =
  ({ energyScale }: Network): Changes =>
  ({ map: { kind, layer, part }, role }) => {
    const readsScaled = kind === 'field' && layer !== 0 && role === 'weight';
    const isScaled = kind === 'projection' || (kind === 'field' && part === 1);
    return isScaled ? scaleBy(energyScale) : readsScaled ? scaleBy(1 / energyScale) : unchanged;
  };

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

const foldEfnn = (
  network: Network,
  shape: DenseShape,
  declared: Readonly<Record<string, Weight>>,
  weights: Weights,
): Either<NetworkError, Model> => {
  const { energyScale, energyShift } = network;
  const endsField = endsLayer('field', shape.layers - 1);
  const endsSpin = endsLayer('spin', shape.layers);
  const scaled = changed(declared, (weight) => (endsField(weight) ? rescaled(energyScale, 0)(weight) : unchanged))(
    weights,
  );
  const wider = { ...plain(network), shape: { ...shape, neurons: shape.neurons + 1 } };
  return energyShift === 0
    ? E.right({ network: plain(network), weights: scaled })
    : pipe(
        widened(network, wider, scaled),
        E.map(
          changed(declared, (weight) => {
            if (weight.role !== 'bias') {
              return unchanged;
            }
            return endsField(weight)
              ? lastEntry(energyShift * shape.sites)
              : endsSpin(weight)
                ? lastEntry(1)
                : unchanged;
          }),
        ),
        E.map((folded) => ({ network: wider, weights: folded })),
      );
};

const plain = (network: Network): Network => ({ ...network, energyScale: 1, energyShift: 0 });

const unscalable = ({ architecture, energyScale }: Network): NetworkError =>
  networkError(
    `expected a scale of 1, got ${energyScale}: this dense ${architecture} sums the spins as they are, so no weight can ` +
      'take the scale; keep scale and shift beside the weights',
  );

const folded = (
  { network, weights }: Model,
  declared: Readonly<Record<string, Weight>>,
): Either<NetworkError, Model> => {
  const { architecture, shape, energyScale } = network;
  const byChanges = (...all: readonly Changes[]): Either<NetworkError, Model> =>
    E.right({
      network: plain(network),
      weights: all.reduce((before, changes) => changed(declared, changes)(before), weights),
    });
  if (shape.tag === 'lattice') {
    return byChanges(foldLattice(network));
  }
  switch (architecture) {
    case 'dnn':
      return byChanges(foldDnn(network, shape));
    case 'efnn':
      return foldEfnn(network, shape, declared, weights);
    case 'resnet':
      return energyScale === 1 || shape.neurons !== shape.sites
        ? byChanges(scaleResNet(network), shiftLastField(network, shape))
        : E.left(unscalable(network));
    case 'densenet':
      return energyScale === 1 ? byChanges(shiftLastField(network, shape)) : E.left(unscalable(network));
  }
};

/**
 * The model with scale 1 and shift 0 that predicts the same energies, or why there is none.
 */
export const foldEnergy = (model: Model): Either<NetworkError, Model> =>
  model.network.energyScale === 1 && model.network.energyShift === 0
    ? E.right(model)
    : pipe(
        networkProgram(model.network),
        E.chain((program) => folded(model, declaredWeights(program))),
      );
