/** Laws of the conformance vectors: what they hold, and that each of their numbers counts. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { z } from 'zod';

import { relativeError, type Answers, type compared } from '../../src/conformance/comparison.ts';
import type { Vector } from '../../src/conformance/vector.ts';
import type { Law } from '../law.ts';
import { bitsOf } from '../vectors/family.ts';

/** Plain JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The committed vectors, with the schema of each. */
export interface Kit {
  readonly vectors: readonly Vector[];
  /** By family. */
  readonly schemas: ReadonlyMap<string, object>;
  /** Texts of all files by path. */
  readonly texts: ReadonlyMap<string, string>;
}

const familyOf = ({ id }: Pick<Vector, 'id'>): string => id.replace(/\/.*$/, '');

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** Same structure, same words, numbers of a list within a tolerance relative to the largest of them. */
export const agrees =
  (tolerance: number) =>
  (one: Json, other: Json): boolean => {
    if (typeof one === 'number' && typeof other === 'number') {
      return relativeError([one])([other]) <= tolerance;
    }
    if (one === null || other === null || typeof one !== 'object' || typeof other !== 'object') {
      return one === other;
    }
    if (isList(one) || isList(other)) {
      if (!isList(one) || !isList(other) || one.length !== other.length) {
        return false;
      }
      const numbers = one.filter((x) => typeof x === 'number');
      const others = other.filter((x) => typeof x === 'number');
      return numbers.length === one.length
        ? relativeError(numbers)(others) <= tolerance
        : one.every((value, i) => agrees(tolerance)(value, other[i] ?? null));
    }
    const [names, others] = [Object.keys(one), Object.keys(other)];
    return (
      names.join() === others.join() &&
      names.every((name) => name === 'float64' || agrees(tolerance)(one[name] ?? null, other[name] ?? null))
    );
  };

/**
 * The part of a tolerance that our own arithmetic may use up: eigenvalues and fits of other packages round in their own way
 * from engine to engine.
 */
const share = 0.1;

const parsed = (text: string): Json => z.json().parse(JSON.parse(text));

/** What the specification computes, by path. */
export const vectorsAreComputed = (computed: ReadonlyMap<string, string>): Law<Kit, null> => ({
  statement: 'the committed files are what the specification computes, all of them and no other',
  cases: fc.constant(null),
  runs: 1,
  holds:
    ({ texts, vectors }) =>
    () =>
      texts.size === computed.size &&
      [...computed].every(([path, text]) => {
        const tolerance = vectors.find(({ id }) => path === `${id}.json`)?.tolerance.relative ?? 0;
        const found = texts.get(path);
        return found === text || (found !== undefined && agrees(share * tolerance)(parsed(text), parsed(found)));
      }),
});

/** Judges a vector by the schema of its family. */
export type Validator = (schema: object) => (vector: unknown) => boolean;

/** It keeps what it has compiled, which takes longer than to validate. */
const ajv = new Ajv2020({ strict: true });

/** A standard validator of JSON Schema, draft 2020-12. */
export const standardValidator: Validator = (schema) => {
  const validate = ajv.compile(schema);
  return (vector) => validate(vector);
};

/** A vector that no reader should take: an entry is missing, or of another kind, or has a stranger beside it. */
interface Damage {
  readonly place: number;
  readonly entry: number;
  readonly how: 'missing' | 'text' | 'stranger' | 'version' | 'digits';
}

const damaged = ({ entry, how }: Damage, vector: Vector): unknown => {
  const names = Object.keys(vector).filter((name) => name !== 'outside' && name !== 'error');
  const name = names[entry % names.length] ?? '';
  const others = Object.fromEntries(Object.entries(vector).filter(([key]) => key !== name));
  switch (how) {
    case 'missing':
      return others;
    case 'text':
      return { ...others, [name]: name === 'inputs' ? 'x' : 7 };
    case 'stranger':
      return { ...vector, inputs: typeof vector.inputs === 'object' ? { ...vector.inputs, stranger: 1 } : 1 };
    case 'version':
      return { ...vector, version: 'efnn-vectors/0' };
    case 'digits':
      return {
        ...vector,
        expected: Object.fromEntries(
          Object.entries(vector.expected).map(([output, numbers]) => [output, { ...numbers, float64: ['0x1'] }]),
        ),
      };
  }
};

