/** A generation from its journal, or from nothing, to the whole data set: pieces on all threads, each kept when done. */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { sampleCount, type DataSet } from '../../src/dataset/data-set.ts';
import { secondsBefore, secondsPerSample } from '../../src/dataset/recipe.ts';
import { threadsFor, unitsPerJob } from '../../src/dataset/work.ts';
import { assembled, remaining, rowCount } from '../../src/provenance/journal.ts';
import { configurationsOf, secondsOf, type Run } from '../../src/provenance/run.ts';
import { runError, type CommandError } from '../../src/command/command-error.ts';
import type { JournalFile } from '../journal-file.ts';
import { startProgress } from '../progress.ts';
import type { GenerationJob } from '../../src/provenance/generation-job.ts';
import { generation } from '../workers/generation.ts';
import { doAll } from '../workers/pool.ts';

/**
 * The data set of a run. A run that fails by its own recipe takes its journal away: there is nothing to go on to, and what is done
 * instead, by another method say, would be refused beside the journal of this run.
 */
export const runGeneration =
  (run: Run, threads: number) =>
  (journal: JournalFile): TaskEither<CommandError, DataSet> => {
    const { recipe, part } = run;
    const range = configurationsOf(run);
    const perJob = unitsPerJob(secondsPerSample(recipe), secondsBefore(recipe));
    const left = remaining(range, journal.pieces, perJob);
    const jobs = left.map((piece): GenerationJob => ({
      ...{ recipe, range: piece },
      ...(part.checks === null ? {} : { checks: { ...part.checks, from: range.first } }),
    }));
    const done = rowCount(journal.pieces);
    const seconds = secondsOf(
      run,
      left.reduce((sum, { count }) => sum + count, 0),
    );
    if (done > 0) {
      process.stderr.write(
        `efnn: going on with a run that was stopped: ${done} of ${part.rows.count} samples are there\n`,
      );
    }
    const progress = startProgress(recipe.system, 'samples', part.rows.count - done);
    return pipe(
      doAll(generation, threadsFor(threads, seconds))(jobs, {
        progress: () => undefined,
        result: (piece) => {
          journal.append(piece);
          progress.advance(sampleCount(piece));
        },
      }),
      TE.chainEitherKW((made) => assembled([...journal.pieces, ...made])),
      TE.mapLeft(({ message, tag }): CommandError => (tag === 'UsageError' ? { tag, message } : runError(message))),
      TE.orElseFirstIOK(({ tag }) => () => {
        if (tag === 'UsageError') {
          journal.remove();
        }
      }),
      (task) => async () => task().finally(progress.stop),
    );
  };
