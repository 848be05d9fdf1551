/** The formal part: what Coq checks is run by `npm run proofs`; here, that its pages name the theorems that there are. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { build, installedCoq, modulesInOrder, theoremsOf, unprovenWords } from './coq/check.ts';
import { mutants } from './coq/mutants.ts';

const modules = await modulesInOrder();
const page = await readFile(join(import.meta.dirname, 'README.md'), 'utf8');
const theorems = (
  await Promise.all(modules.map(async (name) => (await theoremsOf(name)).map((theorem) => `${name}.${theorem}`)))
).flat();

describe('the Coq files', () => {
  it('leave nothing unproven', async () => {
    expect((await Promise.all(modules.map(unprovenWords))).flat()).toEqual([]);
  });

  it('have a mutant each where they have a theorem', () => {
    const withTheorems = new Set(theorems.map((theorem) => theorem.split('.')[0]));
    expect([...withTheorems].filter((name) => !mutants.some(({ file }) => file === name))).toEqual([]);
  });

  it('state the theorems that the page names, and no others', () => {
    const named = [...page.matchAll(/`([A-Z]\w+\.[a-z]\w+)`/g)].flatMap(([, name]) => name ?? []);
    expect([...new Set(named)].sort()).toEqual([...theorems].sort());
  });

  it.skipIf(installedCoq() === null)(
    'compile (skipped without coqc: the formal part was not run; apt-get install coq, then npm run proofs)',
    async () => {
      const built = join(import.meta.dirname, '..', 'reports', 'coq');
      expect(await build(built)).toEqual([]);
    },
    300_000,
  );
});
