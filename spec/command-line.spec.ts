/** The commands `generate` and `energy`: what they refuse, what they write and print. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile as writeDirectly } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Command } from 'commander';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { afterAll, describe, expect, it } from 'vitest';

import { commands } from '../scripts/commands/commands.ts';
import { generation } from '../scripts/workers/generation.ts';
import { doAll } from '../scripts/workers/pool.ts';
import { writeFile } from '../scripts/write-file.ts';
import { readNpz } from '../src/dataset/data-set-file.ts';
import { concatenated, sampleCount } from '../src/dataset/data-set.ts';
import { recipeOf } from '../src/dataset/recipe.ts';
import { energyAndForcesOf } from '../src/exact/forces.ts';
import { publishedDoubleExchange } from '../src/hamiltonian/double-exchange.ts';
import { sample } from '../src/lattice/sampler.ts';
import { captured } from './captured.ts';
import { verify } from './law.ts';
import * as laws from './laws/command-line.ts';
import { right } from './right.ts';
import vectors from './outside/published-data.json' with { type: 'json' };
import { npyOf, npzOf } from './written.ts';

const folder = await mkdtemp(join(tmpdir(), 'efnn-command-'));

const inputs = join(folder, 'in');
const outputs = join(folder, 'out');

afterAll(() => rm(folder, { recursive: true }));

const array = (shape: readonly number[], values: ArrayLike<number>): Uint8Array =>
  npyOf({ dtype: 'float64', shape, values: Float64Array.from(values) });

const spins = sample('sphere')(3, 1, 0).components;

/** A file of 27 numbers with one that is none, which no writer of ours makes. */
const withNaN = (file: Uint8Array, entry: number): Uint8Array => {
  const bytes = file.slice();
  new DataView(bytes.buffer).setFloat64(bytes.length - 8 * (27 - entry), NaN, true);
  return bytes;
};

/** A file whose header says so of its numbers, which are not looked at. */
const ofType = (descr: string): Uint8Array => {
  const file = array([3, 3, 3], spins);
  // A TextDecoder knows windows-1252 under that name, which has another character for the first byte.
  const text = Buffer.from(file.subarray(0, 128)).toString('latin1').replace("'<f8'", `'${descr}'`);
  const header = text.replace(/ *\n$/, '').padEnd(127);
  return Uint8Array.of(...Array.from(`${header}\n`, (character) => character.charCodeAt(0)), ...file.subarray(128));
};

/** The same [1, 3, 3, 3] numbers, the first axis running fastest, as numpy writes what is so in memory. */
const inFortranOrder = (): Uint8Array => {
  const moved = Array.from(
    { length: 27 },
    (_, at) => spins[9 * (at % 3) + 3 * (Math.floor(at / 3) % 3) + Math.floor(at / 9)],
  );
  const file = array(
    [1, 3, 3, 3],
    Float64Array.from(moved, (x) => x ?? NaN),
  );
  const header = Buffer.from(file.subarray(0, 128)).toString('latin1').replace("order': False", "order': True ");
  return Uint8Array.of(...Buffer.from(header, 'latin1'), ...file.subarray(128));
};

await Promise.all([mkdir(inputs), mkdir(outputs)]);
await Promise.all(
  Object.entries({
    'good.npy': array([1, 3, 3, 3], spins),
    'fortran.npy': inFortranOrder(),
    'single.npy': array([3, 3, 3], spins),
    'float32.npy': npyOf({ dtype: 'float32', shape: [3, 3, 3], values: spins }),
    'explicit.npy': array([1, 3, 4, 4], vectors.doubleExchangeExplicit.spinsXYZ.flat(2)),
    'text.npy': 'hello',
    'truncated.npy': array([1, 3, 3, 3], spins).slice(0, -1),
    'matrix.npy': array([4, 4], new Float64Array(16)),
    'small.npy': array([3, 2, 2], sample('sphere')(2, 1, 0).components),
    'none.npy': array([0, 3, 3, 3], []),
    'zero.npy': array([3, 3, 3], new Float64Array(27)),
    'complex.npy': ofType('<c16'),
    'words.npy': ofType('<U2'),
    'nan.npy': withNaN(array([3, 3, 3], spins), 4),
    'long.npy': array(
      [3, 3, 3],
      spins.map((x) => 1.01 * x),
    ),
  }).map(([name, content]) => writeDirectly(join(inputs, name), content)),
);

