/** `efnn energy`: exact energies, and forces, of spin configurations in a .npy file. */
import type { Command } from 'commander';
import { sequenceS } from 'fp-ts/lib/Apply.js';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';

import { alternatives } from '../../src/dataset/alternatives.ts';
import { fits, labellingOf } from '../../src/dataset/recipe.ts';
import { sizeOf } from '../../src/dataset/spin-kind.ts';
import { configurationsOf, spinBatch } from '../../src/dataset/spin-tensor.ts';
import type { Labels } from '../../src/dataset/system.ts';
import { systemNames, systems, type SystemName } from '../../src/dataset/systems.ts';
import { batches, threadsFor } from '../../src/dataset/work.ts';
import { readNpy } from '../../src/file/npy.ts';
import { squareLattice } from '../../src/lattice/square-lattice.ts';
import { usageErrorIn, type CommandError, type UsageError } from '../../src/command/command-error.ts';
import { settle } from '../exit.ts';
import { energiesJson } from '../../src/command/energies.ts';
import { oneOf, optional, wholeNumber } from '../../src/command/option-value.ts';
import { energyOrder, usageErrorOf, type SystemTexts } from '../../src/command/system-options.ts';
import { outputLine } from '../../src/command/output-line.ts';
import { allCores } from '../processors.ts';
import { startProgress } from '../progress.ts';
import { readFile } from '../read-file.ts';
import type { EnergyJob } from '../../src/dataset/energy-job.ts';
import { exactEnergies } from '../workers/exact-energy.ts';
import { doAll } from '../workers/pool.ts';
import { withSystemOptions } from './system-options.ts';

interface Texts extends SystemTexts {
  readonly system?: string;
  readonly spins: string;
  readonly forces?: true;
  readonly threads?: string;
}

/** Systems whose energy follows from unit spins and parameters; others have couplings that a seed draws. */
const vectorSystems = systemNames.filter((name) => systems[name].spins === 'vectors');

const usualSystem = 'double-exchange';

const help = `
An energy is the total of one configuration, in the units of its system:
${vectorSystems.map((name) => `${systems[name].units} (${name})`).join('; ')}.`;

/** The options and the action of `efnn energy`, added to a command. */
export const energyCommand = (command: Command): Command =>
  withSystemOptions(
    command
      .requiredOption(
        '--spins <file.npy>',
        'unit spins [B, 3, N, N] or [3, N, N], float64 or float32, in C or Fortran order',
      )
      .option('--system <name>', `whose energies: ${alternatives(vectorSystems)} (default: ${usualSystem})`)
      .option('--forces', 'also the forces, in the shape of the spins'),
  )
    .option('--threads <n>', `threads (default: all cores, ${allCores})`)
    .option('--json', 'print one JSON value on stdout, which is what this command always does')
    .addHelpText('after', help)
    .action((texts: Texts) => settle(energies(texts)));

const energies = (texts: Texts): TE.TaskEither<CommandError, void> =>
  pipe(
    TE.fromEither(
      sequenceS(E.Apply)({
        system: optional(oneOf<SystemName>(...vectorSystems), usualSystem)('system', texts.system),
        energy: energyOrder(texts),
        threads: optional(wholeNumber(1, 1024), allCores)('threads', texts.threads),
      }),
    ),
    TE.bind('labelling', ({ system, energy }) =>
      pipe(labellingOf(system, { ...energy, forces: texts.forces === true }), E.mapLeft(usageErrorOf), TE.fromEither),
    ),
    TE.bindW('found', () => configurationsIn(texts.spins)),
    TE.chainFirstEitherKW(({ system, labelling: { method, forces }, found: { size } }) =>
      pipe(fits(system, { size, method, forces }), E.mapLeft(usageErrorIn('--spins'))),
    ),
    TE.chainW(({ system, labelling, found: { size, configurations }, threads }) =>
      pipe(
        computed(
          {
            ...{ system, labelling: { ...labelling, size } },
            configurations,
          },
          threads,
        ),
        TE.map((found) => energiesJson(found, size)),
      ),
    ),
    TE.chainEitherKW(outputLine),
    TE.map((line) => {
      process.stdout.write(line);
    }),
  );

interface Configurations {
  /** N. */
  readonly size: number;
  /** Unit spins, [3, N, N] each. */
  readonly configurations: EnergyJob['configurations'];
}

const computed = (job: EnergyJob, threads: number): TE.TaskEither<CommandError, readonly Labels[]> => {
  const seconds = systems[job.system].seconds(job.labelling);
  const jobs = batches(job.configurations, seconds).map((configurations) => ({ ...job, configurations }));
  const progress = startProgress('energies', 'configurations', job.configurations.length);
  return pipe(
    doAll(exactEnergies, threadsFor(threads, seconds * job.configurations.length))(jobs, {
      progress: () => undefined,
      result: (results) => {
        progress.advance(results.length);
      },
    }),
    TE.map((results) => results.flat()),
    (task) => async () => task().finally(progress.stop),
  );
};

const configurationsIn = (path: string): TE.TaskEither<UsageError, Configurations> =>
  pipe(
    readFile(path),
    TE.chainEitherKW(readNpy),
    TE.chainEitherKW(spinBatch('vectors')),
    TE.bindTo('batch'),
    TE.bindW('lattice', ({ batch }) => TE.fromEither(squareLattice(sizeOf(batch.sampleShape)))),
    TE.map(({ batch, lattice: { size } }) => ({ size, configurations: configurationsOf(batch) })),
    TE.mapLeft(usageErrorIn('--spins')),
  );
