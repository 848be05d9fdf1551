/**
 * The networks that the paper compares, by name and shape, as programs.
 *
 * Input `spins`: field(1, L) on a 1 x 1 lattice for dense networks, field(3, 1) on an N x N lattice for lattice ones.
 * Output `energy`: the total energy, a scalar. Weights carry the names of the `.safetensors` interface.
 *
 * @eq F_j (Fig. 4a)
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { identity, pipe } from 'fp-ts/lib/function.js';

import {
  add,
  constant,
  fillField,
  inputField,
  record,
  scale,
  total,
  type Field,
  type Scalar,
} from '../program/expression.ts';
import { typecheck, type ProgramError, type TypedProgram } from '../program/typecheck.ts';
import { mapName, type MapKind } from '../program/weight.ts';
import { densenet } from './densenet.ts';
import { dnn } from './dnn.ts';
import { efnn, type Efnn } from './efnn.ts';
import { affine, andThen, convolvedSum, perceptron, sumOfEntries, symmetrize, type FieldMap } from './maps.ts';
import { pairHead } from './pair-head.ts';
import { resnet } from './resnet.ts';

/** The networks that are compared, by the names of files and options. */
export const architectures = ['efnn', 'dnn', 'resnet', 'densenet'] as const;

/** One of them. */
export type Architecture = (typeof architectures)[number];

/** A network on L spins of one component, W = neurons, n = layers. */
export interface DenseShape {
  readonly tag: 'dense';
  readonly sites: number;
  readonly neurons: number;
  readonly layers: number;
}

/** A network on a lattice of unit vectors, C = channels, n = layers, k = kernel. */
export interface LatticeShape {
  readonly tag: 'lattice';
  readonly channels: number;
  readonly layers: number;
  readonly kernel: number;
  /** Whether the two-body head adds to the energy. */
  readonly pairHead: boolean;
}

/** On what a network acts, and how wide and deep it is. */
export type Shape = DenseShape | LatticeShape;

/** A network up to its weights: energy = energyScale * output + energyShift * sites + pair head. */
export interface Network {
  readonly architecture: Architecture;
  readonly shape: Shape;
  readonly energyScale: number;
  readonly energyShift: number;
}

/**
 * A network of scale 1 and shift 0.
 *
 * @example
 * network('dnn', { tag: 'dense', sites: 15, neurons: 8, layers: 2 }).energyScale // 1
 */
export const network = (architecture: Architecture, shape: Shape): Network => ({
  architecture,
  shape,
  energyScale: 1,
  energyShift: 0,
});

const indices = (from: number, to: number): readonly number[] => Array.from({ length: to - from }, (_, i) => from + i);

/** The dense maps: f_i and g_i end in W features, and E is the plain sum of the last layer. */
const dense = ({ sites: L, neurons: W, layers: n }: DenseShape): Readonly<Record<Architecture, FieldToEnergy>> => {
  const f = (i: number, inputs = i === 0 ? L : W): FieldMap =>
    perceptron(mapName('field', i), { inputs, outputs: W, kernel: 1 });
  const g = (inputs: number) => (i: number) => perceptron(mapName('spin', i), { inputs, outputs: W, kernel: 1 });
  const fieldParticleLayers = (g: (i: number) => FieldMap): Efnn => ({
    layers: indices(1, n + 1).map((i) => ({ f: f(i - 1), g: g(i) })),
    q: sumOfEntries,
  });
  return {
    efnn: efnn(fieldParticleLayers(g(L))),
    dnn: dnn(fieldParticleLayers(g(W))),
    resnet: resnet({
      projection: W === L ? identity : affine(mapName('projection'), { inputs: L, outputs: W, kernel: 1 }),
      first: f(0),
      rest: indices(1, n).map((i) => f(i)),
      q: sumOfEntries,
    }),
    densenet: densenet({
      features: identity,
      first: f(0),
      rest: indices(1, n).map((i) => f(i, L + i * W)),
      q: sumOfEntries,
    }),
  };
};

/** The lattice maps: f_0 and every g_j read the invariants T_j(S_0), so that the energy is O(3)-invariant. */
const lattice = ({
  channels: C,
  layers: n,
  kernel: k,
}: LatticeShape): Readonly<Record<Architecture, FieldToEnergy>> => {
  const map = (kind: MapKind, i: number, inputs = C): FieldMap =>
    perceptron(mapName(kind, i), { inputs, outputs: C, kernel: k });
  const T = (j: number): FieldMap => symmetrize(mapName('symmetrization', j), C, k);
  const f = (i: number): FieldMap => (i === 0 ? andThen(T(0))(map('field', 0)) : map('field', i));
  const fieldParticleLayers = (g: (i: number) => FieldMap): Efnn => ({
    layers: indices(1, n + 1).map((i) => ({ f: f(i - 1), g: g(i) })),
    q: convolvedSum(C, k),
  });
  return {
    efnn: efnn(fieldParticleLayers((i) => andThen(T(i))(map('spin', i)))),
    dnn: dnn(fieldParticleLayers((i) => map('spin', i))),
    resnet: resnet({ projection: T(1), first: f(0), rest: indices(1, n).map(f), q: convolvedSum(C, k) }),
    densenet: densenet({
      features: T(1),
      first: f(0),
      rest: indices(1, n).map((i) => map('field', i, (i + 1) * C)),
      q: convolvedSum((n + 1) * C, k),
    }),
  };
};

