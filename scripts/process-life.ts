/**
 * The life of a process, seen from another one: whether it runs, is ending, or has ended. Linux tells in /proc; on a system
 * without it no start of a process is known, and who asks must find out otherwise.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

import { hasCode } from '../src/command/thrown.ts';

/** The text of a file, or null where it cannot be read. */
export const textOf = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
};

const linkOf = (path: string): string => {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
};

/** What Linux says of a process, from the third entry on: its name, the second, may hold anything. */
const stateOf = (id: number): readonly string[] | null => {
  const state = textOf(`/proc/${id}/stat`);
  return state?.slice(state.lastIndexOf(')') + 2).split(' ') ?? null;
};

/** When a process started, in the clock of its system: the 22nd entry; null where the system does not say. */
export const startOf = (id: number): string | null => stateOf(id)?.[19] ?? null;

/** The flag of a process that is taken apart (PF_EXITING), and the signal that no process survives, in a mask. */
const [exiting, killed] = [0x4, 0x100];

/** Whether SIGKILL has been sent to a process and not been obeyed yet. */
const isKilled = (id: number): boolean =>
  [...(textOf(`/proc/${id}/status`) ?? '').matchAll(/^(?:SigPnd|ShdPnd):\s*([0-9a-f]+)$/gm)].some(
    ([, mask = '']) => (Number.parseInt(mask.slice(-3), 16) & killed) !== 0,
  );

const threadsOf = (id: number): number => {
  try {
    return readdirSync(`/proc/${id}/task`).length;
  } catch {
    return 0;
  }
};

/**
 * How far a process has come. One that was killed goes on to exist while its memory is given back, and after that as a
 * zombie until its parent asks for its end: a zombie without threads does nothing any more.
 */
const stageOf = (id: number): 'runs' | 'ends' | 'ended' => {
  const state = stateOf(id);
  if (state === null) {
    return 'ended';
  }
  const isZombie = /^[ZX]$/.test(state[0] ?? '');
  if (isZombie && threadsOf(id) <= 1) {
    return 'ended';
  }
  return isZombie || (Number(state[6]) & exiting) !== 0 || isKilled(id) ? 'ends' : 'runs';
};

/** The start of the system and the table of processes that numbers belong to here: containers have their own. */
export const thisSystem = (): string =>
  `${textOf('/proc/sys/kernel/random/boot_id')?.trim() ?? ''} ${linkOf('/proc/self/ns/pid')}`;

/** Whether a process has this number. Signal 0 is never sent: it only asks. One of another user refuses. */
export const isRunning = (id: number): boolean => {
  try {
    return process.kill(id, 0);
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
};

/** How often one looks whether an ending process has ended. */
const endsEvery = 20;

/** Whether a process stays: one that is ending is waited for, so many milliseconds at most. */
export const outlives = async (id: number, patience: number): Promise<boolean> => {
  const stage = stageOf(id);
  if (stage !== 'ends' || patience <= 0) {
    return stage !== 'ended';
  }
  await wait(endsEvery);
  return outlives(id, patience - endsEvery);
};
