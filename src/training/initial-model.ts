/**
 * The model that training starts from: energy units taken from the labels, the pair head fitted, the weights drawn.
 *
 * The shift takes the mean energy per site, or what the fitted head leaves as constant; the scale takes the standard
 * deviation of what remains, so that the network proper learns a quantity of mean 0 and variance 1. Training on raw total
 * energies is badly conditioned: a sum over N^2 sites of a nearly constant number.
 */
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';

import { backendError, type Backend, type BackendError } from '../backend/backend.ts';
import type { Model } from '../network/fold-energy.ts';
import { initialWeights } from '../network/initial-weights.ts';
import { networkProgram, type Network, type Shape } from '../network/network.ts';
import type { Weights } from '../network/weights.ts';
import type { Reals } from '../number/reals.ts';
import type { TypedProgram } from '../program/typecheck.ts';
import { samplesAt, type LabelledSamples } from './batch.ts';
import { deviationOf, meanOf } from './error-measures.ts';
import { fitPairs, pairEnergies } from './pair-fit.ts';
import { unitVariance } from './unit-variance.ts';

/** How the weights begin: by the published uniform rule, or scaled layer by layer to unit variance. */
export type Start = 'published' | 'unit-variance';

/** How many configurations the unit-variance start looks at. */
const startSample = 64;

export interface InitialModel {
  readonly model: Model;
  readonly program: TypedProgram;
  /** The standard deviation of the energies that the network proper has to learn. */
  readonly deviation: number;
}

interface Units {
  readonly energyShift: number;
  readonly deviation: number;
  readonly fitted: Weights;
}

const sitesOf = (shape: Shape, { latticeSize }: LabelledSamples): number =>
  shape.tag === 'dense' ? shape.sites : latticeSize * latticeSize;

const without = (energies: Reals, known: Reals): Reals => energies.map((energy, index) => energy - (known[index] ?? 0));

const unitsOf = (shape: Shape, samples: LabelledSamples): Units => {
  if (shape.tag === 'lattice' && shape.pairHead) {
    const fit = fitPairs(shape.kernel)(samples);
    return {
      energyShift: fit.energyPerSite,
      deviation: deviationOf(without(samples.energies, pairEnergies(shape.kernel, fit)(samples))),
      fitted: { 'pair.weight': fit.kernel },
    };
  }
  return {
    energyShift: meanOf(samples.energies) / sitesOf(shape, samples),
    deviation: deviationOf(samples.energies),
    fitted: {},
  };
};

/** How many entries of order one the network sums: their sum has a standard deviation of about its square root. */
const summedEntries = (shape: Shape, samples: LabelledSamples): number =>
  shape.tag === 'dense' ? shape.neurons : sitesOf(shape, samples);

/** The model, its program, and the size of what it has to learn, from a description of the network and the labels. */
export const initialModel =
  (backend: Backend, seed: number, start: Start) =>
  (description: Network, samples: LabelledSamples): TaskEither<BackendError, InitialModel> => {
    const { energyShift, deviation, fitted } = unitsOf(description.shape, samples);
    const network: Network = {
      ...description,
      energyShift,
      energyScale: (deviation > 0 ? deviation : 1) / Math.sqrt(summedEntries(description.shape, samples)),
    };
    const sample = samplesAt(Array.from({ length: Math.min(startSample, samples.count) }, (_, i) => i))(samples);
    return pipe(
      networkProgram(network),
      E.mapLeft(({ message }) => backendError(message)),
      TE.fromEither,
      TE.chain((program) => {
        const drawn: Weights = { ...initialWeights(seed)(program), ...fitted };
        return pipe(
          start === 'published' ? TE.right(drawn) : unitVariance(backend)(program, sample)(drawn),
          TE.map((weights) => ({ model: { network, weights }, program, deviation })),
        );
      }),
    );
  };
