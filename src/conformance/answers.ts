/** The file in which a port hands in its answers. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { z } from 'zod';

import { dataError, type DataError } from '../file/data-error.ts';
import { decode } from '../file/decode.ts';
import { parseJson, utf8 } from '../file/parse-json.ts';
import { quoted } from '../file/quoted.ts';
import type { Answers } from './comparison.ts';
import type { Vector } from './vector.ts';

/** A number, lists of numbers in each other, or null for what is not finite. */
type Nested = number | null | readonly Nested[];

const nested: z.ZodType<Nested> = z.lazy(() => z.union([z.number(), z.null(), z.array(nested)]));

const isList = (value: Nested): value is readonly Nested[] => Array.isArray(value);

const flat = (value: Nested): readonly number[] => (isList(value) ? value.flatMap(flat) : [value ?? NaN]);

const answersSchema = z.record(z.string(), z.record(z.string(), nested));

const form = '{"FAMILY/CASE": {"OUTPUT": [numbers]}}';

/**
 * The answers in the bytes of a file, `{"FAMILY/CASE": {"OUTPUT": [numbers]}}`; the numbers of an output may be one, a list, or
 * lists in each other, row-major; null stands for what is not finite. Fails for cases and outputs that there are none of.
 */
export const readAnswers =
  (vectors: readonly Vector[]) =>
  (bytes: Uint8Array): Either<DataError, Answers> =>
    pipe(
      utf8('answers as JSON', bytes),
      E.chain(parseJson(`answers as JSON, ${form}, with null for what is not finite`)),
      E.chain(decode(answersSchema, (issue) => `expected answers ${form}, but ${issue}; write them so`)),
      E.map((found) =>
        Object.fromEntries(
          Object.entries(found).map(([id, outputs]) => [
            id,
            Object.fromEntries(Object.entries(outputs).map(([output, numbers]) => [output, flat(numbers)])),
          ]),
        ),
      ),
      E.chainFirst(allAsked(vectors)),
    );

const allAsked =
  (vectors: readonly Vector[]) =>
  (answers: Answers): Either<DataError, void> => {
    const asked = new Map(vectors.map(({ id, expected }) => [id, Object.keys(expected)]));
    const stranger = Object.keys(answers).find((id) => !asked.has(id));
    if (stranger !== undefined) {
      return E.left(
        dataError(
          `expected ids of vectors, as networks/lattice-efnn-1, got ${quoted(stranger)}: take them from index.json`,
        ),
      );
    }
    const strange = Object.entries(answers)
      .flatMap(([id, outputs]) => Object.keys(outputs).map((output) => ({ id, output, known: asked.get(id) ?? [] })))
      .find(({ output, known }) => !known.includes(output));
    if (strange !== undefined) {
      return E.left(
        dataError(
          `expected of ${strange.id} the outputs ${strange.known.join(', ')}, got ${quoted(strange.output)}: ` +
            'take their names from the vector',
        ),
      );
    }
    return Object.values(answers).some((outputs) => Object.keys(outputs).length > 0)
      ? E.right(undefined)
      : E.left(dataError(`expected answers to one vector at least, got none: write them as ${form}`));
  };