type FieldToEnergy = (S0: Field) => Scalar;

/** The number of sites as a scalar: N^2 on a lattice, whatever N will be; L for a chain. */
const siteCount = (shape: Shape): Scalar =>
  shape.tag === 'lattice' ? total(fillField(1, 1)(constant(1))) : constant(shape.sites);

const spinsOf = (shape: Shape): Field =>
  shape.tag === 'dense' ? inputField('spins', 1, shape.sites) : inputField('spins', 3, 1);

const energyOf = ({ architecture, shape, energyScale, energyShift }: Network): FieldToEnergy => {
  const output = (shape.tag === 'dense' ? dense(shape) : lattice(shape))[architecture];
  const scaled: FieldToEnergy = (s0) => (energyScale === 1 ? output(s0) : scale(constant(energyScale))(output(s0)));
  const shifted: FieldToEnergy = (s0) =>
    energyShift === 0 ? scaled(s0) : add(scaled(s0), scale(constant(energyShift))(siteCount(shape)));
  return (s0) =>
    shape.tag === 'lattice' && shape.pairHead ? add(shifted(s0), pairHead(shape.kernel)(s0)) : shifted(s0);
};

/** A network that there is none of: what was expected, what was got, what to do. */
export interface NetworkError {
  readonly tag: 'NetworkError';
  readonly message: string;
}

/** An error of a description of a network. */
export const networkError = (message: string): NetworkError => ({ tag: 'NetworkError', message });

const positiveInteger = (what: string, value: number): Either<NetworkError, number> =>
  Number.isSafeInteger(value) && value >= 1
    ? E.right(value)
    : E.left(networkError(`expected ${what} as a whole number of at least 1, got ${value}; give another`));

const checkedShape = (shape: Shape): Either<NetworkError, unknown> => {
  switch (shape.tag) {
    case 'dense':
      return pipe(
        positiveInteger('layers', shape.layers),
        E.chain(() => positiveInteger('neurons', shape.neurons)),
        E.chain(() => positiveInteger('sites', shape.sites)),
      );
    case 'lattice':
      return pipe(
        positiveInteger('layers', shape.layers),
        E.chain(() => positiveInteger('channels', shape.channels)),
        E.chain(() => positiveInteger('kernel', shape.kernel)),
        E.filterOrElse(
          (kernel) => kernel % 2 === 1,
          (kernel) =>
            networkError(`expected an odd kernel, so that it has a centre, got ${kernel}; give ${kernel + 1}`),
        ),
      );
  }
};

/** Types promise a known architecture and shape; descriptions also come from where there are no types. */
const known = ({ architecture, shape }: Network): Either<NetworkError, unknown> => {
  const tags: readonly string[] = ['lattice', 'dense'];
  if (!architectures.includes(architecture)) {
    return E.left(
      networkError(`expected an architecture (${architectures.join(', ')}), got '${architecture}'; choose one`),
    );
  }
  return tags.includes(shape.tag)
    ? E.right(undefined)
    : E.left(networkError(`expected a shape with the tag ${tags.join(' or ')}, got '${shape.tag}'; choose one`));
};

const checkedEnergies = ({ energyScale, energyShift }: Network): Either<NetworkError, unknown> =>
  Number.isFinite(energyScale) && energyScale !== 0 && Number.isFinite(energyShift)
    ? E.right(undefined)
    : E.left(
        networkError(
          `expected energyScale finite and not 0, energyShift finite, got ${energyScale} and ${energyShift}; scale energies by another`,
        ),
      );

/**
 * The program of a network: input `spins`, output `energy`. It is data; `latex` of `efnn/networks` has its equations as lines of text.
 *
 * @example
 * pipe(
 *   networkProgram(network('efnn', { tag: 'lattice', channels: 3, layers: 2, kernel: 5, pairHead: false })),
 *   E.map(parameterTotal),
 * ) // right(2350)
 */
export const networkProgram = (description: Network): Either<NetworkError, TypedProgram> =>
  pipe(
    known(description),
    E.chain(() => checkedShape(description.shape)),
    E.chain(() => checkedEnergies(description)),
    E.chain(() =>
      pipe(
        typecheck(record({ energy: energyOf(description)(spinsOf(description.shape)) })),
        E.mapLeft(({ message }: ProgramError) => networkError(message)),
      ),
    ),
  );
