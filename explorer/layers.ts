/** The lattice EFNN laid open: its layers as fields, its energy, and what a bias in T_j would make of both. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import {
  add,
  broadcast,
  constant,
  contract,
  convolvedSum,
  correlate,
  fillField,
  gradient,
  inputField,
  mapName,
  multiply,
  parameterBias,
  perceptron,
  record,
  scale,
  simplify,
  symmetrizationWeights,
  symmetry,
  total,
  typecheck,
  type Field,
  type FieldMap,
  type LatticeShape,
  type Network,
  type ProgramError,
  type Scalar,
  type TypedProgram,
} from 'efnn/networks';

/** A layer: its name, as in the equations, and its field. */
export interface Layer {
  readonly name: string;
  readonly field: Field;
}

/** The name of the bias that breaks the symmetry of T_j. */
export const biasName = (j: number): string => `T.${j}.bias`;

/** T_j, and with a bias in its first convolution, the same along all three axes, T_j broken. */
const symmetrization =
  ({ channels, kernel }: LatticeShape, biased: boolean) =>
  (j: number): FieldMap => {
    const { a, b } = symmetrizationWeights(mapName('symmetrization', j), channels, kernel);
    return (S0) => {
      const left = correlate(a)(S0);
      const bias = broadcast(3)(parameterBias(biasName(j), channels));
      return contract(biased ? add(left, bias) : left, correlate(b)(S0));
    };
  };

const spins = inputField('spins', 3, 1);

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

/** The layers in the order of the equations, and the last of them, which the energy is read from. */
interface Layers {
  readonly layers: readonly Layer[];
  readonly last: Field;
}

/**
 * F_1 = f_0(T_0(S_0)), S_j = g_j(T_j(S_0)) F_j, F_{j+1} = f_j(S_j): all T, then F_1, S_1, F_2, .., S_n.
 *
 * @eq F_j
 */
const layersOf = (shape: LatticeShape, biased: boolean): Layers => {
  const { channels, kernel, layers: n } = shape;
  const width = { inputs: channels, outputs: channels, kernel };
  const T = (j: number): Field => symmetrization(shape, biased)(j)(spins);
  return upTo(n).reduce<Layers>(
    ({ layers, last }, i) => {
      const F = perceptron(mapName('field', i), width)(last);
      const S = multiply(perceptron(mapName('spin', i + 1), width)(T(i + 1)), F);
      return { layers: [...layers, { name: `F_${i + 1}`, field: F }, { name: `S_${i + 1}`, field: S }], last: S };
    },
    { layers: upTo(n + 1).map((j) => ({ name: `T_${j}`, field: T(j) })), last: T(0) },
  );
};

const siteCount: Scalar = total(fillField(1, 1)(constant(1)));

/** E = scale q(S_n) + shift N^2. */
const energyOf = ({ energyScale, energyShift }: Network, { channels, kernel }: LatticeShape, last: Field): Scalar =>
  add(scale(constant(energyScale))(convolvedSum(channels, kernel)(last)), scale(constant(energyShift))(siteCount));

/** What is computed for a configuration. */
export interface Programs {
  /** Outputs: the layers, by their names. */
  readonly layers: TypedProgram;
  /** Output `energy`. */
  readonly energy: TypedProgram;
  /** Outputs `energy` and its gradient in the spins. */
  readonly forces: TypedProgram;
}

/** The programs of a lattice EFNN, whole or with biases in its T_j. */
export const programsOf = (network: Network, shape: LatticeShape, biased: boolean): Either<ProgramError, Programs> => {
  const { layers, last } = layersOf(shape, biased);
  return pipe(
    E.Do,
    E.bind('layers', () => typecheck(record(Object.fromEntries(layers.map(({ name, field }) => [name, field]))))),
    E.bind('energy', () => typecheck(record({ energy: energyOf(network, shape, last) }))),
    E.bind('forces', ({ energy }) => pipe(energy, gradient('energy', ['spins']), E.chain(simplify))),
  );
};

/** What the symmetry check says of a network's energy: that it is invariant under O(3), or where it is not. */
export const checked = (network: Network, shape: LatticeShape, biased: boolean): Either<ProgramError, string> =>
  pipe(
    programsOf(network, shape, biased),
    E.chain(({ energy }) => symmetry(energy)),
    E.map(({ energy = 'zero' }) => energy),
  );
