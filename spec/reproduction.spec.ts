/** The folder of a reproduction: whatever a kill or a damage leaves there, a second call ends with the same bytes. */
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as E from 'fp-ts/lib/Either.js';
import { afterAll, describe, expect, it, vi } from 'vitest';

import { openFolder } from '../scripts/reproduction/folder.ts';
import { finished, save } from '../scripts/reproduction/jobs.ts';
import { labelsIn } from '../scripts/reproduction/labels.ts';
import { temporaryBeside } from '../scripts/write-file.ts';
import { recipeOf } from '../src/dataset/recipe.ts';
import { manifestSuffix, journalSuffix } from '../src/provenance/verification.ts';
import type { ExactReductionJob, LabelsJob } from '../src/study/job.ts';
import type { Result } from '../src/study/result.ts';
import { right } from './right.ts';

const place = await mkdtemp(join(tmpdir(), 'efnn-reproduction-'));

afterAll(() => rm(place, { recursive: true }));

const folder = right(await openFolder(place, 'this program')());

const job: ExactReductionJob = { tag: 'exact-reduction', cases: 3, seed: 1 };

const result: Result = {
  ...{ tag: 'exact-reduction', isingCases: 3, isingMismatches: 0 },
  ...{ threeSpinCases: 3, threeSpinMismatches: 0, threeSpinWidth: 2 },
};

const labelsJob: LabelsJob = {
  tag: 'labels',
  recipe: right(recipeOf({ system: 'double-exchange', size: 3, seed: 3, forces: true })),
  range: { first: 0, count: 2 },
};

const labels = folder.labelsPath(labelsJob);

/** What an effect says on stderr. */
const heard = async (effect: () => Promise<unknown>): Promise<string> => {
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  await effect();
  const text = stderr.mock.calls.map(([said]) => String(said)).join('');
  stderr.mockRestore();
  return text;
};

const remake = async (): Promise<void> => {
  right(await labelsIn(folder, 1)([labelsJob])());
};

/** The ways in which a file can stand there without being what a call wrote. */
const damages = [
  ['without its manifest', (path: string) => rm(path + manifestSuffix)],
  ['with a damaged manifest', (path: string) => flipLastByte(path + manifestSuffix)],
  ['with other bytes than its manifest says', (path: string) => flipLastByte(path)],
] as const;

const flipLastByte = async (path: string): Promise<void> => {
  const bytes = await readFile(path);
  await writeFile(
    path,
    bytes.map((byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte)),
  );
};

describe('a result', () => {
  const pathOf = async (): Promise<string> => {
    const names = await readdir(join(place, 'results'));
    return join(place, 'results', names.find((name) => !name.endsWith(manifestSuffix)) ?? '');
  };

  it('is read where it is whole, and the checkpoint that a kill left goes', async () => {
    right(await save(folder, job, result)());
    right(await folder.write('checkpoints', job)(Uint8Array.of(1))());
    const said = await heard(async () => {
      expect(await finished(folder, job)()).toEqual(E.right(result));
    });
    expect([said, await readdir(join(place, 'checkpoints'))]).toEqual(['', []]);
  });

  it.each(damages)('is named and counts as none: %s', async (_, damage) => {
    right(await save(folder, job, result)());
    const path = await pathOf();
    await damage(path);
    const said = await heard(async () => {
      expect(await finished(folder, job)()).toEqual(E.right(null));
    });
    expect(said).toMatch(/^efnn: '[^\n]*results[^\n]*' is made again: expected [^\n]+\n$/);
  });

  it('of another job is none, with a right digest or not', async () => {
    right(await save(folder, job, result)());
    const [path, other] = [await pathOf(), right(await openFolder(join(place, 'other'), 'another program')())];
    right(await save(other, job, { ...result, isingMismatches: 1 })());
    for (const name of await readdir(join(place, 'other', 'results'))) {
      const suffix = name.endsWith(manifestSuffix) ? manifestSuffix : '';
      await writeFile(path + suffix, await readFile(join(place, 'other', 'results', name)));
    }
    expect(await heard(() => finished(folder, job)())).toContain('that of another');
  });
});

describe('labels', () => {
  it.each(damages)('are named and made again, to the same bytes: %s', async (_, damage) => {
    await heard(remake);
    const [content, manifest] = [await readFile(labels), await readFile(labels + manifestSuffix)];
    await damage(labels);
    expect(await heard(remake)).toMatch(/efnn: '[^\n]*labels[^\n]*' is made again: expected [^\n]+\n/);
    expect([await readFile(labels), await readFile(labels + manifestSuffix)]).toEqual([content, manifest]);
  });

  it('that are whole take the journal away which a kill left', async () => {
    await heard(remake);
    await writeFile(labels + journalSuffix, 'of a call that was killed');
    expect(await heard(remake)).toBe('');
    expect((await readdir(join(place, 'labels'))).filter((name) => name.endsWith(journalSuffix))).toEqual([]);
  });
});

it('clears what a killed call left unfinished, and nothing that is finished', async () => {
  await remake();
  const left = temporaryBeside(labels);
  await writeFile(left, 'half');
  right(await folder.clear());
  expect([existsSync(left), existsSync(labels)]).toEqual([false, true]);
});
