/** Laws of samples that count once: what files have in common is found, refused, and said of models that are evaluated. */
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';

import { heldOutFrom } from '../../src/command/training-plan.ts';
import type { HeldSamples } from '../../src/dataset/common-samples.ts';
import type { LabelledFile } from '../../src/dataset/data-set-file.ts';
import { imageCount } from '../../src/dataset/images.ts';
import { customMeta } from '../../src/dataset/meta.ts';
import { recipeOf } from '../../src/dataset/recipe.ts';
import { endOf, type Range } from '../../src/dataset/shard.ts';
import { generate } from '../../src/dataset/source.ts';
import { countOf } from '../../src/file/tensor.ts';
import type { DataRecord } from '../../src/training/training-record.ts';
import { digest } from '../arbitraries/runs.ts';
import { dataRecords } from '../arbitraries/training-records.ts';
import type { Law } from '../law.ts';
import { messageOf, right } from '../right.ts';
import { npzOf } from '../written.ts';

/** A file of a few samples: of which run it is a piece, and whether it says so. */
interface Piece {
  readonly order: {
    readonly system: string;
    readonly size: number;
    readonly seed: number;
    readonly sampler: string | undefined;
    readonly images: boolean;
  };
  readonly range: Range;
  /** Whether its metadata are lost, as in files that others made. */
  readonly isCustom: boolean;
}

const lattice = {
  system: fc.constant('heisenberg'),
  sampler: fc.constantFrom('sphere', 'angles'),
  images: fc.boolean(),
};

/** Continuous spins: two samples that are drawn apart are never the same. */
const chain = {
  system: fc.constant('three-spin-continuous'),
  sampler: fc.constant(undefined),
  images: fc.constant(false),
};

const piecesOf = (kind: typeof lattice | typeof chain): fc.Arbitrary<Piece> =>
  fc.record({
    order: fc.record<Piece['order']>({ ...kind, size: fc.constantFrom(3, 4), seed: fc.constantFrom(1, 2) }),
    range: fc.record({ first: fc.nat({ max: 4 }), count: fc.integer({ min: 1, max: 4 }) }),
    isCustom: fc.constantFrom(false, false, false, true),
  });

/** Two files: of runs that differ in one word of their order, a copy, or any two. */
export type Pair = readonly [Piece, Piece];

const words = ['seed', 'size', 'sampler', 'images'] as const;

const pairsOf = (kind: typeof lattice | typeof chain): fc.Arbitrary<Pair> =>
  fc
    .tuple(piecesOf(kind), piecesOf(kind), fc.constantFrom(...words, 'all', 'none'))
    .map(([one, other, changed]) => [
      one,
      changed === 'all'
        ? other
        : changed === 'none'
          ? one
          : { ...one, order: { ...one.order, [changed]: other.order[changed] }, range: other.range },
    ]);

const pairs: fc.Arbitrary<Pair> = fc.oneof(pairsOf(lattice), pairsOf(chain));

const fileOf = ({ order, range, isCustom }: Piece, path: string): LabelledFile => {
  const data = right(generate(right(recipeOf(order)))(range));
  return { ...data, meta: isCustom ? customMeta : data.meta, path, sha256: digest(npzOf(data)) };
};

/** The configurations of a file as texts: of images the first. */
const configurations = ({ meta, sampleShape, spins, energies }: LabelledFile, images: boolean): readonly string[] => {
  const [size, step] = [countOf(sampleShape), images ? imageCount : 1];
  return Array.from({ length: energies.length / step }, (_, c) =>
    JSON.stringify([meta.system, ...spins.subarray(c * step * size, (c * step + 1) * size)]),
  );
};

/** How many samples two files have in common, found by looking at the spins. */
const found = ([one, other]: Pair): number => {
  const [a, b] = [fileOf(one, 'a'), fileOf(other, 'b')];
  if (one.isCustom || other.isCustom) {
    return a.sha256 === b.sha256 ? a.energies.length : 0;
  }
  const seen = new Set(configurations(b, other.order.images));
  return configurations(a, one.order.images).filter((text) => seen.has(text)).length;
};

