/** What `efnn evaluate` is given beside a model: spins to predict for, or labelled samples to compare with. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';

import type { LabelledFile } from '../dataset/data-set-file.ts';
import type { LabelledData } from '../dataset/data-set.ts';
import { hamiltonianDifference } from '../dataset/hamiltonian-difference.ts';
import type { CustomMeta, Meta } from '../dataset/meta.ts';
import { sizeOf } from '../dataset/spin-kind.ts';
import { spinBatch } from '../dataset/spin-tensor.ts';
import { quoted } from '../file/quoted.ts';
import { countOf, showShape, type Tensor } from '../file/tensor.ts';
import type { Shape } from '../network/network.ts';
import type { Configurations } from '../training/prediction.ts';
import type { DataRecord } from '../training/training-record.ts';
import { usageError, type UsageError } from './command-error.ts';

/** Refuses both --spins and --data, and neither. */
export const expectOneSource = ({
  spins,
  data,
}: {
  readonly spins?: string;
  readonly data?: readonly string[];
}): E.Either<UsageError, void> =>
  (spins === undefined) === (data === undefined)
    ? E.left(
        usageError(`expected --spins or --data, got ${spins === undefined ? 'neither' : 'both'}: give one of them`),
      )
    : E.right(undefined);

/** Configurations with the shape of the array that holds them. */
export interface ShapedConfigurations extends Configurations {
  /** The shape of the spins with the batch in front. */
  readonly shape: readonly number[];
}

const expectedShape = (shape: Shape): string =>
  shape.tag === 'dense' ? `[B, ${shape.sites}] or [${shape.sites}]` : '[B, 3, N, N] or [3, N, N]';

/** The spins of an array, if a network of this shape reads them. */
export const shapedConfigurations =
  (shape: Shape) =>
  (tensor: Tensor): E.Either<{ readonly message: string }, ShapedConfigurations> =>
    pipe(
      tensor,
      spinBatch(shape.tag === 'dense' ? 'scalars' : 'vectors'),
      E.filterOrElseW(
        ({ sampleShape }) => shape.tag !== 'dense' || sizeOf(sampleShape) === shape.sites,
        () =>
          usageError(
            `expected spins of shape ${expectedShape(shape)}, got ${showShape(tensor.shape)}: ` +
              'take spins of the system that the model was trained on',
          ),
      ),
      E.map(({ sampleShape, spins }) => {
        const count = spins.length / countOf(sampleShape);
        const latticeSize = shape.tag === 'dense' ? 1 : sizeOf(sampleShape);
        return { count, latticeSize, spins, shape: [count, ...sampleShape] };
      }),
    );

/** Labelled samples in a file, if a network of this shape reads them and they have the forces that are asked for. */
export const comparable =
  (forces: boolean, shape: Shape) =>
  (file: LabelledFile): E.Either<UsageError, LabelledFile> =>
    pipe(
      E.right(file),
      E.filterOrElse(
        (data) => suits(shape, data),
        (data) =>
          usageError(
            `--data: ${quoted(data.path)}: expected spins of shape ${expectedShape(shape)}, ` +
              `got [B, ${data.sampleShape.join(', ')}]: evaluate the model on data of its system`,
          ),
      ),
      E.filterOrElse(
        (data) => !forces || O.isSome(data.forces),
        ({ path }) =>
          usageError(
            `--forces: expected data with forces, got ${quoted(path)} without: generate them with --forces, or leave it out`,
          ),
      ),
    );

const suits = (shape: Shape, { sampleShape }: LabelledData): boolean =>
  shape.tag === 'dense' ? sampleShape.length === 1 && sampleShape[0] === shape.sites : sampleShape.length === 3;

/**
 * What is said where a model is compared with energies of another Hamiltonian than it was trained on, as far as both say; null
 * where nothing is.
 */
export const otherHamiltonianLine = (
  trained: CustomMeta | Meta | undefined,
  { path, meta }: Pick<LabelledFile, 'path' | 'meta'>,
): string | null => {
  const difference = trained === undefined ? null : hamiltonianDifference(trained, meta);
  return difference === null
    ? null
    : `--data: ${quoted(path)}: expected energies of the Hamiltonian that the model was trained on, got ${difference}: ` +
        'its errors are those of a network of another Hamiltonian';
};

/** What is said where a model is compared with a file that it was trained on; null where nothing is. */
export const trainedOnLine = (
  trained: readonly Pick<DataRecord, 'sha256'>[],
  { path, sha256 }: Pick<LabelledFile, 'path' | 'sha256'>,
): string | null =>
  trained.some((data) => data.sha256 === sha256)
    ? `--data: ${quoted(path)}: expected samples that the model was not trained on, got those that it was: their errors tell how ` +
      'well it fits, not how well it predicts; evaluate it on others'
    : null;
