/** The vectors for porters, and that a port would be caught by them. */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { verify } from './law.ts';
import {
  agrees,
  everyNumberCounts,
  vectorsAreComputed,
  vectorsKeepTheirSchema,
  type Committed,
  type Json,
} from './laws/vectors.ts';
import { computedFiles } from './vectors/files.ts';

const folder = join(import.meta.dirname, 'vectors');

const json = (text: string): Json => z.json().parse(JSON.parse(text));

const read = async (name: string): Promise<Json> => json(await readFile(join(folder, name), 'utf8'));

const computed = Object.fromEntries(Object.entries(computedFiles()).map(([name, text]) => [name, json(text)]));

const found = Object.fromEntries(
  await Promise.all(Object.keys(computed).map(async (name) => [name, await read(name)] as const)),
);

const committed: Committed = (name) => found[name] ?? null;

interface Cases {
  readonly [key: string]: Json;
  readonly cases: readonly Json[];
}

const withCases = z.looseObject({ cases: z.array(z.json()) });

const edited =
  (edit: (file: Cases) => Json): Committed =>
  (name) =>
    edit(z.intersection(z.record(z.string(), z.json()), withCases).parse(committed(name)));

const casesOf = ({ cases }: Cases): readonly Json[] => cases;

/** All energies are off: the vectors of an earlier version. */
const stale: Committed = (name) =>
  json(
    JSON.stringify(committed(name)).replaceAll(
      /"energy":([-\d.e]+)/g,
      (_, energy: string) => `"energy":${Number(energy) + 1e-9}`,
    ),
  );

verify(
  vectorsAreComputed((name) => computed[name] ?? null),
  committed,
  {
    'they were written by an earlier version': stale,
    'the last case is missing': edited((file) => ({ ...file, cases: casesOf(file).slice(0, -1) })),
    'cases are in another order': edited((file) => ({ ...file, cases: casesOf(file).toReversed() })),
  },
);

verify(vectorsKeepTheirSchema, committed, {
  'no case says why': edited((file) => ({
    ...file,
    cases: casesOf(file).map((example) => json(JSON.stringify(example).replace(/"why":"[^"]*"/, '"why":""'))),
  })),
  'numbers are written as text': (name) =>
    json(JSON.stringify(committed(name)).replaceAll(/"energy":([-\d.e]+)/g, '"energy":"$1"')),
  'a case comes twice': edited((file) => ({ ...file, cases: [...casesOf(file), ...casesOf(file)] })),
  'there are no cases': edited((file) => ({ ...file, cases: [] })),
});

verify(everyNumberCounts(committed), agrees, {
  'a tolerance of per cent': () => agrees(1e-2),
  'moduli are compared': (tolerance) => (a, b) =>
    agrees(tolerance)(
      json(JSON.stringify(a).replaceAll(/-(?=\d)/g, '')),
      json(JSON.stringify(b).replaceAll(/-(?=\d)/g, '')),
    ),
  'shapes alone are compared': () => (a, b) => JSON.stringify(a).length > 0 && JSON.stringify(b).length > 0,
});

describe('the folder', () => {
  it('has the JSON Schema of every file', async () => {
    expect(await read('schema.json')).toEqual(computed['schema.json']);
  });

  it('stays small enough to be read: under 400 kB', async () => {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
    const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
    expect(texts.reduce((sum, { length }) => sum + length, 0)).toBeLessThan(400_000);
  });
});
