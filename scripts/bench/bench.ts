/** A benchmark from beginning to end: the experiments that are wanted, one after another. */
import { availableParallelism, cpus, loadavg } from 'node:os';

import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { copyFractions, exponents, threadGains } from '../../src/bench/derived.ts';
import type { BenchReport } from '../../src/bench/report.ts';
import type { CommandError } from '../exit.ts';
import { programVersion } from '../program-version.ts';
import { measured, nothingFound, type Experiment, type Findings } from './experiment.ts';
import { experiments } from './experiments.ts';
import { openLaboratory, type BenchOptions, type Laboratory } from './laboratory.ts';

/** The names of all rows that can be measured. */
export const rowNames: readonly string[] = experiments.flatMap(({ rows }) => rows);

/** Whether a name, of a row or of what its name begins with, asks for a row. */
export const asksFor = (name: string, row: string): boolean => row === name || row.startsWith(`${name}-`);

/** What is told while a benchmark runs. */
export interface BenchListener {
  readonly starts: (rows: readonly string[]) => void;
  readonly timed: () => void;
  readonly found: (findings: Findings) => void;
}

const conducted =
  (lab: Laboratory, wanted: (row: string) => boolean, listener: BenchListener) =>
  (before: Findings, experiment: Experiment): TaskEither<CommandError, Findings> =>
    pipe(
      experiment.entries(lab, wanted, before.rows),
      TE.map((entries) => entries.filter(({ name }) => wanted(name))),
      TE.chain(measured(lab, listener.timed)),
      TE.map((findings) => {
        listener.found(findings);
        return {
          rows: [...before.rows, ...findings.rows],
          checks: [...before.checks, ...findings.checks],
        };
      }),
    );

/** Runs the experiments that have a wanted row. */
export const benchmark = (
  options: BenchOptions,
  wanted: (row: string) => boolean,
  listener: BenchListener,
): TaskEither<CommandError, BenchReport> => {
  const facts = factsOf(options);
  const lab = openLaboratory(options);
  const conduct = conducted(lab, wanted, listener);
  return pipe(
    experiments.filter(({ rows }) => rows.some(wanted)),
    (chosen) =>
      chosen.reduce<TaskEither<CommandError, Findings>>(
        (before, experiment) =>
          pipe(
            before,
            TE.chainFirstIOK(() => () => {
              listener.starts(experiment.rows.filter(wanted));
            }),
            TE.chain((findings) => conduct(findings, experiment)),
          ),
        TE.right(nothingFound),
      ),
    TE.chainTaskK(({ rows, checks }) => async () => ({
      facts: { ...facts, peers: await lab.peersMet() },
      rows: [...rows, ...threadGains(rows), ...copyFractions(rows), ...exponents(rows)],
      checks,
    })),
    (task) => async () => task().finally(lab.close),
  );
};

const factsOf = ({ backend, threads, repetitions }: BenchOptions) => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown processor',
  cores: availableParallelism(),
  node: process.versions.node,
  version: programVersion,
  backend,
  threads,
  load: loadavg()[0] ?? NaN,
  repetitions,
});
