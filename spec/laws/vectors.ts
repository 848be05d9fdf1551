/** Laws of the vectors for porters: they are what the specification computes, and each of their numbers counts. */
import fc from 'fast-check';

import type { Law } from '../law.ts';
import { vectorSchemas, type VectorName } from '../vectors/schema.ts';

/** Plain JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Whether a port, or the file, agrees with the specification, within a tolerance for numbers. */
export type Agreement = (tolerance: number) => (specified: Json, found: Json) => boolean;

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** Same structure, same words, numbers within tolerance * (1 + |x|), two whole numbers exactly. */
export const agrees: Agreement = (tolerance) => (specified, found) => {
  if (typeof specified === 'number' && typeof found === 'number') {
    const allowed = Number.isInteger(specified) && Number.isInteger(found) ? 0 : tolerance;
    return Math.abs(specified - found) <= allowed * (1 + Math.abs(specified));
  }
  if (specified === null || found === null || typeof specified !== 'object' || typeof found !== 'object') {
    return specified === found;
  }
  if (isList(specified) || isList(found)) {
    return (
      isList(specified) &&
      isList(found) &&
      specified.length === found.length &&
      specified.every((value, i) => agrees(tolerance)(value, found[i] ?? null))
    );
  }
  const [names, others] = [Object.keys(specified), Object.keys(found)];
  return (
    names.join() === others.join() &&
    names.every((name) => agrees(tolerance)(specified[name] ?? null, found[name] ?? null))
  );
};

/** Reads a committed file of vectors. */
export type Committed = (name: VectorName) => Json;

const isVectorName = (name: string): name is VectorName => name in vectorSchemas;

const names = fc.constantFrom(...Object.keys(vectorSchemas).filter(isVectorName));

/**
 * The part of a file's tolerance that our own arithmetic may use up: engines round tanh, sin and log in their own way,
 * and another order of sums moves levels by some last bits.
 */
const share = 0.1;

export const vectorsAreComputed = (computed: Committed): Law<Committed, VectorName> => ({
  statement: 'the committed vectors are what the specification computes',
  cases: names,
  runs: 60,
  holds: (committed) => (name) =>
    agrees(share * vectorSchemas[name].parse(computed(name)).tolerance)(computed(name), committed(name)),
});

export const vectorsKeepTheirSchema: Law<Committed, VectorName> = {
  statement: 'every file keeps its schema, every case says why, and no case comes twice',
  cases: names,
  runs: 60,
  holds: (committed) => (name) => {
    const parsed = vectorSchemas[name].safeParse(committed(name));
    if (!parsed.success) {
      return false;
    }
    const cases = parsed.data.cases.map((example) => JSON.stringify(example));
    return new Set(cases).size === cases.length;
  },
};

/** The number at a place, counted along the file, changed; everything else as it was. */
const changed = (
  value: Json,
  place: number,
  by: (x: number) => number,
): { readonly value: Json; readonly seen: number } => {
  if (typeof value === 'number') {
    return { value: place === 0 ? by(value) : value, seen: 1 };
  }
  if (value === null || typeof value !== 'object') {
    return { value, seen: 0 };
  }
  const entries = isList(value) ? value.map((entry, i) => [String(i), entry] as const) : Object.entries(value);
  const { parts, seen } = entries.reduce<{
    readonly parts: readonly (readonly [string, Json])[];
    readonly seen: number;
  }>(
    (before, [key, entry]) => {
      const next = changed(entry, place - before.seen, by);
      return { parts: [...before.parts, [key, next.value]], seen: before.seen + next.seen };
    },
    { parts: [], seen: 0 },
  );
  return { value: isList(value) ? parts.map(([, entry]) => entry) : Object.fromEntries(parts), seen };
};

interface Change {
  readonly name: VectorName;
  readonly place: number;
  readonly by: 'sign' | 'digit';
}

/** Wrong numbers of a port: a sign lost, or the sixth digit. */
const changes = {
  sign: (x: number) => (x === 0 ? 1 : -x),
  digit: (x: number) => x + 1e-6 * (1 + Math.abs(x)),
};

/** How many numbers a file holds. */
const size = (value: Json): number => changed(value, -1, (x) => x).seen;

export const everyNumberCounts = (committed: Committed): Law<Agreement, Change> => ({
  statement: 'a port with one wrong number, in sign or in the sixth digit, is told from a right one',
  cases: fc.record({ name: names, place: fc.nat(1_000_000), by: fc.constantFrom('sign', 'digit') }),
  runs: 150,
  holds:
    (agreement) =>
    ({ name, place, by }) => {
      const file = committed(name);
      const wrong = changed(file, place % size(file), changes[by]).value;
      const tolerance = vectorSchemas[name].parse(file).tolerance;
      return agreement(tolerance)(file, file) && !agreement(tolerance)(file, wrong);
    },
});