/** How many samples two files have in common. */
export type CommonSamples = (one: HeldSamples, other: HeldSamples) => number;

export const commonSamplesAreThoseOfEqualSpins: Law<CommonSamples, Pair> = {
  statement:
    'two files have as many samples in common as configurations of equal spins, with images or without; where one does not say how it ' +
    'was made, all or none, by their contents',
  cases: pairs,
  runs: 300,
  holds: (commonSamples) => (pair) => {
    const [a, b] = [fileOf(pair[0], 'a'), fileOf(pair[1], 'b')];
    return commonSamples(a, b) === found(pair) && commonSamples(b, a) === commonSamples(a, b);
  },
};

/** What is refused of two files: as data of one training, and as data and what is held out from them. */
export interface Apart {
  readonly eachOnce: (files: readonly [LabelledFile, LabelledFile]) => Either<{ readonly message: string }, unknown>;
  readonly heldApart: (file: LabelledFile, heldOut: LabelledFile) => Either<{ readonly message: string }, unknown>;
}

/** The file that is got by whoever follows the advice of a refusal; the same one where it advises nothing. */
const followed = (message: string, { order, range, isCustom }: Piece): LabelledFile =>
  fileOf(
    message.includes('--seed')
      ? { order: { ...order, seed: order.seed + 1 }, range, isCustom }
      : message.includes('--shard') || message.includes('of its own')
        ? { order, range: { first: endOf(range) + 9, count: 1 }, isCustom }
        : { order, range, isCustom },
    'advised',
  );

export const commonSamplesAreRefused: Law<Apart, Pair> = {
  statement:
    'two files are trained on together, or one held out from the other, if they have no sample in common; else both are named, with how ' +
    'many they share, and who follows the advice has data of the same Hamiltonian that are accepted',
  cases: pairs,
  holds:
    ({ eachOnce, heldApart }) =>
    ([one, other]) => {
      const [a, b] = [fileOf(one, 'a.npz'), fileOf(other, 'b.npz')];
      const count = found([one, other]);
      const refusals = [messageOf(eachOnce([a, b])), messageOf(heldApart(a, b))];
      return count === 0
        ? refusals.every((message) => message === '')
        : refusals.every((message) => {
            const advised = followed(message, other);
            return (
              message.includes("'a.npz'") &&
              message.includes("'b.npz'") &&
              message.includes(` ${count} sample`) &&
              E.isRight(heldOutFrom(a)(advised)) &&
              E.isRight(heldApart(a, advised)) &&
              E.isRight(eachOnce([a, advised]))
            );
          });
    },
};

/** What is said of a file on which a model is evaluated. */
export type TrainedOnLine = (
  trained: readonly DataRecord[],
  file: Pick<LabelledFile, 'path' | 'sha256'>,
) => string | null;

interface Evaluated {
  readonly trained: readonly DataRecord[];
  readonly other: DataRecord;
  /** Which file is evaluated: one of those, counted around, or the other. */
  readonly at: number | null;
}

export const trainingSamplesAreNamed: Law<TrainedOnLine, Evaluated> = {
  statement: 'of a file that a model was trained on, whichever of several, it is said by its name; of another nothing',
  cases: fc.record({
    trained: fc.uniqueArray(dataRecords, { minLength: 1, maxLength: 4, selector: ({ sha256 }) => sha256 }),
    other: dataRecords,
    at: fc.option(fc.nat({ max: 3 })),
  }),
  holds:
    (lineOf) =>
    ({ trained, other, at }) => {
      const { sha256 } = (at === null ? null : trained[at % trained.length]) ?? other;
      const isTrainedOn = trained.some((data) => data.sha256 === sha256);
      const line = lineOf(trained, { path: 'tr.npz', sha256 });
      return isTrainedOn ? line?.startsWith("--data: 'tr.npz': expected ") === true : line === null;
    },
};