/** Runs a command here, and says what it left in the folders. */
const efnn: laws.CommandLine = async (args) => {
  const before = await readdir(inputs);
  const outcome = await captured(args.map(placed));
  const files = await readdir(outputs);
  await Promise.all(files.map((file) => rm(join(outputs, file))));
  const strangers = (await readdir(inputs)).filter((file) => !before.includes(file));
  return { ...outcome, files: [...files, ...strangers] };
};

const placed = (word: string): string =>
  word.replace(/^IN(\/|$)/, `${inputs}$1`).replace(/^OUT$/, join(outputs, 'x.npz'));

verify(laws.refusesTheImpossible, efnn, {
  'every error ends with 1': async (args) => ({ ...(await efnn(args)), code: 1 }),
  'help is printed with the error': async (args) => {
    const outcome = await efnn(args);
    return { ...outcome, stderr: `${outcome.stderr}Usage: efnn [options] [command]\n` };
  },
  'the file is made before the options are read': async (args) => ({ ...(await efnn(args)), files: ['x.npz'] }),
  'the reason is a stack trace': async (args) => ({
    ...(await efnn(args)),
    stderr: 'RangeError: bad\n    at efnn.ts:1:1\n',
  }),
});

verify(laws.failsWithoutATrace, efnn, {
  'the journal stays': async (args) => {
    const outcome = await efnn(args);
    return outcome.code === 0 ? outcome : { ...outcome, files: ['x.npz.journal'] };
  },
  'it counts as a failure that no other call avoids': async (args) => {
    const outcome = await efnn(args);
    return outcome.code === 0 ? outcome : { ...outcome, code: 1 };
  },
  'the advice is the method that failed': async (args) => {
    const outcome = await efnn(args);
    return { ...outcome, stderr: outcome.stderr.replace('--method diagonalize', '--method poles') };
  },
});

/** The command line, if it advised this value for an option. */
const advising =
  (option: string, value: string): laws.CommandLine =>
  async (args) => {
    const outcome = await efnn(args);
    return {
      ...outcome,
      stderr: outcome.stderr.replace(new RegExp(`as in ${option} \\S+`), `as in ${option} ${value}`),
    };
  };

verify(laws.advisesWhatIsAccepted, efnn, {
  'the least of all sizes is advised': advising('--size', '1'),
  'the least size of a system is advised to a sampler of one': advising('--size', '3'),
  'one sample is advised to several pieces': advising('--samples', '1'),
  'four pieces are advised of three samples': advising('--shard', '1/4'),
  'a seed is advised that is none': advising('--seed', '-1'),
  'even kernels are advised': advising('--kernel', '2'),
});

/** The options of all commands that take values. */
const valueOptions = (
  await Promise.all(
    Object.entries(commands).map(async ([name, { load }]) =>
      (await load())(new Command(name))
        .options.filter(({ required, optional }) => required || optional)
        .map(({ long, variadic }) => ({ command: name, flag: long ?? '', variadic })),
    ),
  )
).flat();

verify(laws.valuesAreGivenOnce(valueOptions), efnn, {
  // What would then be done, a whole benchmark perhaps, is not.
  'the last one wins': async () => Promise.resolve({ code: 0, stdout: '', stderr: '', files: [] }),
  'several are refused too': async (args) => {
    const flag = args[1] ?? '';
    return {
      ...(await efnn(args)),
      code: 2,
      stdout: '',
      stderr: `efnn: ${flag}: expected once, got '1' and '2': keep one\n`,
    };
  },
});

/** All options that take values, and all arguments that have to be there. */
const words: readonly laws.Word[] = (
  await Promise.all(
    Object.entries(commands).map(async ([name, { load }]) => {
      const { options, registeredArguments } = (await load())(new Command(name));
      const needs = registeredArguments.filter(({ required }) => required).length;
      return [
        ...options
          .filter(({ required, optional }) => required || optional)
          .map(({ long }): laws.Word => ({ command: name, needs, word: { flag: long ?? '' } })),
        ...registeredArguments
          .slice(0, needs)
          .map((argument, at): laws.Word => ({ command: name, needs, word: { argument: argument.name(), at } })),
      ];
    }),
  )
).flat();

