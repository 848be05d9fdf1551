/** The table that compares networks shape by shape, beside the errors that it was made from. */
import fc from 'fast-check';

import { trains, type Job } from '../../src/study/job.ts';
import type { Law } from '../law.ts';
import type { Outcome } from '../../src/study/outcome.ts';
import { diverged, madeUp } from '../arbitraries/results.ts';
import type { Reporting } from './study-claims.ts';

interface Contests {
  /** The best other error over the EFNN's, for one layer, two, three. */
  readonly ratios: readonly number[];
  readonly seeds: number;
  /** The factor by which seeds differ in their ratios. */
  readonly turn: number;
  /** Whether all DNNs diverge but those of the first seed. */
  readonly isDnnAlone: boolean;
}

const ratio = fc.oneof(fc.double({ min: 0.2, max: 0.9, noNaN: true }), fc.double({ min: 1.1, max: 5, noNaN: true }));

/** What a table is of: a system of dense networks, or the lattice networks with these kernels that have rivals. */
const figures = { '2b': 'three-spin-binary', '2c': 'three-spin-continuous', '4b': 3, '4b-5': 5 } as const;

type Figure = keyof typeof figures;

const widthIn = (job: Job, figure: Figure): number | null => {
  if (job.tag === 'dense' && job.network.shape.tag === 'dense') {
    return job.system === figures[figure] ? job.network.shape.neurons : null;
  }
  return job.tag === 'lattice' && job.network.shape.tag === 'lattice' && job.network.shape.kernel === figures[figure]
    ? job.network.shape.channels
    : null;
};

/** Depth and width of all networks of a figure that are there beside a DNN, in the order of a table. */
const shapesOf = (jobs: readonly Job[], figure: Figure): readonly string[] =>
  [
    ...new Set(
      jobs.flatMap((job) => {
        const width = widthIn(job, figure);
        return width !== null && 'network' in job && job.network.architecture === 'dnn'
          ? [`${job.network.shape.layers} ${String(width).padStart(4)}`]
          : [];
      }),
    ),
  ].toSorted();

export const shapesAreCompared = (jobs: readonly Job[]): Law<Reporting, Contests> => ({
  statement:
    'each depth and width has its row, in their order, with the ratio of errors as it was made up; the EFNN is called better where it is so by ' +
    'three seeds that agree, and not where it is worse by three; fewer seeds, or seeds that disagree, decide nothing; a row has the seeds of the rival ' +
    'that has the fewest, and an interval where these are several',
  cases: fc.record({
    ratios: fc.tuple(ratio, ratio, ratio),
    seeds: fc.integer({ min: 1, max: 4 }),
    turn: fc.constantFrom(1, 1, 30),
    isDnnAlone: fc.boolean(),
  }),
  runs: 40,
  holds:
    (report) =>
    ({ ratios, seeds, turn, isDnnAlone }) => {
      const of = (layers: number): number => ratios[layers - 1] ?? NaN;
      const outcomes = madeUp(
        jobs,
        Array.from({ length: seeds }, (_, seed) => seed),
        (architecture, layers, _, seed) =>
          architecture === 'efnn' ? 1e-3 / (of(layers) * turn ** ((-1) ** seed)) : architecture === 'dnn' ? 2e-3 : 1e-3,
      ).map((one): Outcome =>
        isDnnAlone && trains(one.job) && one.job.network.architecture === 'dnn' && one.job.plan.seed > 0
          ? { ...one, result: diverged }
          : one,
      );
      const { sections } = report(outcomes);
      const fewest = isDnnAlone ? 1 : seeds;
      const [efnnWins, rest] = [turn ** ((seeds % 2) / seeds), turn > 1];
      return (['2b', '2c', '4b', '4b-5'] as const).every((figure) => {
        const table = sections.flatMap(({ tables }) => tables).find(({ id }) => id === `advantage-${figure}`);
        const { rows = [] } = table ?? {};
        return (
          rows.map(([n, W]) => `${n} ${String(W).padStart(4)}`).join() === shapesOf(jobs, figure).join() &&
          rows.every(([n, , found, from, to, count, verdict]) => {
            const expected = of(Number(n));
            const word = fewest < 3 || rest ? 'undecided' : expected > 1 ? 'holds' : 'does not hold';
            return (
              Math.abs(Number(found) / (expected * efnnWins) - 1) < 1e-9 &&
              (fewest === 1
                ? from === null && to === null
                : Number(from) <= Number(found) && Number(found) <= Number(to) && Number(from) > 0) &&
              count === fewest &&
              verdict === word
            );
          })
        );
      });
    },
});
