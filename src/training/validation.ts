/** Errors on samples that are held out while a network is trained. */
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';

import type { Backend } from '../backend/backend.ts';
import type { Network } from '../network/network.ts';
import type { Weights } from '../network/weights.ts';
import type { LabelledData } from '../dataset/data-set.ts';
import { labelledSamples, type SampleSets } from './batch.ts';
import type { HeldOutError } from './best-weights.ts';
import { energyUnits } from './energy-units.ts';
import { networkEvaluation, type Evaluation } from './evaluation.ts';
import type { TrainingPlan } from './preparation.ts';

/** The errors of these weights on what was held out; null where nothing was. */
export type Validate = (weights: Weights) => TaskEither<{ readonly message: string }, Evaluation | null>;

/** A network, the samples that it is trained on, and those that are held out, if any are. */
export interface Validated {
  readonly network: Network;
  readonly samples: SampleSets;
  readonly heldOut: LabelledData | null;
  readonly plan: Pick<TrainingPlan, 'units'>;
}

/** Compiles the validation of a network in the units of the energies that it is trained on. */
export const validation =
  (backend: Backend, wanted: { readonly forces: boolean }) =>
  ({ network, samples, heldOut, plan }: Validated): TaskEither<{ readonly message: string }, Validate> =>
    heldOut === null
      ? TE.right(() => TE.right(null))
      : pipe(
          networkEvaluation(backend, wanted)(energyUnits(network, samples, plan.units).network),
          TE.map((evaluate) => (weights) => evaluate(weights)(labelledSamples(heldOut))),
        );

/** The error by which weights are kept: the root mean square of the energies that were held out; NaN where there are none. */
export const heldOutErrorBy =
  (validate: Validate): HeldOutError =>
  (weights) =>
    pipe(
      validate(weights),
      TE.map((errors) => errors?.rmse ?? NaN),
    );
