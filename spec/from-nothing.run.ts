/**
 * `npm run from-nothing`: exact labels and a network from nothing, by two commands as a user would give them, timed as whole
 * processes, for three seeds; then the errors on samples that neither saw. Writes `results/from-nothing.json`. On an idle machine.
 * `npm run from-nothing -- 4` does it for the seed 4, says what it found, and writes nothing.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { z } from 'zod';

const root = join(import.meta.dirname, '..');

const committedSeeds = [1, 2, 3];

/** Of the samples that networks are tested on, and of no training set. */
const testSeed = 1000;

/** The seeds that the command line names. */
const given = process.argv.slice(2);

const wrong = given.find((text) => !/^[0-9]{1,9}$/.test(text) || Number(text) === testSeed);
if (wrong !== undefined) {
  process.stderr.write(
    `expected seeds, whole numbers below 10^9 but ${testSeed}, which tests have, got ${wrong}: give others, or none\n`,
  );
  process.exit(2);
}

const seeds = given.length > 0 ? given.map(Number) : committedSeeds;

/** Sizes of the lattice and how many samples each is tested on. */
const tests = [
  { size: 10, samples: 2000 },
  { size: 20, samples: 300 },
  { size: 40, samples: 100 },
];

const labels = 'generate double-exchange --samples 15000 --forces --method poles --tolerance 1e-5';
const training =
  'train --model efnn --channels 3 --layers 3 --kernel 3 --pair-head --forces --rate 0.03 --epochs 24 --batch 50';

const run = async (command: string, ...rest: readonly string[]): Promise<string> => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    join(root, 'scripts/efnn.mjs'),
    ...command.split(' '),
    ...rest,
  ]);
  return stdout;
};

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
};

const errorsSchema = z.object({ relative: z.number() });

const folder = await mkdtemp(join(tmpdir(), 'efnn-'));
const inFolder = (name: string): string => join(folder, name);
const testFile = (size: number): string => inFolder(`test-${size}.npz`);

const measured = async (seed: number) => {
  const [data, model] = [inFolder(`train-${seed}.npz`), inFolder(`model-${seed}.safetensors`)];
  const generation = await timed(() => run(labels, '--size', '10', '--seed', `${seed}`, '--out', data));
  const trained = await timed(() => run(training, '--seed', `${seed}`, '--data', data, '--out', model));
  const errors = new Array<{ readonly size: number; readonly samples: number; readonly relative: number }>();
  for (const { size, samples } of tests) {
    const { relative } = errorsSchema.parse(
      JSON.parse(await run('evaluate --json', '--model', model, '--data', testFile(size))),
    );
    errors.push({ size, samples, relative });
  }
  const found = errors.map(({ size, relative }) => `${relative.toExponential(2)} at N = ${size}`).join(', ');
  console.log(
    `seed ${seed}: labels ${generation.toFixed(1)} s, training ${trained.toFixed(1)} s; relative error ${found}`,
  );
  return { seed, secondsOfLabels: generation, secondsOfTraining: trained, errors };
};

try {
  for (const { size, samples } of tests) {
    await run(
      'generate double-exchange --method poles',
      ...['--seed', `${testSeed}`, '--size', `${size}`, '--samples', `${samples}`, '--out', testFile(size)],
    );
  }
  const rows = new Array<object>();
  for (const seed of seeds) {
    rows.push(await measured(seed));
  }
  const machine = `${cpus()[0]?.model.trim() ?? 'unknown'}, ${cpus().length} cores, Node ${process.version}`;
  const found = { machine, load: loadavg()[0], commands: [labels, training], rows };
  if (given.length === 0) {
    await writeFile(join(root, 'results/from-nothing.json'), `${JSON.stringify(found, null, 2)}\n`);
  }
} finally {
  await rm(folder, { recursive: true });
}
