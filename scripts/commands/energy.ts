/** `efnn energy`: exact Monte Carlo energies, and forces, of spin configurations in a .npy file. */
import { Command } from 'commander';
import { sequenceS } from 'fp-ts/lib/Apply.js';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';

import { readNpy } from '../../src/file/npy.ts';
import { showShape, type Tensor } from '../../src/file/tensor.ts';
import { spinConfiguration, type SpinConfiguration } from '../../src/lattice/spins.ts';
import { squareLattice } from '../../src/lattice/square-lattice.ts';
import type { Reals } from '../../src/number/reals.ts';
import { settle, usageError, usageErrorIn, type CommandError, type UsageError } from '../exit.ts';
import { batches, threadsFor } from '../generation/work-load.ts';
import { nested, type Nested } from '../../src/file/nested-array.ts';
import { optional, wholeNumber } from '../../src/command/option-value.ts';
import { allCores } from '../processors.ts';
import { startProgress } from '../progress.ts';
import { readFile } from '../read-file.ts';
import { exactEnergies, type EnergyJob, type ExactEnergy } from '../workers/exact-energy.ts';
import { doAll } from '../workers/pool.ts';
import {
  methodOf,
  modelOf,
  reachable,
  secondsPerEnergy,
  toleranceOf,
  withExactOptions,
  type ExactTexts,
} from './exact-options.ts';

interface Texts extends ExactTexts {
  readonly spins: string;
  readonly forces?: true;
  readonly threads?: string;
}

export const energyCommand = (): Command =>
  withExactOptions(
    new Command('energy')
      .description('exact energies (and forces dE/ds) of spin configurations of the double exchange model, as JSON')
      .requiredOption('--spins <file.npy>', 'unit spins [B, 3, N, N] or [3, N, N], float64 or float32, C order')
      .option('--forces', 'also the forces, in the shape of the spins'),
  )
    .option('--threads <n>', `threads (default: all cores, ${allCores})`)
    .option('--json', 'print one JSON value on stdout, which is what this command always does')
    .action((texts: Texts) => settle(energies(texts)));

const energies = (texts: Texts): TE.TaskEither<CommandError, void> =>
  pipe(
    TE.fromEither(
      sequenceS(E.Apply)({
        model: modelOf(texts),
        method: methodOf(texts),
        accuracy: toleranceOf(texts),
        threads: optional(wholeNumber(1, 1024), allCores)('threads', texts.threads),
      }),
    ),
    TE.chainFirstEitherKW((how) => reachable(how)),
    TE.bindW('configurations', () => configurationsIn(texts.spins)),
    TE.chainW(({ configurations, threads, accuracy, ...how }) =>
      computed({ ...how, ...accuracy, withForces: texts.forces === true, configurations }, threads),
    ),
    TE.map((found) => {
      process.stdout.write(`${JSON.stringify(report(found, texts.forces === true))}\n`);
    }),
  );

const computed = (job: EnergyJob, threads: number): TE.TaskEither<CommandError, readonly ExactEnergy[]> => {
  const seconds = secondsPerEnergy(job.configurations[0]?.size ?? 0, job.withForces, job.method);
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
      usageError(`expected spins of shape [B, 3, N, N] or [3, N, N], came ${showShape(shape)}: reshape them`),
    );
  }
  const length = 3 * rows * rows;
  return pipe(
    squareLattice(rows),
    E.filterOrElseW(
      () => count > 0,
      () => usageError('expected at least one spin configuration, came none: save some'),
    ),
    E.map(() => Array.from({ length: count }, (_, b) => values.subarray(b * length, (b + 1) * length))),
    E.chainW(E.traverseArrayWithIndex((b, spins) => inSample(b, spinConfiguration(rows, Float64Array.from(spins))))),
  );
};

const inSample = <A>(b: number, result: E.Either<{ readonly message: string }, A>): E.Either<UsageError, A> =>
  pipe(result, E.mapLeft(usageErrorIn(`configuration ${b}`)));

/** `{"energies": [B], "forces": [B][3][N][N]}`, the latter where they were asked for. */
const report = (found: readonly ExactEnergy[], withForces: boolean): unknown => ({
  energies: found.map(({ energy }) => energy),
  ...(withForces ? { forces: found.map(({ forces }) => latticeForces(forces ?? new Float64Array())) } : {}),
});

const latticeForces = (forces: Reals): Nested => {
  const size = Math.round(Math.sqrt(forces.length / 3));
  return nested([3, size, size])(forces);
};
