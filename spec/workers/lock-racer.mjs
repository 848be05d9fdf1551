// A process that races for locks: each line that it reads is a rule and a path, each line that it writes what became of it.
import { open, readFile, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';

import { tsImport } from 'tsx/esm/api';

const { withLock } = await tsImport('../../scripts/lock.ts', { parentURL: import.meta.url, tsconfig: false });

/** What is done under the lock: it finds out whether somebody else is at it. */
const work = (path) => async () => {
  try {
    await (await open(`${path}.inside`, 'wx')).close();
  } catch {
    return { _tag: 'Right', right: 'two' };
  }
  await wait(10);
  await rm(`${path}.inside`);
  return { _tag: 'Right', right: 'held' };
};

/** The mutant: whoever sees a dead holder's lock removes it. */
const removing = (path) => (task) => async () => {
  try {
    await (await open(`${path}.lock`, 'wx')).close();
  } catch {
    const text = await readFile(`${path}.lock`, 'utf8').catch(() => '');
    if (!text.includes('dead')) {
      return { _tag: 'Left' };
    }
    await rm(`${path}.lock`, { force: true });
    return removing(path)(task)();
  }
  const result = await task();
  await rm(`${path}.lock`, { force: true });
  return result;
};

const rules = { succeeding: withLock, removing };

process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  const [rule, path] = line.split(' ');
  const result = await rules[rule](path)(work(path))();
  process.stdout.write(`${result._tag === 'Right' ? result.right : 'refused'}\n`);
}
