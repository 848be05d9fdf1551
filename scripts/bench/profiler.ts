/** The profiler of V8: in which functions a run is found, again and again. */
import type { Profiler } from 'node:inspector';
import { Session } from 'node:inspector/promises';

import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { Sampled } from '../../src/bench/step-parts.ts';
import { benchError, type BenchError } from '../../src/bench/timing.ts';
import { reasonOf } from '../../src/command/thrown.ts';

/** Between samples, in microseconds: on newer engines, to take more of them slows what is measured. */
const interval = 1000;

/** Runs are repeated for so long, in milliseconds: before the profile, so that engines have compiled their code, and during it. */
const duration = 500;

/** The profiler's own functions, which start it: each Node has its own. */
const isOwn = ({ functionName, url }: Profiler.ProfileNode['callFrame']): boolean =>
  url === 'node:inspector' || (functionName === 'dispatch' && url === '');

const sampledIn = ({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile, runs: number): readonly Sampled[] => {
  const seconds = new Map<number, number>();
  samples.forEach((id, i) => seconds.set(id, (seconds.get(id) ?? 0) + 1e-6 * (timeDeltas[i] ?? 0)));
  return nodes
    .filter(({ callFrame }) => !isOwn(callFrame))
    .map(({ id, callFrame: { functionName, url } }) => ({
      name: functionName,
      url,
      seconds: (seconds.get(id) ?? 0) / runs,
    }));
};

/** How the runs ended that could be done in the time, until one failed. */
const repeated = async (run: TaskEither<BenchError, unknown>): Promise<readonly E.Either<BenchError, unknown>[]> => {
  const start = performance.now();
  const endings = new Array<E.Either<BenchError, unknown>>();
  do {
    endings.push(await run());
  } while (!endings.some(E.isLeft) && performance.now() - start < duration);
  return endings;
};

/** What is found in the functions of a run, in seconds of one run. */
export const profiled = (run: TaskEither<BenchError, unknown>): TaskEither<BenchError, readonly Sampled[]> =>
  pipe(
    TE.tryCatch(
      async () => {
        await repeated(run);
        const session = new Session();
        session.connect();
        try {
          await session.post('Profiler.enable');
          await session.post('Profiler.setSamplingInterval', { interval });
          await session.post('Profiler.start');
          const endings = await repeated(run);
          const { profile } = await session.post('Profiler.stop');
          return endings.find(E.isLeft) ?? E.right(sampledIn(profile, endings.length));
        } finally {
          session.disconnect();
        }
      },
      (error) => benchError({ message: `expected a profile of a run, got a failure (${reasonOf(error)}): try again` }),
    ),
    TE.chainEitherK((found) => found),
  );
