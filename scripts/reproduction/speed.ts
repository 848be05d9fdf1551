/** The time of one forward pass against one diagonalization, measured with nothing else running. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { energyMethods } from '../../src/exact/energy-method.ts';
import { publishedDoubleExchange } from '../../src/hamiltonian/double-exchange.ts';
import { sample } from '../../src/lattice/sampler.ts';
import { initialWeights } from '../../src/network/initial-weights.ts';
import { networkProgram } from '../../src/network/network.ts';
import type { SpeedJob } from '../../src/study/job.ts';
import type { ResultOf } from '../../src/study/result.ts';
import { compilePrediction } from '../../src/training/prediction.ts';
import { startBackend, type ChosenBackend } from '../backends.ts';
import { runError, type CommandError } from '../exit.ts';
import { startProgress } from '../progress.ts';
import { breath } from '../workers/pool.ts';

/** Something to be timed, for one lattice size. */
interface Contender {
  readonly size: number;
  readonly run: TaskEither<CommandError, unknown>;
}

interface Timed {
  readonly size: number;
  readonly seconds: number;
}

const seed = 3;

/** A timing below this is repeated and averaged: clocks and interruptions spoil shorter ones. */
const shortest = 0.01;

/** Seconds for one run of the contender: as many runs in a row as take long enough. */
const secondsOf = async ({ run }: Contender, runs = 1): Promise<E.Either<CommandError, number>> => {
  const start = performance.now();
  for (const task of Array.from({ length: runs }, () => run)) {
    const result = await task();
    if (E.isLeft(result)) {
      return result;
    }
  }
  const seconds = (performance.now() - start) / 1000;
  return seconds < shortest ? secondsOf({ size: 0, run }, 2 * runs) : E.right(seconds / runs);
};

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [Math.floor((sorted.length - 1) / 2), Math.ceil((sorted.length - 1) / 2)];
  return ((sorted[low] ?? NaN) + (sorted[high] ?? NaN)) / 2;
};

/** The median times of contenders that take turns, after a round that warms them up. */
const timed = (
  contenders: readonly Contender[],
  repetitions: number,
  advance: () => void,
): TaskEither<CommandError, readonly Timed[]> =>
  pipe(
    Array.from({ length: repetitions + 1 }, () => contenders).flat(),
    TE.traverseSeqArray((contender) => async () => {
      const seconds = await secondsOf(contender);
      advance();
      await breath();
      return seconds;
    }),
    TE.map((seconds) =>
      contenders.map(({ size }, i) => ({
        size,
        seconds: median(seconds.filter((_, turn) => turn >= contenders.length && turn % contenders.length === i)),
      })),
    ),
  );

const forwardPasses = (job: SpeedJob, chosen: ChosenBackend): TaskEither<CommandError, readonly Contender[]> =>
  pipe(
    TE.fromEither(networkProgram(job.network)),
    TE.bindTo('program'),
    TE.bindW('backend', () => startBackend(chosen)),
    TE.bindW('predict', ({ backend, program }) => compilePrediction(backend, { forces: false })(program)),
    TE.bimap(
      ({ message }) => runError(message),
      ({ predict, program }) => {
        const predictWith = predict(initialWeights(seed)(program));
        return job.forward.map((size) => {
          const { components } = sample('sphere')(size, seed, 0);
          return {
            size,
            run: pipe(
              predictWith({ count: 1, latticeSize: size, spins: components }),
              TE.mapLeft(({ message }): CommandError => runError(message)),
            ),
          };
        });
      },
    ),
  );

const diagonalizations = (job: SpeedJob): readonly Contender[] =>
  job.diagonalization.map((size) => {
    const spins = sample('sphere')(size, seed, 0);
    return {
      size,
      run: pipe(
        TE.fromIOEither(() => energyMethods.diagonalize.energy(publishedDoubleExchange)(spins)),
        TE.mapLeft(({ message }) => runError(message)),
      ),
    };
  });

/** Both take turns, so that a slow moment of the machine strikes both. */
export const speedResult = (job: SpeedJob, backend: ChosenBackend): TaskEither<CommandError, ResultOf<'speed'>> =>
  pipe(
    forwardPasses(job, backend),
    TE.chain((forward) => {
      const contenders = [...forward, ...diagonalizations(job)];
      const progress = startProgress('speed', 'timings', contenders.length * (job.repetitions + 1));
      return pipe(
        timed(contenders, job.repetitions, () => {
          progress.advance(1);
        }),
        TE.map((times): ResultOf<'speed'> => ({
          tag: 'speed',
          forward: times.slice(0, forward.length),
          diagonalization: times.slice(forward.length),
        })),
        (task) => async () => task().finally(progress.stop),
      );
    }),
  );
