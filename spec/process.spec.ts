/** The program as a process: its streams may close or fill, signals come, folders hold surprises. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, openSync } from 'node:fs';
import { access, constants, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { afterAll, describe, expect, it } from 'vitest';

import { sha256 } from '../scripts/sha256.ts';
import { sample } from '../src/lattice/sampler.ts';
import { readCheckpoint } from '../src/training/checkpoint.ts';
import { right } from './right.ts';
import { npyOf } from './written.ts';

const root = join(import.meta.dirname, '..');
const program = join(root, 'scripts', 'efnn.mjs');
const folder = await mkdtemp(join(tmpdir(), 'efnn-process-'));

afterAll(() => rm(folder, { recursive: true }));

await writeFile(
  join(folder, 's.npy'),
  npyOf({ dtype: 'float64', shape: [3, 3, 3], values: sample('sphere')(3, 1, 0).components }),
);

interface Ending {
  /** The exit code, or the signal that ended the process. */
  readonly by: number | string | null;
  readonly stderr: string;
  readonly stdout: string;
}

interface Settings {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What happens to the process as soon as it runs. */
  readonly meanwhile?: (child: ChildProcess) => unknown;
  readonly stdout?: number | 'pipe';
  /** The most addresses that the process may have, in kB. */
  readonly addresses?: string;
}

const run = (
  args: string,
  { env = {}, cwd = folder, meanwhile, stdout = 'pipe', addresses = 'unlimited' }: Settings = {},
): Promise<Ending> =>
  new Promise((resolve) => {
    const limited = ['-c', `ulimit -v ${addresses} && exec "$@"`, 'sh', process.execPath, program, ...args.split(' ')];
    const child = spawn('sh', limited, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', stdout, 'pipe'],
    });
    const texts = { stderr: '', stdout: '' };
    child.stdout?.on('data', (text: Buffer) => (texts.stdout += text.toString()));
    child.stderr?.on('data', (text: Buffer) => (texts.stderr += text.toString()));
    child.on('close', (code, signal) => {
      resolve({ by: code ?? signal, ...texts });
    });
    meanwhile?.(child);
  });

const energy = 'energy --spins s.npy';

describe('a stream', () => {
  it('that nobody reads ends the process in silence', async () => {
    const { by, stderr } = await run('generate --help', { meanwhile: ({ stdout }) => stdout?.destroy() });
    expect([by, stderr]).toEqual([0, '']);
  });

  it.skipIf(!existsSync('/dev/full'))('that is full is one line, and exit code 1', async () => {
    const { by, stderr } = await run(energy, { stdout: openSync('/dev/full', 'w') });
    expect([by, stderr]).toEqual([1, expect.stringMatching(/^efnn: could not write to stdout \([^\n]+\n$/)]);
  });

  it('for messages may be closed, and the work goes on', async () => {
    const { by, stdout } = await run('energy --spins s.npy --threads 1', {
      meanwhile: ({ stderr }) => stderr?.destroy(),
    });
    expect([by, stdout]).toEqual([0, expect.stringContaining('energies')]);
    const refused = await run('energy --spins none.npy', { meanwhile: ({ stderr }) => stderr?.destroy() });
    expect(refused.by).toBe(2);
  });
});

describe('a folder to work in', () => {
  it('that was removed is one line', async () => {
    const gone = await mkdtemp(join(folder, 'gone-'));
    const { code, stderr } = await new Promise<{ readonly code: number | null; readonly stderr: string }>((resolve) => {
      const child = spawn('sh', ['-c', 'rmdir "$PWD" && exec "$@"', 'sh', process.execPath, program, '--help'], {
        cwd: gone,
      });
      const said = new Array<string>();
      child.stderr.on('data', (text: Buffer) => said.push(text.toString()));
      child.on('close', (ended) => {
        resolve({ code: ended, stderr: said.join('') });
      });
    });
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^efnn: expected a folder to work in, [^\n]+\n$/)]);
  });
});

