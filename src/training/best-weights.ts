/** The best weights of a training: of all epochs, those whose energies are least wrong on samples that are held out. */
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { Weights } from '../network/weights.ts';

/** Which epoch was the best, from 1, and the RMSE that its weights have on what is held out. */
export interface BestEpoch {
  readonly epoch: number;
  readonly rmse: number;
}

/** The best epoch, and its weights. */
export interface BestWeights extends BestEpoch {
  readonly weights: Weights;
}

/** The better of two; the earlier of equals. What has no finite error is no better than nothing. */
export const better = (before: BestWeights | null, now: BestWeights): BestWeights | null =>
  Number.isFinite(now.rmse) && (before === null || now.rmse < before.rmse) ? now : before;

/** The RMSE that weights have on energies that are held out. */
export type HeldOutError = (weights: Weights) => TaskEither<{ readonly message: string }, number>;
