/** The options that describe a training, for data that are known. */
import { sequenceS } from 'fp-ts/lib/Apply.js';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import * as RNEA from 'fp-ts/lib/ReadonlyNonEmptyArray.js';
import type { ReadonlyNonEmptyArray } from 'fp-ts/lib/ReadonlyNonEmptyArray.js';

import { sampleCount, type LabelledData } from '../dataset/data-set.ts';
import type { LabelledFile } from '../dataset/data-set-file.ts';
import { hamiltonianDifference } from '../dataset/hamiltonian-difference.ts';
import { showShape } from '../file/tensor.ts';
import { networkProgram, type Network } from '../network/network.ts';
import { parameterTotal } from '../program/counts.ts';
import { labelledSamples } from '../training/batch.ts';
import type { ForceWeight } from '../training/force-weight.ts';
import { starts, type TrainingPlan } from '../training/preparation.ts';
import { rises } from '../training/schedule.ts';
import { showRecord, type DataRecord } from '../training/training-record.ts';
import type { TrainingOrder } from '../training/training-run.ts';
import { usageError, usageErrorIn, type UsageError } from './command-error.ts';
import { denseShape, latticeShape, networkOf, type NetworkTexts } from './network-options.ts';
import { oneCycle, scheduleValue } from './schedule-value.ts';
import { oneOf, optional, positiveSingle, wholeNumber } from './option-value.ts';

/** Their texts, as the command line has them, beside those of the network. */
export interface TrainingTexts extends NetworkTexts {
  readonly epochs?: string;
  readonly batch?: string;
  readonly rate?: string;
  readonly schedule?: string;
  readonly forces?: true;
  readonly forceWeight?: string;
  readonly weightDecay?: string;
  readonly clip?: string;
  readonly start?: string;
  readonly seed?: string;
  readonly units?: string;
  readonly keep?: string;
}

/** Whether the samples are spins on a lattice, [3, N, N] each, and not on a chain, [L]. */
export const onLattice = ({ sampleShape }: Pick<LabelledData, 'sampleShape'>): boolean => sampleShape.length === 3;

/**
 * Whether one network reads both: vectors on a lattice of any size, or as many numbers.
 *
 * @example
 * readAlike({ sampleShape: [3, 4, 4] }, { sampleShape: [3, 6, 6] }) // true
 */
export const readAlike = (one: Pick<LabelledData, 'sampleShape'>, other: Pick<LabelledData, 'sampleShape'>): boolean =>
  onLattice(one) ? onLattice(other) : showShape(one.sampleShape) === showShape(other.sampleShape);

/** The same data sets, if one network reads them all, and they are of one Hamiltonian as far as they say. */
export const ofOneKind = <Data extends ReadonlyNonEmptyArray<LabelledData>>(sets: Data): E.Either<UsageError, Data> => {
  const [first] = sets;
  const other = sets.find((data) => !readAlike(first, data));
  const difference = sets.map(({ meta }) => hamiltonianDifference(first.meta, meta)).find((one) => one !== null);
  if (other !== undefined) {
    return E.left(
      usageError(
        `--data: expected spins that one network reads, got [B, ${first.sampleShape.join(', ')}] and ` +
          `[B, ${other.sampleShape.join(', ')}]: train a network on each`,
      ),
    );
  }
  return difference === undefined
    ? E.right(sets)
    : E.left(
        usageError(
          `--data: expected energies of one Hamiltonian, got ${difference}: train a network on each${piecesAdvice}`,
        ),
      );
};

/** Random couplings follow from a seed, so that samples of one Hamiltonian are pieces of one run. */
const piecesAdvice = ' (pieces of one run are of one: generate --shard)';

/** The held-out data, if what is trained on one set can be measured on them: one network reads both, of one Hamiltonian as far as they say. */
export const heldOutFrom =
  (data: LabelledData) =>
  <HeldOut extends LabelledData>(heldOut: HeldOut): E.Either<UsageError, HeldOut> => {
    const difference = hamiltonianDifference(data.meta, heldOut.meta);
    if (!readAlike(data, heldOut)) {
      return E.left(
        usageError(
          `--validation: expected spins as those of --data, [B, ${data.sampleShape.join(', ')}], ` +
            `got [B, ${heldOut.sampleShape.join(', ')}]: hold out samples of the same system`,
        ),
      );
    }
    return difference === null
      ? E.right(heldOut)
      : E.left(
          usageError(
            `--validation: expected energies of the Hamiltonian of --data, got ${difference}: hold out samples of that one${piecesAdvice}`,
          ),
        );
  };

const sampleTotal = (sets: readonly LabelledData[]): number => sets.reduce((sum, data) => sum + sampleCount(data), 0);

