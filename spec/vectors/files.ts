/** The files of this folder that the specification computes: their paths and texts. */
import { vectorsVersion, type Vector, type VectorIndex } from '../../src/conformance/vector.ts';
import { bugPage, signaturesOf, type Caught } from '../port/signatures.ts';
import { families } from './families.ts';
import { jsonSchemaOf, vectorsOf, type Family } from './family.ts';

/** JSON with one line for each list of numbers or bits. */
export const textOf = (value: unknown): string =>
  `${JSON.stringify(value, null, 1).replaceAll(/\[[-\d.e+,\s]*\]|\[\s*"[0-9a-f]{16}"[^\]]*\]/g, (list) => list.replaceAll(/\s+/g, ' '))}\n`;

const all: readonly Family[] = families;

/** The vectors of every family, in order. */
export const computedVectors = async (): Promise<readonly (readonly Vector[])[]> => Promise.all(all.map(vectorsOf));

const indexOf = (vectors: readonly (readonly Vector[])[]): VectorIndex => ({
  version: vectorsVersion,
  families: all.map(({ name, about }, i) => ({ family: name, about, cases: (vectors[i] ?? []).map(({ id }) => id) })),
});

/** Everything that follows from the vectors of the specification, by path. */
export const computedFiles = (vectors: readonly (readonly Vector[])[]): ReadonlyMap<string, string> =>
  new Map([
    ['index.json', textOf(indexOf(vectors))],
    ...all.map((family): [string, string] => [`schema/${family.name}.json`, textOf(jsonSchemaOf(family))]),
    ...vectors.flat().map((vector): [string, string] => [`${vector.id}.json`, textOf(vector)]),
  ]);

/** What is said of the bugs that the vectors catch, by path. */
export const bugFiles = (caught: readonly Caught[]): ReadonlyMap<string, string> =>
  new Map([
    ['signatures.json', `${JSON.stringify(signaturesOf(caught)).replaceAll('{"bug"', '\n{"bug"')}\n`],
    ['bugs.md', bugPage(caught)],
  ]);
