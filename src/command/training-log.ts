/** The log of a training: a line of JSON for each epoch, for other programs. */
import type { Either } from 'fp-ts/lib/Either.js';

import type { TrainingPlan } from '../training/preparation.ts';
import type { Divergence } from '../training/divergence.ts';
import { rateAt } from '../training/schedule.ts';
import type { TrainingState } from '../training/train.ts';
import type { RunError } from './command-error.ts';
import { outputLine } from './output-line.ts';

/** The learning rate of the last step of an epoch. */
export const lastRate = ({ schedule, epochs }: TrainingPlan, { epoch, adam, rateFactor }: TrainingState): number => {
  const stepsPerEpoch = adam.step / epoch;
  return rateFactor * rateAt(schedule)({ step: adam.step - 1, steps: epochs * stepsPerEpoch, stepsPerEpoch });
};

/** What is said of an epoch beside its errors: loss and rate, in a few words. */
export const epochText = (plan: TrainingPlan, state: TrainingState): string =>
  `loss ${state.loss.toPrecision(3)}, rate ${lastRate(plan, state).toPrecision(3)}`;

/** The best epoch so far, in a few words; none where nothing chooses. */
export const bestText = ({ best }: Pick<TrainingState, 'best'>): string =>
  best === null ? '' : `; lowest validation RMSE ${best.rmse.toPrecision(3)}, after epoch ${best.epoch}`;

/** The line of an epoch: how far it is, its mean loss, the rate of its last step, seconds since this call began to train. */
export const logLine = (plan: TrainingPlan, state: TrainingState, seconds: number): Either<RunError, string> =>
  outputLine({
    ...{ epoch: state.epoch, epochs: plan.epochs, step: state.adam.step },
    ...{ loss: state.loss, rate: lastRate(plan, state), seconds },
    ...(state.best === null ? {} : { bestEpoch: state.best.epoch, bestRmse: state.best.rmse }),
  });

/** The line of a divergence: what was expected and got, and what the rates are multiplied by in the epochs that follow. */
export const divergenceLine = ({ message }: Divergence, seconds: number): Either<RunError, string> =>
  outputLine({ diverged: message, rateFactor: 0.5, seconds });

/** What is said of a divergence, on one line. */
export const divergenceText = ({ message }: Divergence): string =>
  `${message}: the training begins again at half the rate, once`;