/** The plan that the options describe. */
export const planOf = (
  texts: TrainingTexts,
  sets: ReadonlyNonEmptyArray<LabelledData>,
): E.Either<UsageError, TrainingPlan> =>
  pipe(
    sequenceS(E.Apply)({
      start: optional(oneOf(...starts), onLattice(sets[0]) ? 'unit-variance' : 'published')('start', texts.start),
      seed: optional(wholeNumber(0), 1)('seed', texts.seed),
      epochs: optional(wholeNumber(1), 20)('epochs', texts.epochs),
      batch: optional(wholeNumber(1), Math.min(50, sampleTotal(sets)))('batch', texts.batch),
      rate: optional(positiveSingle(false), 5e-3)('rate', texts.rate),
      scheduled: optional(scheduleValue, oneCycle)('schedule', texts.schedule),
      weightDecay: optional(positiveSingle(true), 0)('weight-decay', texts.weightDecay),
      clip: optional(positiveSingle(false), 20)('clip', texts.clip),
      units: optional(oneOf('labels', 'raw'), 'labels')('units', texts.units),
      forceWeight: optional<ForceWeight>(positiveSingle(true), 'balanced')('force-weight', texts.forceWeight),
    }),
    E.filterOrElse(
      ({ rate, scheduled }) => !rises(scheduled(rate)),
      ({ rate }) =>
        usageError(
          `--schedule: expected no rate above the first, ${rate} by --rate, got one that rises: give a FACTOR of at most 1, or a lower LAST`,
        ),
    ),
    E.filterOrElse(
      () => texts.forces !== true || sets.every(({ forces }) => O.isSome(forces)),
      () => usageError('--forces: expected data with forces, got without: generate them with --forces'),
    ),
    E.filterOrElse(
      () => texts.forceWeight === undefined || texts.forces === true,
      () => usageError('--force-weight: expected with --forces, got without: add --forces'),
    ),
    E.map(({ rate, scheduled, forceWeight, units, ...plan }) => ({
      ...plan,
      schedule: scheduled(rate),
      forceWeight: texts.forces === true ? forceWeight : null,
      ...(units === 'raw' ? { units } : {}),
    })),
  );

/** Which weights are kept: those of the lowest error on what is held out, or the last. */
type Kept = 'best' | 'last';

const keptOf = ({ keep }: TrainingTexts, heldOut: LabelledFile | null): E.Either<UsageError, Kept> =>
  pipe(
    optional<Kept>(oneOf('best', 'last'), heldOut === null ? 'last' : 'best')('keep', keep),
    E.filterOrElse(
      (kept) => kept === 'last' || heldOut !== null,
      () => usageError('--keep: expected last without --validation, got best: add held-out data by --validation'),
    ),
  );

/** A training, before it is known where it begins. */
export interface UnstartedTraining extends Omit<TrainingOrder, 'checkpoint' | 'heldOutError'> {
  readonly heldOut: LabelledFile | null;
  /** Whether what is held out chooses the weights. */
  readonly keep: Kept;
}

/** What a model remembers of a file of data. */
export const dataRecord = (file: LabelledFile): DataRecord => ({
  meta: file.meta,
  samples: sampleCount(file),
  sha256: file.sha256,
});

/** A weight, its gradient and its two moments in Adam, in float64. */
const bytesPerWeight = 4 * Float64Array.BYTES_PER_ELEMENT;

/** What 32 bits can address, and with it the WebAssembly of a backend. */
const mostBytes = 2 ** 32;

/** Refuses a network whose weights, with what trains them, fit into no memory. */
const trainable = (network: Network): E.Either<UsageError, unknown> =>
  pipe(
    networkProgram(network),
    E.mapLeft(({ message }) => usageError(message)),
    E.map(parameterTotal),
    E.filterOrElse(
      (weights) => weights * bytesPerWeight <= mostBytes,
      (weights) => {
        const [option, smaller] =
          network.shape.tag === 'dense'
            ? ['neurons', 'fewer --neurons or --layers']
            : ['channels', 'fewer --channels or --layers, or a smaller --kernel'];
        return usageError(
          `--${option}: expected a network of at most ${mostBytes / bytesPerWeight} weights, whose training fits into 4 GB, ` +
            `got ${weights}, which take ${Math.ceil((weights * bytesPerWeight) / 1e9)} GB: take ${smaller}`,
        );
      },
    ),
  );

/** The training that the options describe, of these files, on the backend of this name. */
export const trainingOrder = (
  texts: TrainingTexts,
  files: ReadonlyNonEmptyArray<LabelledFile>,
  heldOut: LabelledFile | null,
  backend: string,
): E.Either<UsageError, UnstartedTraining> =>
  pipe(
    sequenceS(E.Apply)({
      network: networkOf(
        texts,
        onLattice(files[0]) ? latticeShape(texts) : denseShape(texts, files[0].sampleShape[0] ?? 0),
      ),
      plan: planOf(texts, files),
      keep: keptOf(texts, heldOut),
    }),
    E.chainFirst(({ network }) => trainable(network)),
    E.bindW('run', ({ network, plan, keep }) =>
      pipe(
        showRecord({
          ...{ network, plan, data: files.map(dataRecord), backend },
          ...(keep === 'best' && heldOut !== null ? { chosenOn: dataRecord(heldOut) } : {}),
        }),
        E.mapLeft(usageErrorIn('--data')),
      ),
    ),
    E.map((started) => ({ ...started, samples: RNEA.map(labelledSamples)(files), heldOut })),
  );
