/** What is written where: regular files alone, links written through, permissions kept, names checked before work. */
import { spawnSync } from 'node:child_process';
import {
  chmod,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile as writeDirectly,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as E from 'fp-ts/lib/Either.js';
import { afterAll, describe, expect, it } from 'vitest';

import { expectFilesApart } from '../scripts/named-files.ts';
import { expectWritable, writeFile } from '../scripts/write-file.ts';
import { namedFile, replacedBy } from '../src/command/output-name.ts';
import { messageOf } from './right.ts';

const folder = await mkdtemp(join(tmpdir(), 'efnn-write-'));

afterAll(() => rm(folder, { recursive: true }));

const at = (name: string): string => join(folder, name);

const hasFifos = spawnSync('mkfifo', [at('fifo')]).status === 0;

describe('a file', () => {
  it('is written through a link, also one whose end is not there yet', async () => {
    await symlink('target', at('link'));
    expect(E.isRight(await expectWritable(at('link'), replacedBy(undefined))())).toBe(true);
    expect(E.isRight(await writeFile(at('link'), 'new')())).toBe(true);
    expect([await readlink(at('link')), await readFile(at('target'), 'utf8')]).toEqual(['target', 'new']);
  });

  it('keeps the permissions of the one that it replaces', async () => {
    await writeDirectly(at('private'), 'old');
    await chmod(at('private'), 0o600);
    await writeFile(at('private'), 'new')();
    expect((await stat(at('private'))).mode & 0o777).toBe(0o600);
  });

  it('has a name of any length that its companions can have', async () => {
    const long = 'a'.repeat(233);
    expect(E.isRight(await expectWritable(at(long))())).toBe(true);
    expect(E.isRight(await writeFile(at(long), 'new')())).toBe(true);
    expect(E.isLeft(await expectWritable(at('a'.repeat(255)))())).toBe(true);
  });

  it('is refused where a folder has the name of one of its companions', async () => {
    await mkdir(at('model.safetensors.checkpoint'));
    expect(messageOf(await expectWritable(at('model.safetensors'))())).toMatch(
      /a folder has the name 'model\.safetensors\.checkpoint', which a file beside it needs\): choose another name$/,
    );
  });

  it('is not replaced where that is refused', async () => {
    await writeDirectly(at('there'), 'old');
    expect(messageOf(await expectWritable(at('there'), replacedBy(undefined))())).toContain('--overwrite');
    expect(E.isRight(await expectWritable(at('there'), replacedBy(true))())).toBe(true);
  });

  it('leaves nothing behind when it was only tried', async () => {
    const before = await readdir(folder);
    await expectWritable(at('never'))();
    expect(await readdir(folder)).toEqual(before);
  });
});

describe('a name of a file that is kept beside another', () => {
  it.each(['a.npz.manifest.json', 'a.npz.journal', 'a.st.checkpoint', 'a.npz.lock'])(
    '%s is no output',
    async (name) => {
      expect(messageOf(await expectWritable(at(name))())).toMatch(/^--out: expected a name that is no other file's/);
    },
  );
});

describe('files that a command names', () => {
  const named = (...names: readonly string[]) => names.flatMap((name) => namedFile(`--${name}`, at(name)));
  const areApart = async (inputs: readonly string[], outputs: readonly string[]): Promise<boolean> =>
    E.isRight(await expectFilesApart(named(...inputs), named(...outputs))());

  it('are apart, unless an output is another of them: by its name, another path, a link, also to what is not there yet', async () => {
    await writeDirectly(at('input'), 'data');
    await symlink('input', at('to-input'));
    await symlink('to-come', at('to-what-is-to-come'));
    await link(at('input'), at('hard'));
    expect(await areApart(['input', 'input', 'to-input'], ['output', 'other'])).toBe(true);
    for (const [inputs, outputs] of [
      [['input'], ['input']],
      [['input'], ['output', './input']],
      [['input'], ['to-input']],
      [['hard'], ['input']],
      [[], ['output', './output']],
      [[], ['to-come', 'to-what-is-to-come']],
    ] as const) {
      expect([outputs, await areApart(inputs, outputs)]).toEqual([outputs, false]);
    }
  });
});

describe('refused before and while writing is', () => {
  it.skipIf(!hasFifos)('what is no regular file', async () => {
    expect(messageOf(await expectWritable(at('fifo'))())).toContain('not a regular file');
    expect(E.isLeft(await writeFile(at('fifo'), 'new')())).toBe(true);
    expect((await lstat(at('fifo'))).isFIFO()).toBe(true);
  });

  it.each(['/dev/null', '', 'x/', 'no/such/folder', 'circle'])("'%s'", async (name) => {
    await symlink('circle', at('circle')).catch(() => undefined);
    const path = name === '' || name.startsWith('/') ? name : at(name) + (name.endsWith('/') ? '/' : '');
    expect(E.isLeft(await expectWritable(path)())).toBe(true);
    expect(E.isLeft(await writeFile(path, 'new')())).toBe(true);
  });
});