verify(laws.noWordIsEmpty(words), efnn, {
  'empty words are not there': (args) => efnn(args.filter((word) => word !== '')),
  'an empty path is the folder where one is': (args) => efnn(args.map((word) => (word === '' ? inputs : word))),
  'arguments may be empty': (args) => efnn(args.map((word, at) => (at === 1 && word === '' ? 'none' : word))),
});

/** Which of two commands a call loads; each loader may load what it likes. */
const loading =
  (loads: (name: string) => readonly string[]): laws.Loading =>
  async (args) => {
    const loaded = new Set<string>();
    const table = Object.fromEntries(
      ['paint', 'mix'].map((name) => [
        name,
        {
          description: `the command ${name}`,
          load: () => {
            loads(name).forEach((one) => loaded.add(one));
            return Promise.resolve((command: Command) => command.action(() => undefined));
          },
        },
      ]),
    );
    await captured(args, table);
    return [...loaded].toSorted();
  };

const loadedAlone = loading((name) => [name]);

verify(laws.loadsWhatIsNamed, loadedAlone, {
  'one command loads another': loading(() => ['mix', 'paint']),
  'all are loaded, for the help': async () => Promise.resolve(['mix', 'paint']),
  'the help of one is made without it': (args) => (args[0] === 'help' ? Promise.resolve([]) : loadedAlone(args)),
  'the first word is taken for a command': async (args) => Promise.resolve(args.slice(0, 1)),
});

/** A folder where `file` exists, or is a folder with something in it, so that no file can take its place. */
const place =
  (write: (path: string, content: string) => Promise<boolean>) =>
  async ({ old, possible }: laws.Attempt): Promise<laws.Place> => {
    const here = await mkdtemp(join(folder, 'place-'));
    if (possible) {
      await writeDirectly(join(here, 'file'), old);
    } else {
      await mkdir(join(here, 'file'));
      await writeDirectly(join(here, 'file', 'old'), old);
    }
    return {
      write: (name, content) => write(join(here, name), content),
      read: (name) => readFile(join(here, name), 'utf8'),
      list: () => readdir(here),
    };
  };

verify(
  laws.writesWholeOrNotAtAll,
  place(async (path, content) => E.isRight(await writeFile(path, content)())),
  {
    'the temporary file stays when the last step fails': place(async (path, content) => {
      await writeDirectly(`${path}.tmp`, content);
      const written = await writeFile(path, content)();
      await Promise.all(E.isRight(written) ? [rm(`${path}.tmp`)] : []);
      return E.isRight(written);
    }),
    'the old file is removed first': place(async (path, content) => {
      await rm(path, { recursive: true });
      await writeDirectly(path, content);
      return true;
    }),
    'the new text is appended': place(async (path, content) => {
      const old = await readFile(path, 'utf8').catch(() => '');
      return E.isRight(await writeFile(path, old + content)());
    }),
  },
);

describe('energy', () => {
  it('prints energies and forces as one JSON value', async () => {
    const { code, stdout, stderr } = await efnn(['energy', '--spins', 'IN/good.npy', '--forces', '--json']);
    const exact = right(energyAndForcesOf(publishedDoubleExchange)({ size: 3, components: spins }));
    const nested = [0, 1, 2].map((k) =>
      [0, 1, 2].map((row) => [...exact.forces.slice(9 * k + 3 * row, 9 * k + 3 * row + 3)]),
    );
    expect([code, stderr, JSON.parse(stdout)]).toEqual([0, '', { energies: [exact.energy], forces: [nested] }]);
  });

  it('takes one configuration alone, either order of the axes, and float32', async () => {
    const of = async (file: string): Promise<unknown> =>
      JSON.parse((await efnn(['energy', '--spins', `IN/${file}`, '--json'])).stdout);
    expect(await of('single.npy')).toEqual(await of('good.npy'));
    expect(await of('fortran.npy')).toEqual(await of('good.npy'));
    expect((await efnn(['energy', '--help'])).stdout.replaceAll(/\s+/g, ' ')).toContain('in C or Fortran order');
    expect(JSON.stringify(await of('float32.npy')).slice(0, 18)).toBe(
      JSON.stringify(await of('good.npy')).slice(0, 18),
    );
  });

  it('agrees with the check values', async () => {
    const { stdout } = await efnn(['energy', '--spins', 'IN/explicit.npy', '--method', 'diagonalize', '--mu', '-8.3']);
    const energy = Number(/-\d+\.\d+/.exec(stdout)?.[0]);
    expect(Math.abs(energy - vectors.doubleExchangeExplicit.energy)).toBeLessThan(1e-9);
  });
});

