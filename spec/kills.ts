/** Kills commands at random moments, starts them again, and compares the bytes that they leave in the end. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { drawn, uniforms } from '../src/random/draw.ts';
import { streamOf } from '../src/random/stream.ts';

/** A command that can be killed and given again, and the files that it must leave, as its folder has them. */
export interface Killable {
  readonly name: string;
  /** The words before it is killed, in a folder of its own. */
  readonly prepare: readonly string[];
  readonly command: string;
  /** The program whose command it is; efnn where none is named. */
  readonly program?: string;
  readonly leaves: (path: string) => boolean;
}

/** What a reproduction leaves, whichever of these its jobs have. */
const ofReproduction = (path: string): boolean => /^report\/(results|models|labels|checkpoints)\//.test(path);

/** The three commands that take long; of the third one figure that computes, and one that makes labels and trains. */
export const killables: readonly Killable[] = [
  {
    name: 'generate',
    prepare: [],
    command: 'generate double-exchange --size 8 --samples 600 --seed 5 --forces --threads 1 --out x.npz',
    leaves: (path) => path.startsWith('x.npz'),
  },
  {
    name: 'train',
    prepare: ['generate three-spin-binary --samples 400 --seed 2 --out data.npz'],
    command:
      'train --model efnn --layers 2 --neurons 20 --epochs 1500 --threads 1 --data data.npz --out m.safetensors --resume',
    leaves: (path) => path.startsWith('m.safetensors'),
  },
  {
    name: 'reproduce',
    prepare: [],
    command: 'reproduce ising --threads 1 --out report',
    leaves: ofReproduction,
  },
  {
    name: 'reproduce-4b',
    prepare: [],
    command: 'report',
    program: join(import.meta.dirname, 'workers', 'small-reproduction.mjs'),
    leaves: ofReproduction,
  },
];

/** What became of some kills. */
export interface Killed {
  readonly kills: number;
  /** How often the command ended after kills. */
  readonly endings: number;
  /** What was wrong with those that failed, or left other bytes than a run that was never killed. */
  readonly faults: readonly string[];
}

const efnn = join(import.meta.dirname, '..', 'scripts', 'efnn.mjs');

/** How a command ended: its exit code, null where it was killed, what it said last, and how much it had worked. */
interface Ending {
  readonly code: number | null;
  readonly said: string;
  readonly work: number;
}

/** How often a running command is looked at, in milliseconds. */
const lookEvery = 10;

/**
 * How much a process has worked: the processor time that Linux counts, the same on a busy machine as on an idle one; elsewhere
 * the time since its start.
 */
const workOf = (id: number, start: number): number => {
  if (process.platform !== 'linux') {
    return performance.now() - start;
  }
  const state = readFileSync(`/proc/${id}/stat`, 'utf8');
  // The 14th and 15th entry, counted from the third on: the second, the name, may hold anything.
  const [user, system] = state
    .slice(state.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13);
  return Number(user) + Number(system);
};

/** Runs a command; sends it a signal after so much work. */
const run = (
  folder: string,
  command: string,
  most: number,
  program = efnn,
  signal: NodeJS.Signals = 'SIGKILL',
): Promise<Ending> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [program, ...command.split(' ')], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const start = performance.now();
    const lines = new Array<string>();
    const reached = { work: 0 };
    child.stderr.setEncoding('utf8').on('data', (text: string) => lines.push(text));
    const timer = setInterval(() => {
      reached.work = child.pid === undefined ? 0 : workOf(child.pid, start);
      if (reached.work >= most) {
        clearInterval(timer);
        child.kill(signal);
      }
    }, lookEvery);
    child.on('exit', () => {
      clearInterval(timer);
    });
    child.on('close', (code) => {
      resolve({ code, said: lines.join('').trim().split('\n').at(-1) ?? '', ...reached });
    });
  });

/** The files that a command leaves, each with its bytes. */
const contentOf = async (folder: string, leaves: Killable['leaves']): Promise<ReadonlyMap<string, string>> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter(leaves)
    .toSorted();
  return new Map(
    await Promise.all(
      paths.map(async (path) => [path, (await readFile(join(folder, path))).toString('base64')] as const),
    ),
  );
};

const freshFolder = async ({ prepare }: Killable): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'efnn-kills-'));
  for (const command of prepare) {
    await run(folder, command, Infinity);
  }
  return folder;
};

/**
 * Kills a command so many times, at moments that the seed draws over the work of a whole run, and lets it end in between. With
 * SIGTERM it is asked to end, and may save what it reached.
 */
export const killed = async (
  one: Killable,
  kills: number,
  seed: number,
  signal: NodeJS.Signals = 'SIGKILL',
): Promise<Killed> => {
  const whole = await freshFolder(one);
  const unkilled = await run(whole, one.command, Infinity, one.program);
  const expected = await contentOf(whole, one.leaves);
  await rm(whole, { recursive: true });
  const moments = drawn(streamOf(seed, 0))(uniforms(kills));
  const faults = new Array<string>();
  const count = { endings: 0, kills: 0 };
  const judge = ({ code, said }: Ending, left: ReadonlyMap<string, string>): void => {
    const differing = [...new Set([...expected.keys(), ...left.keys()])].filter(
      (path) => left.get(path) !== expected.get(path),
    );
    if (code !== 0) {
      faults.push(`exit ${String(code)} after ${count.kills} kills: ${said}`);
    } else if (differing.length > 0 || left.size === 0) {
      faults.push(`other bytes after ${count.kills} kills: ${differing.join(', ')}`);
    }
  };
  judge(unkilled, expected);
  const compare = async (folder: string, ending: Ending): Promise<void> => {
    count.endings += 1;
    judge(ending, await contentOf(folder, one.leaves));
    await rm(folder, { recursive: true });
  };
  const from = async (folder: string, index: number): Promise<void> => {
    const moment = moments[index];
    const ending = await run(
      folder,
      one.command,
      moment === undefined ? Infinity : moment * unkilled.work,
      one.program,
      signal,
    );
    if (ending.code !== null || moment === undefined) {
      await compare(folder, ending);
      if (moment !== undefined) {
        await from(await freshFolder(one), index + 1);
      }
      return;
    }
    count.kills += 1;
    await from(folder, index + 1);
  };
  await from(await freshFolder(one), 0);
  return { ...count, faults };
};
