/** How wrong a network is on labelled samples, whether they were held out while it trained or come later. */
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';

import type { Backend, BackendError } from '../backend/backend.ts';
import type { Json } from '../file/canonical-json.ts';
import { networkProgram, type Network } from '../network/network.ts';
import type { Weights } from '../network/weights.ts';
import type { TypedProgram } from '../program/typecheck.ts';
import type { LabelledSamples } from './batch.ts';
import { errorMeasures, type ErrorMeasures } from './error-measures.ts';
import { compilePrediction } from './prediction.ts';
import { tangentialForces } from './tangential-forces.ts';

/** The errors of energies, and those of the components of the tangential forces where they are compared. */
export interface Evaluation extends ErrorMeasures {
  readonly forces?: ErrorMeasures;
}

/** Compiles a network and returns its errors as a function of weights and samples; forces are compared where both have them. */
export const compileEvaluation =
  (backend: Backend, wanted: { readonly forces: boolean }) =>
  (
    network: TypedProgram,
  ): TaskEither<
    BackendError,
    (weights: Weights) => (samples: LabelledSamples) => TaskEither<BackendError, Evaluation>
  > =>
    pipe(
      compilePrediction(backend, wanted)(network),
      TE.map(
        (predict) => (weights) => (samples) =>
          pipe(
            predict(weights)(samples),
            TE.map(({ energies, forces }) => {
              const tangential = tangentialForces(samples);
              return {
                ...errorMeasures(samples.energies)(energies),
                ...(forces === null || samples.forces === null
                  ? {}
                  : { forces: errorMeasures(tangential(samples.forces))(tangential(forces)) }),
              };
            }),
          ),
      ),
    );

/** The same of a network by its description; fails where it has no program, too. */
export const networkEvaluation =
  (backend: Backend, wanted: { readonly forces: boolean }) =>
  (
    network: Network,
  ): TaskEither<
    { readonly message: string },
    (weights: Weights) => (samples: LabelledSamples) => TaskEither<BackendError, Evaluation>
  > =>
    pipe(TE.fromEither(networkProgram(network)), TE.chainW(compileEvaluation(backend, wanted)));

/** An evaluation for `--json`. */
export const evaluationJson = ({ forces, ...energies }: Evaluation): Readonly<Record<string, Json>> => ({
  ...energies,
  ...(forces === undefined ? {} : { forces: { ...forces } }),
});
