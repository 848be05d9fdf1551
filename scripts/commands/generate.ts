/** `efnn generate`: data sets with exact labels, as .npz files. */
import { Command } from 'commander';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { isNonEmpty } from 'fp-ts/lib/ReadonlyArray.js';
import * as TE from 'fp-ts/lib/TaskEither.js';

import { concatenated, sampleCount, type DataSet } from '../../src/dataset/data-set.ts';
import { writeNpz } from '../../src/dataset/npz.ts';
import { recipeOf, type Plan } from '../../src/dataset/plan.ts';
import { pieces, shard, type Range } from '../../src/dataset/shard.ts';
import { countOf } from '../../src/dataset/tensor.ts';
import { largestZip } from '../../src/dataset/zip.ts';
import { runError, settle, usageError, usageErrorIn, type CommandError, type UsageError } from '../exit.ts';
import { optional, wholeNumber } from '../option-value.ts';
import { startProgress } from '../progress.ts';
import { generation } from '../workers/generation.ts';
import { allCores, doAll } from '../workers/pool.ts';
import { expectWritable, writeFile } from '../write-file.ts';
import { secondsPerEnergy, withExactOptions } from './exact-options.ts';
import { planOf, publishedCount, type PlanTexts } from './generation-plan.ts';
import { threadsFor, unitsPerJob } from './work-load.ts';

interface Texts extends PlanTexts {
  readonly samples?: string;
  readonly shard?: string;
  readonly threads?: string;
  readonly out: string;
  readonly json?: true;
}

export const generateCommand = (): Command =>
  withExactOptions(
    new Command('generate')
      .description('a data set with exact energies (and forces dE/ds), as .npz')
      .argument('<system>', 'three-spin-binary, three-spin-continuous or double-exchange')
      .option('--samples <n>', 'how many samples; the published three-spin data have 20000')
      .requiredOption('--out <file.npz>', 'the file to write')
      .option('--seed <s>', "sample b depends on seed and b alone (default: 0; published: the authors' 17 or 100)")
      .option('--size <N>', 'N of the N x N lattice (default: 10), or the number of three-spin sites (default: 15)')
      .option('--sampler <name>', 'sphere, angles or published (default: sphere; three-spin: uniform or published)')
      .option('--forces', 'also the forces, in the shape of the spins')
      .option('--shard <i/n>', 'only piece i of n, counted from 1; the pieces make up the whole'),
  )
    .option('--threads <n>', `threads (default: all cores, ${allCores})`)
    .option('--json', 'print what was written as one JSON value on stdout')
    .action((system: string, texts: Texts) => settle(generated(system, texts)));

const generated = (system: string, texts: Texts): TE.TaskEither<CommandError, void> =>
  pipe(
    TE.fromEither(planOf(system, texts)),
    TE.bindTo('plan'),
    TE.bindW('range', ({ plan }) => TE.fromEither(rangeOf(plan, texts))),
    TE.bindW('threads', () => TE.fromEither(optional(wholeNumber(1, 1024), allCores)('threads', texts.threads))),
    TE.chainFirstW(({ plan, range }) => TE.fromEither(possible(plan, range))),
    TE.chainFirstW(() => expectWritable(texts.out)),
    TE.chainW(({ plan, range, threads }) => made(plan, range, threads)),
    TE.chainFirstW((data) => writeFile(texts.out, writeNpz(data))),
    TE.map((data) => {
      process.stdout.write(summary(texts, data));
    }),
  );

const summary = ({ out, json }: Texts, data: DataSet): string => {
  const { firstIndex, seed } = data.meta;
  return json === true
    ? `${JSON.stringify({ file: out, samples: sampleCount(data), ...data.meta })}\n`
    : `wrote ${out}: samples ${firstIndex} to ${firstIndex + sampleCount(data) - 1} of seed ${seed}\n`;
};

/** Which samples: all of them, or a shard. */
const rangeOf = (plan: Plan, texts: Texts): E.Either<UsageError, Range> =>
  pipe(
    texts.samples === undefined ? publishedCount(plan) : wholeNumber(1)('samples', texts.samples),
    E.bindTo('samples'),
    E.bind('part', () => shardOf(texts.shard ?? '1/1')),
    E.chain(({ samples, part: [i, n] }) => pipe(shard(samples, i, n), E.mapLeft(usageErrorIn('--shard')))),
  );

const shardOf = (text: string): E.Either<UsageError, readonly [number, number]> => {
  const [, i, n] = /^(\d{1,15})\/(\d{1,15})$/.exec(text) ?? [];
  return i === undefined || n === undefined
    ? E.left(usageError(`--shard: expected i/n, came '${text}': write it as in --shard 1/4`))
    : E.right([Number(i), Number(n)]);
};

/** Refuses what no recipe makes, and what would not fit into one file. */
const possible = (plan: Plan, { first, count }: Range): E.Either<UsageError, void> =>
  pipe(
    recipeOf(plan),
    E.mapLeft(usageErrorIn(plan.system)),
    E.filterOrElse(
      ({ available }) => first + count <= available,
      ({ available }) => usageError(`--samples: expected at most ${available}, came ${first + count}: ask for fewer`),
    ),
    E.filterOrElse(
      ({ sampleShape }) => bytes(count, sampleShape, plan.forces) < largestZip,
      () => usageError(`--samples: ${count} samples do not fit into one .npz file of 4 GB: use --shard`),
    ),
    E.map(() => undefined),
  );

const bytes = (count: number, sampleShape: readonly number[], withForces: boolean): number =>
  8 * count * ((withForces ? 2 : 1) * countOf(sampleShape) + 1) + 4096;

const made = (plan: Plan, range: Range, threads: number): TE.TaskEither<CommandError, DataSet> => {
  const seconds = secondsPerSample(plan);
  const jobs = pieces(range, unitsPerJob(seconds)).map((piece) => ({ plan, range: piece }));
  const progress = startProgress(plan.system, 'samples', range.count);
  return pipe(
    doAll(generation, threadsFor(threads, seconds * range.count))(jobs, {
      note: () => undefined,
      result: (piece) => {
        progress.advance(sampleCount(piece));
      },
    }),
    TE.chainEitherKW((made) =>
      isNonEmpty(made)
        ? pipe(
            concatenated(made),
            E.mapLeft(({ message }): CommandError => runError(message)),
          )
        : E.left(runError('no samples were made')),
    ),
    (task) => async () => task().finally(progress.stop),
  );
};

/** Rough cost of one sample; the published draws are made at once, in each thread again. */
const secondsPerSample = (plan: Plan): number =>
  plan.system === 'double-exchange' ? secondsPerEnergy(plan.size, plan.forces) : 1e-5;
