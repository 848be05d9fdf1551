/** Values from outside, checked by a schema. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { z } from 'zod';

import { dataError, type DataError } from './data-error.ts';
import { parseJson, utf8 } from './parse-json.ts';
import { shown } from './quoted.ts';

/** The value as the schema has it. Fails with a message about the first place that is wrong, made by `describe`. */
export const decode =
  <A>(schema: z.ZodType<A>, describe: (issue: string) => string) =>
  (value: unknown): Either<DataError, A> => {
    const parsed = schema.safeParse(value);
    return parsed.success ? E.right(parsed.data) : E.left(dataError(describe(issueOf(parsed.error))));
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

/** Where, and what: `layers: a whole number`. Names from outside are shown as any other text from there. */
const issueOf = ({ issues: [issue] }: z.ZodError): string => {
  const place = issue?.path.join('.') ?? '';
  return shown(place === '' ? (issue?.message ?? 'invalid') : `${shown(place)}: ${issue?.message ?? 'invalid'}`);
};
