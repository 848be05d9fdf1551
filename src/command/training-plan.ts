/** The options that describe a training, for data that are known. */
import { sequenceS } from 'fp-ts/lib/Apply.js';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { sampleCount, type LabelledData } from '../dataset/data-set.ts';
import { starts, type TrainingPlan } from '../training/preparation.ts';
import { usageError, type UsageError } from './command-error.ts';
import type { NetworkTexts } from './network-options.ts';
import { oneOf, optional, positive, wholeNumber } from './option-value.ts';

/** Their texts, as the command line has them, beside those of the network. */
export interface TrainingTexts extends NetworkTexts {
  readonly epochs?: string;
  readonly batch?: string;
  readonly rate?: string;
  readonly forces?: true;
  readonly forceWeight?: string;
  readonly weightDecay?: string;
  readonly clip?: string;
  readonly start?: string;
  readonly seed?: string;
}

/** Whether the samples are spins on a lattice, [3, N, N] each, and not on a chain, [L]. */
export const onLattice = ({ sampleShape }: LabelledData): boolean => sampleShape.length === 3;

/** The plan that the options describe. */
export const planOf = (texts: TrainingTexts, data: LabelledData): E.Either<UsageError, TrainingPlan> =>
  pipe(
    sequenceS(E.Apply)({
      start: optional(oneOf(...starts), onLattice(data) ? 'unit-variance' : 'published')('start', texts.start),
      seed: optional(wholeNumber(0), 1)('seed', texts.seed),
      epochs: optional(wholeNumber(1), 20)('epochs', texts.epochs),
      batch: optional(wholeNumber(1), Math.min(50, sampleCount(data)))('batch', texts.batch),
      peak: optional(positive(false), 5e-3)('rate', texts.rate),
      weightDecay: optional(positive(true), 0)('weight-decay', texts.weightDecay),
      clip: optional(positive(false), 20)('clip', texts.clip),
      forceWeight: optional(positive(true), 1)('force-weight', texts.forceWeight),
    }),
    E.filterOrElse(
      () => texts.forces !== true || data.forces._tag === 'Some',
      () => usageError('--forces: expected data with forces, got without: generate them with --forces'),
    ),
    E.filterOrElse(
      () => texts.forceWeight === undefined || texts.forces === true,
      () => usageError('--force-weight: expected with --forces, got without: add --forces'),
    ),
    E.map(({ peak, forceWeight, ...plan }) => ({
      ...plan,
      schedule: { tag: 'oneCycle', peak },
      forceWeight: texts.forces === true ? forceWeight : null,
    })),
  );
