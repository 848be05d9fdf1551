/** Energies and forces that a network predicts for many configurations. */
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';

import { backendError, type Backend, type BackendError } from '../backend/backend.ts';
import type { Model } from '../network/model.ts';
import { networkProgram } from '../network/network.ts';
import type { Weights } from '../network/weights.ts';
import { wholeNumberFrom } from '../number/callers-mistake.ts';
import type { Reals } from '../number/reals.ts';
import { gradient, gradientName } from '../program/gradient.ts';
import { simplify } from '../program/simplify.ts';
import type { TypedProgram } from '../program/typecheck.ts';
import type { LabelledSamples } from './batch.ts';

/** Configurations: the part of labelled samples that a network reads. */
export type Configurations = Pick<LabelledSamples, 'count' | 'latticeSize' | 'spins'>;

/**
 * The first configurations of all, as many as there are up to a number.
 *
 * @throws RangeError unless that is a whole number of at least 0.
 */
export const firstConfigurations = (most: number, { count, latticeSize, spins }: Configurations): Configurations => {
  const looked = Math.min(wholeNumberFrom(0, 'a number of configurations', 'count them')(most), count);
  return { count: looked, latticeSize, spins: spins.subarray(0, (spins.length / count) * looked) };
};

/** What a network answers for some configurations, in the units of the energies that it was trained on. */
export interface Prediction {
  /** Total energies, shape [count]. */
  readonly energies: Reals;
  /** dE/ds, shaped like the spins, unless they were not asked for. */
  readonly forces: Reals | null;
}

/** Compiles a network and returns its prediction as a function of the configurations. */
export const compilePrediction =
  (backend: Backend, { forces }: { readonly forces: boolean }) =>
  (
    network: TypedProgram,
  ): TaskEither<
    BackendError,
    (weights: Weights) => (configurations: Configurations) => TaskEither<BackendError, Prediction>
  > =>
    pipe(
      forces ? pipe(network, gradient('energy', ['spins']), E.chain(simplify)) : E.right(network),
      TE.fromEither,
      TE.mapLeft(({ message }) => backendError(message)),
      TE.chain(backend.compile),
      TE.map(
        (executable) =>
          (weights) =>
          ({ count, latticeSize, spins }) =>
            pipe(
              executable.run({ parameters: weights, inputs: { spins }, latticeSize, batch: count }),
              TE.map((outputs) => ({
                energies: outputs['energy'] ?? new Float64Array(0),
                forces: forces ? (outputs[gradientName('energy', 'spins')] ?? null) : null,
              })),
            ),
      ),
    );

/** The predictions of a trained network; fails where its program is none, or the backend. */
export const modelPrediction =
  (backend: Backend, wanted: { readonly forces: boolean }) =>
  ({
    network,
    weights,
  }: Model): TaskEither<
    { readonly message: string },
    (configurations: Configurations) => TaskEither<BackendError, Prediction>
  > =>
    pipe(
      TE.fromEither(networkProgram(network)),
      TE.chainW(compilePrediction(backend, wanted)),
      TE.map((predict) => predict(weights)),
    );
