/** Locks: one holder at a time, whoever died before, and in which container. */
import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';

import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

import { withLock } from '../scripts/lock.ts';
import { temporaryBeside } from '../scripts/write-file.ts';
import { ownerIn, ownerSchema } from '../src/provenance/lock-file.ts';
import { verify } from './law.ts';
import * as laws from './laws/lock.ts';
import { messageOf } from './right.ts';

const folder = await mkdtemp(join(tmpdir(), 'efnn-lock-'));

const attempt =
  (read: laws.ReadOwner): laws.ReadOwner =>
  (text) => {
    try {
      return read(text);
    } catch {
      return null;
    }
  };

verify(laws.ownersAreReadBack, ownerIn, {
  'a text that is no JSON ends the waiter': (text) => ownerSchema.safeParse(JSON.parse(text)).data ?? null,
  'any token will do': attempt((text) => ownerSchema.extend({ token: z.string() }).parse(JSON.parse(text))),
  'a start is asked for': attempt((text) => ownerSchema.extend({ start: z.string() }).parse(JSON.parse(text))),
  'a host is not asked for': attempt((text) =>
    ownerSchema.extend({ host: z.string().default('') }).parse(JSON.parse(text)),
  ),
});

/** The owner as this process writes itself down. */
const owner = async (): Promise<Readonly<Record<string, unknown>>> => {
  const path = join(folder, 'own');
  const text = await withLock(path)(TE.fromTask(() => readFile(`${path}.lock`, 'utf8')))();
  return z.record(z.string(), z.unknown()).parse(JSON.parse(E.isRight(text) ? text.right : ''));
};

const own = await owner();

/** Of a process that has ended. */
const dead = { ...own, token: 'dead00000000', process: spawnSync(process.execPath, ['--version']).pid };

const leave = (path: string, content: unknown) => writeFile(`${path}.lock`, JSON.stringify(content));

interface Racer {
  readonly child: ChildProcessWithoutNullStreams;
  readonly lines: AsyncIterator<string>;
}

const racers = await Promise.all(
  Array.from({ length: 3 }, async (): Promise<Racer> => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'workers', 'lock-racer.mjs')]);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    await lines.next();
    return { child, lines };
  }),
);

afterAll(async () => {
  racers.forEach(({ child }) => child.kill());
  await rm(folder, { recursive: true });
});

const outcomeSchema = z.enum(['held', 'two', 'refused']);

const raceBy =
  (rule: string): laws.Race =>
  async () => {
    const path = join(await mkdtemp(join(folder, 'race-')), 'file');
    await leave(path, dead);
    return Promise.all(
      racers.map(async ({ child, lines }) => {
        child.stdin.write(`${rule} ${path}\n`);
        return outcomeSchema.parse((await lines.next()).value);
      }),
    );
  };

verify(laws.oneHoldsTheLock, raceBy('succeeding'), { 'who sees a dead lock removes it': raceBy('removing') });

describe('a lock', () => {
  const path = join(folder, 'file');
  const attempt = (ms = 0) => withLock(path)(TE.fromTask(() => wait(ms)))();

  it('lets one of two through, and leaves nothing behind', async () => {
    const outcomes = await Promise.all([attempt(300), attempt(300)]);
    expect(outcomes.map(E.isRight).toSorted()).toEqual([false, true]);
    expect((await readdir(folder)).filter((name) => name.startsWith('file'))).toEqual([]);
  });

  it('clears what a killed holder left unfinished of its file and of no other', async () => {
    const left = ['file', 'file.manifest.json', 'other'].map((name) => temporaryBeside(join(folder, name)));
    await Promise.all(left.map((name) => writeFile(name, 'half')));
    await attempt();
    expect(left.map((name) => existsSync(name))).toEqual([false, false, true]);
  });

  it('of a process that runs keeps others out, and says which', async () => {
    const other = await new Promise<ChildProcessWithoutNullStreams>((resolve) => {
      const child = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => 0, 1000)']);
      child.stdout.once('data', () => {
        resolve(child);
      });
    });
    const stat = await readFile(`/proc/${String(other.pid)}/stat`, 'utf8').catch(() => '');
    const start = stat === '' ? null : (stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null);
    await leave(path, { ...dead, process: other.pid, start });
    expect(messageOf(await attempt())).toContain(`got process ${String(other.pid)}`);
    other.kill('SIGKILL');
  });

  it.skipIf(process.platform !== 'linux')('of a process that was killed but is not gone yet is succeeded', async () => {
    // A shell starts a child and becomes a program that never asks after it: once killed, the child stays as a zombie.
    const shell = spawn('sh', ['-c', 'sleep 100 & echo $!; exec sleep 100']);
    const id = await new Promise<number>((resolve) => {
      shell.stdout.once('data', (line: Buffer) => {
        resolve(Number(line.toString()));
      });
    });
    const stat = await readFile(`/proc/${id}/stat`, 'utf8');
    const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
    await leave(path, { ...dead, token: 'dead00000004', process: id, start });
    expect(E.isLeft(await attempt())).toBe(true);
    process.kill(id, 'SIGKILL');
    expect(E.isRight(await attempt())).toBe(true);
    shell.kill('SIGKILL');
  });

  it('of a process of the same number that started at another time is dead', async () => {
    await leave(path, { ...own, token: 'dead00000001', start: '1' });
    expect(E.isRight(await attempt())).toBe(true);
    await leave(path, { ...own, token: 'dead00000002' });
    expect(E.isRight(await attempt())).toBe(true);
  });

  it('of another system holds as long as its pulse is felt', async () => {
    await leave(path, { ...own, token: 'dead00000003', system: 'elsewhere' });
    const pulse = setInterval(() => void utimes(`${path}.lock`, new Date(), new Date()), 200);
    expect(E.isLeft(await attempt())).toBe(true);
    clearInterval(pulse);
    const long = new Date(Date.now() - 60_000);
    await utimes(`${path}.lock`, long, long);
    expect(E.isRight(await attempt())).toBe(true);
    await writeFile(`${path}.lock`, '');
    await utimes(`${path}.lock`, long, long);
    expect(E.isRight(await attempt())).toBe(true);
  });

  it('of another system, touched by a clock that was ahead, is dead when nobody has touched it for a while', async () => {
    await leave(path, { ...own, token: 'dead00000004', system: 'elsewhere' });
    const ahead = new Date(Date.now() + 86_400_000);
    await utimes(`${path}.lock`, ahead, ahead);
    expect(E.isRight(await attempt())).toBe(true);
  }, 60_000);
});
