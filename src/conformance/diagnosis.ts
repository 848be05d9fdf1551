/**
 * Which bug it may be: every known bug has a signature, the wrong numbers that a port with it answers. A bug is likely where
 * these are the numbers that were answered.
 */
import type { Either } from 'fp-ts/lib/Either.js';
import { z } from 'zod';

import type { DataError } from '../file/data-error.ts';
import { decodeJson } from '../file/decode.ts';
import type { Outcome } from './comparison.ts';
import { vectorsVersion } from './vector.ts';

/** One number that a bug makes wrong: its place in an output of a vector, and what it becomes; null is not finite. */
const signSchema = z.strictObject({
  id: z.string(),
  output: z.string(),
  place: z.number().int().min(0),
  value: z.number().nullable(),
});

/** A wrong number by which a bug is known. */
export type Sign = Readonly<z.infer<typeof signSchema>>;

const signaturesSchema = z.strictObject({
  version: z.literal(vectorsVersion),
  /** Outputs of which a bug has a sign wherever it makes them wrong; of others it has one where they are wrong first. */
  always: z.array(z.string()),
  bugs: z.array(z.strictObject({ bug: z.string(), kind: z.string(), signs: z.array(signSchema).nonempty() })),
});

/** A bug with the wrong numbers by which it is known. */
export type Signature = Readonly<z.infer<typeof signaturesSchema>['bugs'][number]>;

/** All known bugs. */
export type Signatures = Readonly<z.infer<typeof signaturesSchema>>;

/** The signatures in the bytes of `signatures.json`. */
export const readSignatures: (bytes: Uint8Array) => Either<DataError, Signatures> = decodeJson(
  `signatures of bugs, version ${vectorsVersion}`,
  signaturesSchema,
);

/** A bug that explains wrong answers. */
export interface Suspect {
  readonly bug: string;
  /** Other bugs that answer the same, as far as was answered. */
  readonly or: readonly string[];
  /** The vectors of which it explains the numbers. */
  readonly explained: readonly string[];
  /** How many vectors it would have made wrong in another way than they are. */
  readonly contradicted: number;
}

/** Which bugs are likely, from how a port answered; the likeliest first, and after it what it leaves unexplained. */
export type Diagnosis = (
  signatures: Signatures,
  precision: number,
) => (outcomes: readonly Outcome[]) => readonly Suspect[];

const keyOf = ({ id, output }: Pick<Outcome, 'id' | 'output'>): string => `${id} ${output}`;

const matches = ({ value, place }: Sign, { answered, expected }: Outcome, precision: number): boolean => {
  const found = answered[place] ?? NaN;
  if (value === null || !Number.isFinite(found)) {
    return value === null && !Number.isFinite(found);
  }
  const size = expected.decimal.reduce((most, x) => Math.max(most, Math.abs(x)), Math.abs(value));
  return Math.abs(found - value) <= precision * size;
};

const suspectOf = (
  { bug, signs }: Signature,
  outcomes: ReadonlyMap<string, Outcome>,
  wrong: ReadonlySet<string>,
  unsigned: (signs: readonly Sign[]) => ReadonlySet<string>,
  precision: number,
): Suspect => {
  const seen = signs.flatMap((sign) => {
    const outcome = outcomes.get(keyOf(sign));
    return outcome === undefined ? [] : [{ id: sign.id, fits: !outcome.agrees && matches(sign, outcome, precision) }];
  });
  const contradicted = new Set(seen.filter(({ fits }) => !fits).map(({ id }) => id));
  const beyond = unsigned(signs);
  const explained = new Set(
    seen
      .filter(({ id, fits }) => fits && wrong.has(id) && !contradicted.has(id) && !beyond.has(id))
      .map(({ id }) => id),
  );
  return { bug, or: [], explained: [...explained], contradicted: contradicted.size };
};

const worth = ({ explained, contradicted }: Suspect): number => explained.length - contradicted;

const alike = (one: Suspect, other: Suspect): boolean =>
  one.contradicted === other.contradicted && one.explained.join() === other.explained.join();

/** At most so many bugs are named: more than three at once are better found one by one. */
const most = 3;

/** The likely bugs: those whose numbers are the answered ones, in more vectors than they contradict. */
export const diagnosed: Diagnosis =
  ({ bugs, always }, precision) =>
  (outcomes) => {
    const byKey = new Map(outcomes.map((outcome) => [keyOf(outcome), outcome]));
    const watched = outcomes.filter(({ output, agrees }) => !agrees && always.includes(output));
    /** The vectors of which an output is wrong that these signs leave right. */
    const unsigned = (signs: readonly Sign[]): ReadonlySet<string> => {
      const signed = new Set(signs.map(keyOf));
      return new Set(watched.filter((outcome) => !signed.has(keyOf(outcome))).map(({ id }) => id));
    };
    const next = (wrong: ReadonlySet<string>, found: readonly Suspect[]): readonly Suspect[] => {
      if (wrong.size === 0 || found.length === most) {
        return found;
      }
      const [best, ...others] = bugs
        .map((signature) => suspectOf(signature, byKey, wrong, unsigned, precision))
        .filter(({ explained }) => explained.length > 0)
        .toSorted((a, b) => worth(b) - worth(a) || a.contradicted - b.contradicted);
      return best === undefined
        ? found
        : next(new Set([...wrong].filter((id) => !best.explained.includes(id))), [
            ...found,
            { ...best, or: others.filter((other) => alike(best, other)).map(({ bug }) => bug) },
          ]);
    };
    return next(new Set(outcomes.filter(({ agrees }) => !agrees).map(({ id }) => id)), []);
  };

/** Two sets of vectors are alike where so much of what is in either is in both. */
const overlap = 0.9;

/**
 * The bugs that make nearly the same vectors wrong, whatever their numbers, likest first: where to look if no known bug has the
 * numbers.
 */
export const alikeInPlace =
  ({ bugs }: Signatures) =>
  (outcomes: readonly Outcome[]): readonly string[] => {
    const answered = new Set(outcomes.map(({ id }) => id));
    const wrong = new Set(outcomes.filter(({ agrees }) => !agrees).map(({ id }) => id));
    const likeness = ({ signs }: Signature): number => {
      const touched = new Set(signs.map(({ id }) => id).filter((id) => answered.has(id)));
      const both = [...touched].filter((id) => wrong.has(id)).length;
      return both / (touched.size + wrong.size - both);
    };
    return bugs
      .map((signature) => ({ bug: signature.bug, likeness: likeness(signature) }))
      .filter((each) => each.likeness >= overlap)
      .toSorted((a, b) => b.likeness - a.likeness)
      .slice(0, most)
      .map(({ bug }) => bug);
  };
