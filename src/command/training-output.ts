/** What `efnn train` says of a training. */
import * as E from 'fp-ts/lib/Either.js';

import { visible } from '../file/quoted.ts';
import { evaluationJson, type Evaluation } from '../training/evaluation.ts';
import type { TrainedModel } from '../training/trained-model.ts';
import type { RunError } from './command-error.ts';
import { outputLine } from './output-line.ts';

/** A trained model, and how it was got. */
export interface TrainingOutcome extends TrainedModel {
  /** Whether an earlier call had written it. */
  readonly wasThere: boolean;
}

/** Errors on what was held out, in a few words. */
export const validationText = ({ rmse, rmsePerDeviation }: Evaluation): string =>
  `validation RMSE ${rmse.toPrecision(3)}, RMSE / std ${rmsePerDeviation?.toPrecision(3) ?? '-'}`;

/** What was trained, for people or as JSON, with the errors on what was held out (null where nothing was). */
export const trainingOutput = (
  { out, json }: { readonly out: string; readonly json?: true },
  outcome: TrainingOutcome,
  validation: Evaluation | null,
): E.Either<RunError, string> => {
  const { network, epoch, loss, rateFactor, best, wasThere } = outcome;
  if (json === true) {
    return outputLine({
      ...{ file: out, model: network.architecture, ...network.shape, epochs: epoch, loss, rateFactor },
      ...(best === null ? {} : { bestEpoch: best.epoch }),
      ...(validation === null ? {} : { validation: evaluationJson(validation) }),
    });
  }
  const name = visible(out);
  const kept = best === null ? '' : `; kept the weights of epoch ${best.epoch}`;
  const halved = rateFactor === 1 ? '' : ', at half the rate: it had diverged before';
  const errors = validation === null ? '' : `; ${validationText(validation)}`;
  const described = `${network.architecture} after ${epoch} epochs, loss ${loss.toPrecision(3)} of the last epoch${halved}${kept}${errors}`;
  return E.right(wasThere ? `${name} is already complete: ${described}\n` : `wrote ${name}: ${described}\n`);
};
