/** A benchmark from beginning to end: the experiments that are wanted, one after another. */
import { availableParallelism, cpus, loadavg } from 'node:os';

import { pipe } from 'fp-ts/lib/function.js';
import type { Task } from 'fp-ts/lib/Task.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { asRunError, type RunError } from '../../src/command/command-error.ts';
import { copyFractions, exponents, networkGains, threadGains } from '../../src/bench/derived.ts';
import { secondsForTurns } from '../../src/bench/budget.ts';
import {
  checksOf,
  measured,
  nothingFound,
  together,
  type Entry,
  type Experiment,
  type Findings,
  type Side,
} from '../../src/bench/experiment.ts';
import { experiments } from '../../src/bench/experiments.ts';
import type { BenchOptions } from '../../src/bench/laboratory.ts';
import { besideOurPeers } from '../../src/bench/node-process.ts';
import type { BenchError } from '../../src/bench/timing.ts';
import type { BenchReport } from '../../src/bench/report.ts';
import { programVersion } from '../program-version.ts';
import { takingTurns } from '../timing.ts';
import { openLaboratory, type OpenLaboratory } from './laboratory.ts';

/** What is told while a benchmark runs. */
export interface BenchListener {
  readonly starts: (rows: readonly string[]) => void;
  /** After an experiment: what it found, and the report of all so far, to be kept. */
  readonly found: (findings: Findings, report: BenchReport) => TaskEither<RunError, unknown>;
  /** Rows for which no time is left. */
  readonly leavesOut: (rows: readonly string[]) => void;
}

/** An experiment that is ready: its entries beside our peers, and those of each process that is timed. */
interface Prepared {
  readonly entries: readonly Entry[];
  readonly sides: readonly Side[];
}

/** Where no process on this Node could be started, or none is wanted, this one is timed. */
const preparedBy =
  (lab: OpenLaboratory, wanted: (row: string) => boolean) =>
  (experiment: Experiment, before: Findings): TaskEither<BenchError, Prepared> =>
    pipe(
      experiment.entries(
        lab,
        wanted,
        before.rows.filter(({ node }) => node === process.versions.node),
      ),
      TE.map((entries) => entries.filter(({ name }) => wanted(name))),
      TE.bindTo('entries'),
      TE.bind('nodes', () => TE.fromTask(lab.nodes)),
      TE.bind('apart', ({ entries, nodes }) =>
        pipe(
          nodes,
          TE.traverseSeqArray(({ version, entries: entriesThere }) =>
            pipe(
              entriesThere([...new Set(entries.map(({ name }) => name))]),
              TE.map((theirs): Side => ({ node: version, entries: besideOurPeers(entries, theirs) })),
            ),
          ),
        ),
      ),
      TE.map(({ entries, apart }) => {
        const here: Side = { node: process.versions.node, entries };
        return { entries, sides: apart.some(({ node }) => node === here.node) ? apart : [here, ...apart] };
      }),
    );

const reportOf =
  (lab: OpenLaboratory, facts: Omit<BenchReport['facts'], 'peers' | 'nodes'>) =>
  ({ rows, checks }: Findings): Task<BenchReport> =>
  async () => ({
    facts: {
      ...facts,
      nodes: [...new Set([process.versions.node, ...(await lab.nodes()).map(({ version }) => version)])],
      peers: await lab.peersMet(),
    },
    rows: [...rows, ...threadGains(rows), ...copyFractions(rows), ...networkGains(rows), ...exponents(rows)],
    checks,
    refusals: lab.refusals(),
  });

/** Runs the experiments that have a wanted row, one after another, as long as there is time. */
export const benchmark = (
  options: BenchOptions,
  wanted: (row: string) => boolean,
  listener: BenchListener,
): TaskEither<RunError, BenchReport> => {
  const lab = openLaboratory(options);
  const reported = reportOf(lab, factsOf(options));
  const [prepared, start] = [preparedBy(lab, wanted), performance.now()];
  const chosen = experiments.filter(({ rows }) => rows.some(wanted));
  const conduct = (experiment: Experiment, seconds: number, before: Findings) =>
    pipe(
      prepared(experiment, before),
      TE.bind('rows', ({ sides }) =>
        pipe(sides, measured(takingTurns({ most: options.repetitions, seconds }, () => undefined))),
      ),
      TE.mapLeft(asRunError),
      TE.map(({ entries, rows }): Findings => ({ rows, checks: checksOf(entries) })),
      TE.bindTo('findings'),
      TE.let('all', ({ findings }) => together(before, findings)),
      TE.chainFirst(({ findings, all }) =>
        pipe(
          TE.fromTask(reported(all)),
          TE.chain((report) => listener.found(findings, report)),
        ),
      ),
      TE.map(({ all }) => all),
    );
  const after = (before: Findings, experiment: Experiment, index: number): TaskEither<RunError, Findings> => {
    const rows = experiment.rows.filter(wanted);
    const secondsLeft = 60 * options.minutes - (performance.now() - start) / 1000;
    const seconds = secondsForTurns({ secondsLeft, left: chosen.length - index, quick: options.quick });
    if (seconds === null) {
      listener.leavesOut(rows);
      return TE.right(before);
    }
    listener.starts(rows);
    return conduct(experiment, seconds, before);
  };
  return pipe(
    chosen.reduce<TaskEither<RunError, Findings>>(
      (before, experiment, index) =>
        pipe(
          before,
          TE.chain((findings) => after(findings, experiment, index)),
        ),
      TE.right(nothingFound),
    ),
    TE.chainTaskK(reported),
    (task) => async () => task().finally(lab.close),
  );
};

const factsOf = ({ backend, threads, repetitions }: BenchOptions) => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown processor',
  cores: availableParallelism(),
  version: programVersion,
  backend,
  threads,
  load: loadavg()[0] ?? NaN,
  repetitions,
});