/** Settings of a process in which a function of Node is another one, `change`, in the words of JavaScript. */
const where = (module: string, change: string): Readonly<Record<string, string>> => {
  const script = `import it from '${module}'; import { syncBuiltinESMExports } from 'node:module'; ${change}; syncBuiltinESMExports();`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(script)}` };
};

describe('a user without home', () => {
  it('gets the help of bench, which names a folder for passing files', async () => {
    const homeless = where('node:os', `it.homedir = () => { throw new Error('no such user'); }`);
    const { by, stdout, stderr } = await run('bench --help', {
      env: { ...homeless, XDG_CACHE_HOME: '', TMPDIR: '/passing' },
    });
    expect([by, stderr]).toEqual([0, '']);
    expect(stdout.replaceAll(/\s+/g, '')).toContain('/passing/.cache/efnn/bench');
  });
});

describe('a checkpoint', () => {
  it('that cannot be removed after the training is named on one line, and the model is written', async () => {
    const under = await mkdtemp(join(folder, 'stays-'));
    await run('generate three-spin-binary --samples 8 --threads 1 --out d.npz', { cwd: under });
    const busy = where(
      'node:fs/promises',
      `const rm = it.rm; it.rm = (path, how) => String(path).endsWith('.checkpoint') ? Promise.reject(new Error('EBUSY: busy')) : rm(path, how)`,
    );
    const { by, stdout, stderr } = await run(
      'train --model efnn --layers 1 --neurons 1 --epochs 1 --backend reference --threads 1 --data d.npz --out m.st',
      { cwd: under, env: busy },
    );
    expect([by, stdout]).toEqual([0, expect.stringMatching(/^wrote m\.st: [^\n]+\n$/)]);
    expect(stderr.replaceAll(/^efnn \d+\/.*\n/gm, '')).toBe(
      "efnn: the model is written, its checkpoint could not be removed (EBUSY: busy): remove 'm.st.checkpoint'\n",
    );
    expect((await readdir(under)).toSorted()).toEqual(['d.npz', 'd.npz.manifest.json', 'm.st']);
  });
});

describe('a journal', () => {
  const busy = where(
    'node:fs',
    `const rm = it.rmSync; it.rmSync = (path, how) => { if (String(path).endsWith('.journal')) throw new Error('EBUSY: busy'); return rm(path, how); }`,
  );
  const stays = "efnn: could not remove 'd.npz.journal' (EBUSY: busy), which is of no use any more: remove it\n";

  it.each([
    ['the data are written', 'heisenberg', 0, '', ['d.npz', 'd.npz.journal', 'd.npz.manifest.json']],
    [
      'a run has failed by its own options',
      'double-exchange --method poles --forces --t 0 --J 14',
      2,
      'efnn: expected poles to agree with ',
      ['d.npz.journal'],
    ],
  ] as const)('that cannot be removed after %s is named on one line', async (_, order, code, reason, files) => {
    const under = await mkdtemp(join(folder, 'journal-'));
    const generate = `generate ${order} --size 3 --samples 2 --threads 1 --out d.npz`;
    const { by, stderr } = await run(generate, { cwd: under, env: busy });
    expect([by, stderr.startsWith(`${stays}${reason}`), stderr.split('\n').length]).toEqual([
      code,
      true,
      code === 0 ? 2 : 3,
    ]);
    expect((await readdir(under)).toSorted()).toEqual(files);
  });
});

describe('a signal', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('%s is told what becomes of the run, and no lock stays', async (signal) => {
    const under = await mkdtemp(join(folder, 'signal-'));
    const whenItRuns = async (child: ChildProcess): Promise<void> => {
      if ((await readdir(under)).includes('x.npz.journal') || child.exitCode !== null) {
        child.kill(signal);
        // As a terminal and npm do: the one to the whole group, the other passing it on.
        await wait(5);
        child.kill(signal);
      } else {
        await wait(20);
        await whenItRuns(child);
      }
    };
    const args = 'generate double-exchange --size 8 --samples 3000 --threads 1 --out x.npz';
    const { by, stderr } = await run(args, { cwd: under, meanwhile: whenItRuns });
    expect([by, stderr]).toEqual([
      signal,
      expect.stringMatching(/^(double-exchange [^\n]+\n)*efnn: stopped[^\n]+goes on[^\n]*\n$/),
    ]);
    expect(await readdir(under)).toEqual(['x.npz.journal']);
  });
});

/** Much more than an end takes, and much less than the samples do: minutes each. */
const patience = 20_000;

describe('a signal during a sample that takes minutes', () => {
  it.each([
    'double-exchange --size 50 --threads 1',
    'double-exchange --size 50 --threads 2 --forces',
    // The first sample is compared with a diagonalization.
    'double-exchange --size 50 --method poles',
    // Twenty million couplings are drawn first.
    'three-spin-binary --size 500',
  ])('%s ends the process long before the sample ends', async (order) => {
    const under = await mkdtemp(join(folder, 'long-'));
    const sent = { at: NaN };
    const whenItRuns = async (child: ChildProcess): Promise<void> => {
      if ((await readdir(under)).includes('x.npz.journal') || child.exitCode !== null) {
        // Past the start of threads, too.
        await wait(3000);
        sent.at = performance.now();
        child.kill('SIGTERM');
      } else {
        await wait(20);
        await whenItRuns(child);
      }
    };
    const { by, stderr } = await run(`generate ${order} --samples 1 --out x.npz`, {
      cwd: under,
      meanwhile: whenItRuns,
    });
    expect([by, stderr]).toEqual(['SIGTERM', expect.stringMatching(/efnn: stopped: [^\n]+goes on[^\n]*\n$/)]);
    expect(performance.now() - sent.at).toBeLessThan(patience);
  });
});

describe('a training that is asked to end', () => {
  it('saves the epochs that it has done, before its first checkpoint is due, and says how to go on', async () => {
    const under = await mkdtemp(join(folder, 'term-'));
    const data = 'generate three-spin-binary --samples 60 --seed 2 --out d.npz';
    expect((await run(data, { cwd: under })).by).toBe(0);
    const args =
      'train --model efnn --layers 2 --neurons 20 --epochs 100000 --threads 1 --data d.npz --out m.safetensors';
    const whenItTrains = async (child: ChildProcess): Promise<void> => {
      if ((await readdir(under)).some((name) => name.includes('.lock')) || child.exitCode !== null) {
        // The lock is there before the first epoch; some of them end within a second.
        await wait(1000);
        child.kill('SIGTERM');
        await wait(5);
        child.kill('SIGTERM');
      } else {
        await wait(20);
        await whenItTrains(child);
      }
    };
    const { by, stderr } = await run(args, { cwd: under, meanwhile: whenItTrains });
    expect([by, stderr]).toEqual(['SIGTERM', expect.stringMatching(/efnn: stopped: [^\n]+--resume\n$/)]);
    expect((await readdir(under)).filter((name) => name.startsWith('m.'))).toEqual(['m.safetensors.checkpoint']);
    const stopped = right(readCheckpoint(sha256)(await readFile(join(under, 'm.safetensors.checkpoint'))));
    expect(stopped.state.epoch).toBeGreaterThan(0);
  });
});

/** The terminal that `script` opens: util-linux's takes the command by an option, and gives back what the terminal shows. */
const hasTerminals = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0;

describe('a terminal', () => {
  it.skipIf(!hasTerminals)('that Ctrl-C leaves has its line wrap on again', async () => {
    const under = await mkdtemp(join(folder, 'terminal-'));
    const command = `${process.execPath} ${program} generate double-exchange --size 8 --samples 3000 --threads 1 --out x.npz`;
    const child = spawn('script', ['-qec', command, '/dev/null'], { cwd: under, stdio: ['pipe', 'pipe', 'ignore'] });
    const shown = new Array<string>();
    const closed = new Promise((resolve) => child.on('close', resolve));
    const countOf = (sequence: string): number => shown.join('').split(sequence).length - 1;
    child.stdout.on('data', (text: Buffer) => {
      const before = countOf('\u001b[?7l');
      shown.push(text.toString('latin1'));
      if (before === 0 && countOf('\u001b[?7l') > 0) {
        child.stdin.write('\u0003');
      }
    });
    await closed;
    expect([countOf('\u001b[?7l'), countOf('\u001b[?7h')]).toEqual([1, 1]);
    expect(shown.join('')).toContain('efnn: stopped: ');
  });
});

describe('the program', () => {
  it('can be executed', async () => {
    await expect(access(program, constants.X_OK)).resolves.toBeUndefined();
  });

  it('says its version', async () => {
    expect((await run('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('names the option that was meant', async () => {
    expect((await run('train --chanels 3')).stderr).toMatch(/--chanels.*Did you mean --channels/);
  });

  it('runs its own code, whatever tsconfig.json lies in the folder', async () => {
    const hostile = await mkdtemp(join(folder, 'hostile-'));
    await writeFile(join(hostile, 'tsconfig.json'), '{"compilerOptions": {"paths": {"zod": ["./zod.ts"]}}}');
    await writeFile(join(hostile, 'zod.ts'), "throw new Error('code of the folder ran');");
    const { by, stdout } = await run('energy --spins ../s.npy', { cwd: hostile });
    expect([by, stdout]).toEqual([0, expect.stringContaining('energies')]);
  });

  it('says what it needs where WebAssembly is missing', async () => {
    const { by, stderr } = await run(energy, { env: { NODE_OPTIONS: '--jitless' } });
    expect([by, stderr]).toEqual([1, expect.stringMatching(/^(Warning: [^\n]+\n)?efnn: expected [^\n]+--jitless\n$/)]);
  });

  it.skipIf(process.platform !== 'linux').each([
    ['energy --spins s.npy', '1500000'],
    ['energy --spins s.npy', '12000000'],
    ['energy --spins s.npy --threads 8', '45000000'],
  ])('%s says what it needs where addresses are limited to %s kB', async (args, addresses) => {
    const { by, stdout, stderr } = await run(args, { addresses });
    expect([by, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^efnn: expected \d+ GB of address space [^\n]+, got a limit of [\d.]+ GB: [^\n]+\n$/);
  });

  it("reads paths from the caller's folder when npm was called elsewhere", async () => {
    const npm = { INIT_CWD: folder, npm_lifecycle_event: 'efnn', npm_package_json: join(root, 'package.json') };
    expect((await run(energy, { cwd: root, env: npm })).by).toBe(0);
    expect((await run(energy, { cwd: root, env: { ...npm, npm_package_json: '/other/package.json' } })).by).toBe(2);
  });
});