describe('what no method reaches', () => {
  it.each([
    [
      'energy --spins IN/single.npy --method poles --T 1e6',
      '--method: poles: expected a tolerance that poles can reach',
    ],
    ['energy --spins IN/single.npy --mu 1e308 --threads 1', 'efnn: --mu: expected a finite energy'],
    ['energy --spins IN/single.npy --system heisenberg --J 1e308', 'efnn: --J: expected finite energies'],
    ['energy --spins IN/single.npy --method poles --T -1', 'efnn: --T: expected a temperature T > 0, got -1'],
    [
      'generate double-exchange --size 3 --samples 1 --T 0 --out OUT/cold.npz',
      'efnn: --T: expected a temperature T > 0',
    ],
    [
      'generate double-exchange --size 3 --samples 1 --mu 1e308 --out OUT/great.npz',
      'efnn: --mu: sample 0: expected a finite energy',
    ],
  ])('is one line, and nothing is written: %s', async (args, reason) => {
    const { code, stdout, stderr } = await efnn(args.split(' '));
    expect([code, stdout, stderr.split('\n').length]).toEqual([2, '', 2]);
    expect(stderr).toContain(reason);
    expect(await readdir(outputs)).toEqual([]);
  });
});

describe('generate', () => {
  const out = join(folder, 'data.npz');
  const generated = async (args: string) => {
    const outcome = await efnn([...`generate ${args} --overwrite --out`.split(' '), out]);
    expect(outcome.code).toBe(0);
    return right(readNpz(new Uint8Array(await readFile(out))));
  };

  it('writes shards that make up the whole', async () => {
    const run = 'double-exchange --size 3 --samples 5 --seed 7 --forces --sampler angles';
    const [first, second] = [await generated(`${run} --shard 1/2`), await generated(`${run} --shard 2/2`)];
    const whole = await generated(run);
    expect(npzOf(right(concatenated([first, second])))).toEqual(npzOf(whole));
    expect([sampleCount(first), sampleCount(second), whole.meta.method]).toEqual([2, 3, 'diagonalize']);
  });

  it("takes the authors' seeds for their data", async () => {
    const lattice = await generated('double-exchange --size 4 --samples 1 --sampler published');
    expect(Math.abs((lattice.energies[0] ?? NaN) + 8.352751302894806)).toBeLessThan(1e-9);
    const binary = await generated('three-spin-binary --sampler published');
    expect([sampleCount(binary), binary.meta.seed, [...binary.spins.slice(0, 15)]]).toEqual([
      20000,
      17,
      vectors.discrete.spinsRow0,
    ]);
  });

  it('adds forces where they are asked for', async () => {
    expect((await generated('three-spin-continuous --samples 3 --size 5')).forces).toEqual(O.none);
    expect(O.isSome((await generated('three-spin-continuous --samples 3 --size 5 --forces')).forces)).toBe(true);
  });
});

describe('threads', () => {
  const recipe = right(recipeOf({ system: 'double-exchange', size: 3, seed: 3, forces: true }));
  const silent = { progress: () => undefined, result: () => undefined };
  const jobs = [0, 2, 4].map((first) => ({ recipe, range: { first, count: 2 } }));

  it('give the same data as one', async () => {
    const here = await doAll(generation, 0)(jobs, silent)();
    expect(E.isRight(here)).toBe(true);
    expect(await doAll(generation, 1)(jobs, silent)()).toEqual(here);
    expect(await doAll(generation, 2)(jobs, silent)()).toEqual(here);
  });

  it('hand on what goes wrong', async () => {
    const failing = [...jobs, { recipe: { ...recipe, sampleShape: [3, 2, 2] }, range: { first: 0, count: 1 } }];
    expect(E.isLeft(await doAll(generation, 2)(failing, silent)())).toBe(true);
  });
});