/** The law of validators, on these vectors. */
export const schemasTellVectors = ({ vectors, schemas }: Kit): Law<Validator, Damage> => ({
  statement: 'a standard validator accepts every vector by the schema of its family, and refuses a damaged one',
  cases: fc.record({
    place: fc.nat(100_000),
    entry: fc.nat(100),
    how: fc.constantFrom('missing', 'text', 'stranger', 'version', 'digits'),
  }),
  runs: 200,
  holds: (validator) => (damage) => {
    const vector = vectors[damage.place % vectors.length];
    const schema = vector === undefined ? undefined : schemas.get(familyOf(vector));
    if (vector === undefined || schema === undefined) {
      return false;
    }
    const accepts = validator(schema);
    return accepts(vector) && !accepts(damaged(damage, vector));
  },
});

export const vectorsSayWhatTheyAre: Law<Kit, null> = {
  statement: 'no id comes twice, no reason twice in a family; decimals are their bits; numbers fill their shape',
  cases: fc.constant(null),
  runs: 1,
  holds:
    ({ vectors }) =>
    () => {
      const ids = new Set(vectors.map(({ id }) => id));
      const reasons = new Set(vectors.map((vector) => `${familyOf(vector)}: ${vector.why}`));
      return (
        ids.size === vectors.length &&
        reasons.size === vectors.length &&
        vectors.every(({ expected }) =>
          Object.values(expected).every(
            ({ decimal, float64, shape }) =>
              decimal.length === shape.reduce((product, n) => product * n, 1) &&
              decimal.map(bitsOf).join() === float64.join(),
          ),
        )
      );
    },
};

export const derivativesAreNotZero: Law<Kit, null> = {
  statement:
    'no force and no gradient of a network or a loss is zero in all its entries: a port that gives none would pass there, ' +
    'and a right one that sums in another order would not',
  cases: fc.constant(null),
  runs: 1,
  holds:
    ({ vectors }) =>
    () => {
      const derivatives = vectors
        .filter((vector) => ['networks', 'losses'].includes(familyOf(vector)))
        .flatMap(({ expected }) =>
          Object.entries(expected).filter(([output]) => /^(d[EL]\/|forces$|tangential$)/.test(output)),
        );
      return derivatives.length > 0 && derivatives.every(([, { decimal }]) => decimal.some((x) => x !== 0));
    },
};

export const valuesFromOutsideAgree: Law<Kit, null> = {
  statement: 'every family has a value from outside this code, and it is what is expected',
  cases: fc.constant(null),
  runs: 1,
  holds:
    ({ vectors, schemas }) =>
    () => {
      const known = vectors.flatMap((vector) => (vector.outside ?? []).map((outside) => ({ vector, outside })));
      return (
        [...schemas.keys()].every((family) => known.some(({ vector }) => familyOf(vector) === family)) &&
        known.every(
          ({ vector: { expected }, outside: { output, decimal, relative } }) =>
            relativeError(decimal)(expected[output]?.decimal ?? []) <= relative,
        )
      );
    },
};

/** How answers are held against the vectors. */
export type Comparison = typeof compared;

interface Slip {
  readonly vector: number;
  readonly output: number;
  readonly entry: number;
  readonly how: 'sign' | 'digit' | 'zeros' | 'short' | 'not a number';
}

const slipped = ({ entry, how }: Slip, numbers: readonly number[]): readonly number[] => {
  const size = Math.max(...numbers.map(Math.abs));
  // A sign is lost where it can be told: at the largest of the numbers.
  const place = how === 'sign' ? numbers.findIndex((x) => Math.abs(x) === size) : entry % numbers.length;
  const at = (change: (x: number) => number): readonly number[] => numbers.map((x, i) => (i === place ? change(x) : x));
  switch (how) {
    case 'sign':
      return at((x) => (x === 0 ? 1 : -x));
    case 'digit':
      return at((x) => x + 1e-6 * (size === 0 ? 1 : size));
    case 'zeros':
      return size === 0 ? numbers.map(() => 1e-300) : numbers.map(() => 0);
    case 'short':
      return numbers.slice(1);
    case 'not a number':
      return at(() => NaN);
  }
};

