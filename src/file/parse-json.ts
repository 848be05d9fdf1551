/** JSON from outside, read with limits, so that no text is believed in parts or exhausts its reader. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { dataError, type DataError } from './data-error.ts';
import { depthOf, numberBeyondFloat64, repeatedKey } from './json-text.kernel.ts';
import { quoted, shown } from './quoted.ts';

/** Deeper than any file of ours, and shallow enough for every recursive reader. */
const deepest = 64;

/** As many as the safetensors library reads of a header. */
const mostCharacters = 100_000_000;

/**
 * The value of a JSON text from outside, which messages call `what`. Fails for what is no JSON, is longer than 10^8 characters
 * or deeper than 64, has a key twice in one object, the key `__proto__`, which is no entry but an object's prototype to
 * much that reads it, a number too large for float64, which would be read as infinite, or half of a surrogate pair, which is
 * no character and cannot be written as UTF-8.
 */
export const parseJson =
  (what: string) =>
  (text: string): Either<DataError, unknown> => {
    const refused = (got: string): Either<DataError, never> =>
      E.left(dataError(`expected ${what}, got ${got}: copy or write the file again`));
    if (text.length > mostCharacters) {
      return refused(`${text.length} characters, more than ${mostCharacters}`);
    }
    if (depthOf(text) > deepest) {
      return refused(`lists and objects in each other deeper than ${deepest}`);
    }
    return pipe(
      E.tryCatch(
        (): unknown => JSON.parse(text),
        () =>
          dataError(
            `expected ${what}, got ${quoted(text.slice(0, 40))}, which is no JSON: copy or write the file again`,
          ),
      ),
      E.chain((value) => {
        const key = repeatedKey(text);
        if (key !== null) {
          return refused(`the key ${quoted(key)} twice`);
        }
        if (namesPrototype(value)) {
          return refused('the key __proto__');
        }
        if (hasInfinite(value)) {
          return refused(`the number ${shown(numberBeyondFloat64(text) ?? '')}, which is too large for float64`);
        }
        return hasHalfPair(value) ? refused('half of a surrogate pair, which is no character') : E.right(value);
      }),
    );
  };

/** Bytes as UTF-8, or nothing where they are none; a byte order mark stays. */
export const utf8 = (what: string, bytes: Uint8Array): Either<DataError, string> =>
  E.tryCatch(
    () => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes),
    () => dataError(`expected ${what}, got bytes that are no UTF-8: copy or write the file again`),
  );

const namesPrototype = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (Object.hasOwn(value, '__proto__') || Object.values(value).some(namesPrototype));

const hasInfinite = (value: unknown): boolean =>
  typeof value === 'object' && value !== null
    ? Object.values(value).some(hasInfinite)
    : typeof value === 'number' && !Number.isFinite(value);

const halfPair = /\p{Cs}/u;

const hasHalfPair = (value: unknown): boolean =>
  typeof value === 'string'
    ? halfPair.test(value)
    : typeof value === 'object' &&
      value !== null &&
      Object.entries(value).some(
        ([key, entry]: readonly [string, unknown]) => halfPair.test(key) || hasHalfPair(entry),
      );
