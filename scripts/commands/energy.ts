/** `efnn energy`: exact energies, and forces, of spin configurations in a .npy file. */
import { Command } from 'commander';
import { sequenceS } from 'fp-ts/lib/Apply.js';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import * as TE from 'fp-ts/lib/TaskEither.js';

import { alternatives } from '../../src/dataset/alternatives.ts';
import { labellingOf } from '../../src/dataset/recipe.ts';
import type { Labels } from '../../src/dataset/system.ts';
import { systemNames, systems, type SystemName } from '../../src/dataset/systems.ts';
import { batches, threadsFor } from '../../src/dataset/work.ts';
import { readNpy } from '../../src/file/npy.ts';
import type { Json } from '../../src/file/canonical-json.ts';
import { showShape, type Tensor } from '../../src/file/tensor.ts';
import { spinConfiguration, type SpinConfiguration } from '../../src/lattice/spins.ts';
import { squareLattice } from '../../src/lattice/square-lattice.ts';
import { settle, usageError, usageErrorIn, type CommandError, type UsageError } from '../exit.ts';
import { nested } from '../../src/file/nested-array.ts';
import { oneOf, optional, wholeNumber } from '../../src/command/option-value.ts';
import { outputLine } from '../../src/command/output-line.ts';
import { allCores } from '../processors.ts';
import { startProgress } from '../progress.ts';
import { readFile } from '../read-file.ts';
import { exactEnergies, type EnergyJob } from '../workers/exact-energy.ts';
import { doAll } from '../workers/pool.ts';
import { orderIn, usageErrorOf, withSystemOptions, type SystemTexts } from './system-options.ts';

interface Texts extends SystemTexts {
  readonly system?: string;
  readonly spins: string;
  readonly forces?: true;
  readonly threads?: string;
}

/** Systems whose energy follows from unit spins and parameters; others have couplings that a seed draws. */
const vectorSystems = systemNames.filter((name) => systems[name].spins === 'vectors');

const usualSystem = 'double-exchange';

export const energyCommand = (): Command =>
  withSystemOptions(
    new Command('energy')
      .description('exact energies (and forces dE/ds) of spin configurations, as JSON')
      .requiredOption('--spins <file.npy>', 'unit spins [B, 3, N, N] or [3, N, N], float64 or float32, C order')
      .option('--system <name>', `whose energies: ${alternatives(vectorSystems)} (default: ${usualSystem})`)
      .option('--forces', 'also the forces, in the shape of the spins'),
  )
    .option('--threads <n>', `threads (default: all cores, ${allCores})`)
    .option('--json', 'print one JSON value on stdout, which is what this command always does')
    .action((texts: Texts) => settle(energies(texts)));

const energies = (texts: Texts): TE.TaskEither<CommandError, void> =>
  pipe(
    TE.fromEither(
      sequenceS(E.Apply)({
        system: optional(oneOf<SystemName>(...vectorSystems), usualSystem)('system', texts.system),
        energy: orderIn(texts),
        threads: optional(wholeNumber(1, 1024), allCores)('threads', texts.threads),
      }),
    ),
    TE.bind('labelling', ({ system, energy }) =>
      pipe(labellingOf(system, { ...energy, forces: texts.forces === true }), E.mapLeft(usageErrorOf), TE.fromEither),
    ),
    TE.bindW('configurations', () => configurationsIn(texts.spins)),
    TE.chainW(({ system, labelling, configurations, threads }) => {
      const size = configurations[0]?.size ?? 0;
      return pipe(
        computed(
          {
            ...{ system, labelling: { ...labelling, size } },
            configurations: configurations.map(({ components }) => components),
          },
          threads,
        ),
        TE.map((found) => report(found, size)),
      );
    }),
    TE.chainEitherKW(outputLine),
    TE.map((line) => {
      process.stdout.write(line);
    }),
  );

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

const configurationsIn = (path: string): TE.TaskEither<UsageError, readonly SpinConfiguration[]> =>
  pipe(
    readFile(path),
    TE.chainEitherKW((bytes) => pipe(readNpy(bytes), E.chainW(configurationsOf))),
    TE.mapLeft(usageErrorIn('--spins')),
  );

/** The configurations of a tensor [B, 3, N, N] or [3, N, N]. */
const configurationsOf = ({
  shape,
  values,
}: Tensor): E.Either<{ readonly message: string }, readonly SpinConfiguration[]> => {
  const [count = 0, components, rows = 0, columns] = shape.length === 3 ? [1, ...shape] : shape;
  if ((shape.length !== 3 && shape.length !== 4) || components !== 3 || rows !== columns) {
    return E.left(
      usageError(`expected spins of shape [B, 3, N, N] or [3, N, N], got ${showShape(shape)}: reshape them`),
    );
  }
  const length = 3 * rows * rows;
  return pipe(
    squareLattice(rows),
    E.filterOrElseW(
      () => count > 0,
      () => usageError('expected at least one spin configuration, got none: save some'),
    ),
    E.map(() => Array.from({ length: count }, (_, b) => values.subarray(b * length, (b + 1) * length))),
    E.chainW(E.traverseArrayWithIndex((b, spins) => inSample(b, spinConfiguration(rows, Float64Array.from(spins))))),
  );
};

const inSample = <A>(b: number, result: E.Either<{ readonly message: string }, A>): E.Either<UsageError, A> =>
  pipe(result, E.mapLeft(usageErrorIn(`configuration ${b}`)));

/** `{"energies": [B], "forces": [B][3][N][N]}`, the latter where they were asked for. */
const report = (found: readonly Labels[], size: number): Json => {
  const forces = O.sequenceArray(found.map((labels) => labels.forces));
  return {
    energies: found.map(({ energy }) => energy),
    ...(O.isSome(forces) ? { forces: forces.value.map(nested([3, size, size])) } : {}),
  };
};