/** The right answers of these vectors. */
export const rightAnswers = (vectors: readonly Vector[]): Answers =>
  Object.fromEntries(
    vectors.map(({ id, expected }) => [
      id,
      Object.fromEntries(Object.entries(expected).map(([output, { decimal }]) => [output, decimal])),
    ]),
  );

/** The law of comparisons, on these vectors. */
export const everyNumberCounts = (vectors: readonly Vector[]): Law<Comparison, Slip> => ({
  statement:
    'right answers agree; one wrong number, in sign or in the sixth digit, and zeros for what is not zero do not',
  cases: fc.record({
    vector: fc.nat(100_000),
    output: fc.nat(100),
    entry: fc.nat(10_000),
    how: fc.constantFrom('sign', 'digit', 'zeros', 'short', 'not a number'),
  }),
  runs: 400,
  holds: (comparison) => (slip) => {
    const vector = vectors[slip.vector % vectors.length];
    if (vector === undefined) {
      return false;
    }
    const answers = rightAnswers([vector]);
    const outputs = Object.keys(vector.expected);
    const output = outputs[slip.output % outputs.length] ?? '';
    const numbers = answers[vector.id]?.[output] ?? [];
    const wrong = { [vector.id]: { ...answers[vector.id], [output]: slipped(slip, numbers) } };
    const judged = comparison([vector]);
    return (
      judged(answers).every(({ agrees: isRight }) => isRight) &&
      judged(wrong).every(({ agrees: isRight, output: name }) => isRight === (name !== output))
    );
  },
});

/** A guide, and the vectors that it leads to. */
export interface Guided {
  readonly guide: string;
  readonly kit: Kit;
}

export const guideLeadsToVectors: Law<Guided, null> = {
  statement: 'the guide links a vector of every family, and nothing that is not there',
  cases: fc.constant(null),
  runs: 1,
  holds:
    ({ guide, kit: { texts, schemas } }) =>
    () => {
      const links = [...guide.matchAll(/\]\(([^)]*)\)/g)].map(([, link = '']) => link);
      const others = ['bugs.md', 'signatures.json'];
      return (
        links.every((link) => texts.has(link) || others.includes(link)) &&
        [...schemas.keys()].every((family) => links.some((link) => link.startsWith(`${family}/`)))
      );
    },
};

/** Vectors of refused files, and what the formats' own libraries were asked about them: their verdicts by the file's SHA-256. */
export interface AskedFiles {
  readonly vectors: readonly Vector[];
  readonly verdicts: ReadonlyMap<string, 'refused' | 'read'>;
}

/** A question whose file is in the vector. */
const askedFile = z.looseObject({
  what: z.enum(['weights-file', 'data-file', 'checkpoint']),
  given: z.strictObject({ base64: z.string() }),
});

export const refusedFilesHaveVerdicts = (digest: (bytes: Uint8Array) => string): Law<AskedFiles, null> => ({
  statement:
    "the format's own library was asked about every file that is refused, as it is now, and about no other; what it refuses too is said there",
  cases: fc.constant(null),
  runs: 1,
  holds:
    ({ vectors, verdicts }) =>
    () => {
      const asked = vectors.flatMap(({ inputs, outside = [] }) => {
        const { success, data } = askedFile.safeParse(inputs);
        return success
          ? [{ sha256: digest(Buffer.from(data.given.base64, 'base64')), isRefused: outside.length > 0 }]
          : [];
      });
      return (
        asked.length > 0 &&
        new Set(asked.map(({ sha256 }) => sha256)).size === verdicts.size &&
        asked.every(({ sha256, isRefused }) => verdicts.get(sha256) === (isRefused ? 'refused' : 'read'))
      );
    },
});
