/** Values from outside, checked by a schema. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { z } from 'zod';

import { dataError, type DataError } from './data-error.ts';
import { parseJson, utf8 } from './parse-json.ts';
import { quoted, shown } from './quoted.ts';

/** The value as the schema has it. Fails with a message about the first place that is wrong, made by `describe`. */
export const decode =
  <A>(schema: z.ZodType<A>, describe: (issue: string) => string) =>
  (value: unknown): Either<DataError, A> => {
    const parsed = schema.safeParse(value);
    return parsed.success ? E.right(parsed.data) : E.left(dataError(describe(issueOf(parsed.error, value))));
  };

/** The value in the bytes of a JSON file, which messages call `what`. Fails where they are no JSON, or another value. */
export const decodeJson =
  <A>(what: string, schema: z.ZodType<A>) =>
  (bytes: Uint8Array): Either<DataError, A> =>
    pipe(
      utf8(what, bytes),
      E.chain(parseJson(what)),
      E.chain(decode(schema, () => `expected ${what}, got another content: copy or write the file again`)),
    );

/** What lies at a place of a value; undefined where there is nothing. */
const at = (value: unknown, [key, ...deeper]: readonly PropertyKey[]): unknown => {
  if (key === undefined) {
    return value;
  }
  const found = typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, key) : undefined;
  return found === undefined ? undefined : at(found.value, deeper);
};

/** What was got, as a message shows it. */
const gotText = (found: unknown): string => {
  if (found === undefined) {
    return 'none';
  }
  return typeof found === 'string' ? quoted(found) : shown(JSON.stringify(found));
};

/**
 * Where, what was expected, and what was got: `layers: expected a whole number, got 'two'`. Names from outside are shown as any other
 * text from there.
 */
const issueOf = ({ issues: [issue] }: z.ZodError, value: unknown): string => {
  if (issue === undefined) {
    return 'expected another value';
  }
  const expected = shown(issue.message.replace(/^Invalid (?:input|option): /, ''));
  const place = issue.path.length === 0 ? '' : `${shown(issue.path.join('.'))}: `;
  return `${place}${expected}${/\bgot\b/.test(expected) ? '' : `, got ${gotText(at(value, issue.path))}`}`;
};
