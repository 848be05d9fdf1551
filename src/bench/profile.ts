/**
 * Where the time of a training step goes: a row for each class of passes, from the samples of a profiler; beside those that correlations
 * become, the time that their arithmetic takes at the peak.
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { Entry, EntryPeer, Experiment } from './experiment.ts';
import type { CorrelationPart, Laboratory } from './laboratory.ts';
import { operationsPerVector, peakPeer } from './roofline.ts';
import { leastSeconds, secondsOfParts, stepParts, type StepPart } from './step-parts.ts';
import { benchError, type BenchError, type Timing } from './timing.ts';
import { epochRun, stepLoss, trainingSteps, type TrainingStep } from './training.ts';

const rowOf = ({ name }: TrainingStep, part: StepPart | 'all'): string => `profile-${name}-${part}`;

const isCounted = (part: StepPart): part is CorrelationPart =>
  part === 'spectra' || part === 'products' || part === 'inverse' || part === 'gradients';

/**
 * Timings of the parts of a run. A profile gives all of them: each asks for a new one where the last was asked for that part before,
 * so that in turns there is one profile a round.
 */
export const partTimings = (
  profile: TaskEither<BenchError, Readonly<Record<StepPart, number>>>,
): ((part: StepPart | 'all') => Timing) => {
  const left = new Map<StepPart | 'all', number>();
  const taken = (part: StepPart | 'all'): number | undefined => {
    const seconds = left.get(part);
    left.delete(part);
    return seconds;
  };
  return (part) => async () => {
    const known = taken(part);
    if (known !== undefined) {
      return E.right({ wall: known, cpu: known });
    }
    const found = await profile();
    if (E.isRight(found)) {
      left.set(
        'all',
        stepParts.reduce((sum, each) => sum + found.right[each], 0),
      );
      stepParts.forEach((each) => left.set(each, Math.max(leastSeconds, found.right[each])));
    }
    return pipe(
      found,
      E.map(() => taken(part) ?? NaN),
      E.map((seconds) => ({ wall: seconds, cpu: seconds })),
    );
  };
};

const entriesOf = (lab: Laboratory, step: TrainingStep): TaskEither<BenchError, readonly Entry[]> =>
  pipe(
    TE.Do,
    TE.bind('run', () => epochRun(lab, step)),
    TE.bind('loss', () => stepLoss(step)),
    TE.let('work', ({ loss }) => lab.correlationWork(loss)(step.size, step.batch)),
    TE.let('timing', ({ run }) =>
      partTimings(
        pipe(
          lab.profile(run),
          TE.map((samples) =>
            secondsOfParts(samples.map((sample) => ({ ...sample, seconds: sample.seconds / step.steps }))),
          ),
        ),
      ),
    ),
    TE.chain(({ work, timing }) => {
      const entry = (part: StepPart | 'all', peer: EntryPeer | null): Entry => ({
        name: rowOf(step, part),
        threads: 1,
        quantity: { tag: 'part' },
        ours: timing(part),
        peer,
      });
      return pipe(
        // A network without correlations has no part of them.
        stepParts.filter((part) => !isCounted(part) || work[part] > 0),
        TE.traverseSeqArray((part) =>
          isCounted(part)
            ? pipe(
                peakPeer(lab, operationsPerVector * work[part]),
                TE.map((peer) => entry(part, peer)),
              )
            : TE.right(entry(part, null)),
        ),
        TE.map((parts) => [entry('all', null), ...parts]),
      );
    }),
    TE.mapLeft(benchError),
  );

/** One experiment a kind of step. */
export const profileExperiments: readonly Experiment[] = trainingSteps.map((step) => ({
  rows: [rowOf(step, 'all'), ...stepParts.map((part) => rowOf(step, part))],
  entries: (lab) => (lab.options.backend === 'wasm' ? entriesOf(lab, step) : TE.right([])),
}));
