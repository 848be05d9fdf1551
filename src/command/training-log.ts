/** The log of a training: a line of JSON for each epoch, for other programs. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { z } from 'zod';

import { dataError, type DataError } from '../file/data-error.ts';
import { parseJson, utf8 } from '../file/parse-json.ts';
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

/** A line of a log, as far as it is looked at. */
const lineSchema = z.union([z.object({ epoch: z.number() }), z.object({ diverged: z.string() })]);

const isLine = (text: string): boolean =>
  pipe(
    parseJson('a line of a log')(text),
    E.exists((value) => lineSchema.safeParse(value).success),
  );

/** What half a line begins with, where it is long enough to tell. */
const isHalfLine = (text: string): boolean =>
  ['{"epoch":', '{"diverged":'].some((start) => text.startsWith(start) || start.startsWith(text));

/**
 * The log in these bytes as another run goes on with it: without the half line at its end that a power cut can leave, whose
 * epoch is done again. Fails for what is no log of a training.
 */
export const logToGoOn = (bytes: Uint8Array): Either<DataError, string> =>
  pipe(
    utf8('the log of a training', bytes),
    E.chain((text) => {
      const whole = text.slice(0, text.lastIndexOf('\n') + 1);
      const rest = text.slice(whole.length);
      const lines = whole.split('\n').slice(0, -1);
      const strange = [...lines, ...(isHalfLine(rest) ? [] : [rest])].findIndex((line) => !isLine(line));
      return strange === -1
        ? E.right(isLine(rest) ? `${text}\n` : whole)
        : E.left(
            dataError(`expected the log of a training, got another text in line ${strange + 1}: name another file`),
          );
    }),
  );
