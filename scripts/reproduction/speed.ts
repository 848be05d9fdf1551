/** The time of one forward pass against those of one exact energy, measured with the load of the machine beside it. */
import { loadavg } from 'node:os';

import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { asRunError, runError, type CommandError } from '../../src/command/command-error.ts';
import type { Spent } from '../../src/bench/timing.ts';
import { energyMethods, type EnergyMethod } from '../../src/exact/energy-method.ts';
import { publishedDoubleExchange } from '../../src/hamiltonian/double-exchange.ts';
import { sample } from '../../src/lattice/sampler.ts';
import { initialWeights } from '../../src/network/initial-weights.ts';
import { networkProgram } from '../../src/network/network.ts';
import type { SpeedJob } from '../../src/study/job.ts';
import type { ResultOf } from '../../src/study/result.ts';
import { compilePrediction } from '../../src/training/prediction.ts';
import { startBackend, type ChosenBackend } from '../backends.ts';
import { startProgress } from '../progress.ts';
import { takingTurns, timingOf } from '../timing.ts';

/** Something to be timed, for one lattice size. */
interface Contender {
  readonly size: number;
  readonly timing: TaskEither<CommandError, Spent>;
}

const seed = 3;

const forwardPasses = (job: SpeedJob, chosen: ChosenBackend): TaskEither<CommandError, readonly Contender[]> =>
  pipe(
    TE.fromEither(networkProgram(job.network)),
    TE.bindTo('program'),
    TE.bindW('backend', () => startBackend(chosen)),
    TE.bindW('predict', ({ backend, program }) => compilePrediction(backend, { forces: false })(program)),
    TE.bimap(asRunError, ({ predict, program }) => {
      const predictWith = predict(initialWeights(seed)(program));
      return job.forward.map((size) => {
        const { components } = sample('sphere')(size, seed, 0);
        return {
          size,
          timing: timingOf(
            pipe(
              predictWith({ count: 1, latticeSize: size, spins: components }),
              TE.mapLeft(({ message }): CommandError => runError(message)),
            ),
          ),
        };
      });
    }),
  );

const exactEnergies = (method: EnergyMethod, sizes: readonly number[]): readonly Contender[] => {
  // What depends on the model alone, as poles and weights, is made before.
  const energyOf = method.energy(publishedDoubleExchange);
  return sizes.map((size) => {
    const spins = sample('sphere')(size, seed, 0);
    return {
      size,
      timing: timingOf(
        pipe(
          TE.fromIOEither(() => energyOf(spins)),
          TE.mapLeft(({ message }): CommandError => runError(message)),
        ),
      ),
    };
  });
};

/** All take turns, so that a slow moment of the machine strikes all. */
export const speedResult = (job: SpeedJob, backend: ChosenBackend): TaskEither<CommandError, ResultOf<'speed'>> =>
  pipe(
    forwardPasses(job, backend),
    TE.chain((forward) => {
      const [load = null] = loadavg();
      const diagonalization = exactEnergies(energyMethods.diagonalize, job.diagonalization);
      const poles = exactEnergies(energyMethods.poles, job.poles);
      const contenders = [...forward, ...diagonalization, ...poles];
      const progress = startProgress('speed', 'timings', contenders.length * (job.repetitions + 1));
      return pipe(
        contenders.map(({ timing }) => timing),
        takingTurns({ most: job.repetitions, seconds: Infinity }, () => {
          progress.advance(1);
        }),
        TE.map((times): ResultOf<'speed'> => {
          const timesOf = (some: readonly Contender[]) =>
            some.map((contender) => ({
              size: contender.size,
              seconds: times[contenders.indexOf(contender)]?.median.wall ?? NaN,
            }));
          return {
            tag: 'speed',
            ...{ forward: timesOf(forward), diagonalization: timesOf(diagonalization), poles: timesOf(poles) },
            load,
          };
        }),
        (task) => async () => task().finally(progress.stop),
      );
    }),
  );
