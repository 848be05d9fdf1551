/** A benchmark from beginning to end: the experiments that are wanted, one after another. */
import { availableParallelism, cpus, loadavg } from 'node:os';

import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { asRunError, type RunError } from '../../src/command/command-error.ts';
import { copyFractions, exponents, threadGains } from '../../src/bench/derived.ts';
import { measured, nothingFound, type Experiment, type Findings } from '../../src/bench/experiment.ts';
import { experiments } from '../../src/bench/experiments.ts';
import type { BenchOptions, Laboratory } from '../../src/bench/laboratory.ts';
import type { BenchError } from '../../src/bench/timing.ts';
import type { BenchReport } from '../../src/bench/report.ts';
import { programVersion } from '../program-version.ts';
import { takingTurns } from '../timing.ts';
import { openLaboratory } from './laboratory.ts';

/** What is told while a benchmark runs. */
export interface BenchListener {
  readonly starts: (rows: readonly string[]) => void;
  readonly found: (findings: Findings) => void;
}

const conducted =
  (lab: Laboratory, wanted: (row: string) => boolean, listener: BenchListener) =>
  (before: Findings, experiment: Experiment): TaskEither<BenchError, Findings> =>
    pipe(
      experiment.entries(lab, wanted, before.rows),
      TE.map((entries) => entries.filter(({ name }) => wanted(name))),
      TE.chain(measured(lab.options, (rounds) => takingTurns(rounds, () => undefined))),
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
): TaskEither<RunError, BenchReport> => {
  const facts = factsOf(options);
  const lab = openLaboratory(options);
  const conduct = conducted(lab, wanted, listener);
  return pipe(
    experiments.filter(({ rows }) => rows.some(wanted)),
    (chosen) =>
      chosen.reduce<TaskEither<BenchError, Findings>>(
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
    TE.mapLeft(asRunError),
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
