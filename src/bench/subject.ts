/** The networks and samples that are timed: random, the same for us and for peers, to the last bit of a float32. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { publishedSites } from '../dataset/three-spin.ts';
import { sample } from '../lattice/sampler.ts';
import { initialWeights } from '../network/initial-weights.ts';
import { network, networkProgram, type Network } from '../network/network.ts';
import { declaredWeights, fileShape, weightTypes, type Weights } from '../network/weights.ts';
import type { Reals } from '../number/reals.ts';
import { add, broadcast, contract, inputField, parameterBias, record, total } from '../program/expression.ts';
import { typecheck, type ProgramError, type TypedProgram } from '../program/typecheck.ts';
import type { Weight } from '../program/weight.ts';
import { drawn, standardNormals } from '../random/draw.ts';
import { streamOf } from '../random/stream.ts';
import type { LabelledSamples } from '../training/batch.ts';
import { benchError, type BenchError } from './timing.ts';
import type { PeerArrays } from './peer.ts';

/** A network with its program and its weights. */
export interface Subject {
  readonly network: Network;
  readonly program: TypedProgram;
  readonly weights: Weights;
}

const seed = 1;

const toFloat32 = (values: Reals): Reals => values.map(Math.fround);

/** Kernels twice as large as published, so that fields of all layers are of order one, and a comparison sees all of them. */
const doubled = (weight: Weight | undefined, values: Reals): Reals =>
  weight?.role === 'bias' ? values : values.map((x) => 2 * x);

/** EFNN on a lattice, as the paper has it. */
export const latticeEfnn = (channels: number): Network =>
  network('efnn', { tag: 'lattice', channels, layers: 3, kernel: 5, pairHead: false });

/** EFNN on a chain of the published length. */
export const denseEfnn = (neurons: number): Network =>
  network('efnn', { tag: 'dense', sites: publishedSites, neurons, layers: 3 });

/** A network of one number, so that a step is little but shuffling, gathering and copying. */
const idle: E.Either<ProgramError, TypedProgram> = pipe(
  inputField('spins', 3, 1),
  (spins) => add(contract(spins, spins), broadcast(1)(parameterBias('bias', 1))),
  (field) => typecheck(record({ energy: total(field) })),
);

/** In the place of a network whose samples it is given. */
export const idleSubject = (description: Network): TaskEither<BenchError, Subject> =>
  pipe(
    idle,
    E.bimap(benchError, (program) => ({ network: description, program, weights: { bias: Float64Array.of(0) } })),
    TE.fromEither,
  );

/** A network with weights of order one, the same in every run. */
export const subjectOf = (description: Network): TaskEither<BenchError, Subject> =>
  pipe(
    networkProgram(description),
    E.bimap(benchError, (program) => ({
      network: description,
      program,
      weights: Object.fromEntries(
        Object.entries(initialWeights(seed)(program)).map(([name, values]) => [
          name,
          toFloat32(doubled(declaredWeights(program)[name], values)),
        ]),
      ),
    })),
    TE.fromEither,
  );

/** The weights in the shapes of their files. */
export const weightArrays = ({ network: { shape }, program, weights }: Subject): PeerArrays =>
  Object.fromEntries(
    Object.entries(weightTypes(program)).map(([name, type]) => [
      name,
      { shape: fileShape(shape)(type), values: weights[name] ?? new Float64Array(0) },
    ]),
  );

const joined = (parts: readonly Reals[]): Reals => Float64Array.from(parts.flatMap((part) => [...part]));

const normals = (count: number, index: number): Reals =>
  toFloat32(drawn(streamOf(seed + 1, index))(standardNormals(count)));

/** Spins with labels that are random: what they are does not change how long a step takes. */
export const randomSamples = ({ shape }: Network, size: number, count: number): LabelledSamples => {
  const spins =
    shape.tag === 'dense'
      ? normals(count * shape.sites, 2)
      : toFloat32(joined(Array.from({ length: count }, (_, b) => sample('sphere')(size, seed, b).components)));
  return {
    count,
    latticeSize: shape.tag === 'dense' ? 1 : size,
    spins,
    energies: normals(count, 0),
    forces: normals(spins.length, 1),
  };
};

/** The samples so many times over. */
export const repeated =
  (times: number) =>
  ({ count, latticeSize, spins, energies, forces }: LabelledSamples): LabelledSamples => {
    const all = (values: Reals): Reals => joined(Array.from({ length: times }, () => values));
    return {
      count: times * count,
      latticeSize,
      spins: all(spins),
      energies: all(energies),
      forces: forces === null ? null : all(forces),
    };
  };

/** The shape of the spins, batch first. */
export const spinShape = ({ shape }: Network, { count, latticeSize }: LabelledSamples): readonly number[] =>
  shape.tag === 'dense' ? [count, shape.sites] : [count, 3, latticeSize, latticeSize];
