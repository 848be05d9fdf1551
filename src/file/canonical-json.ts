/**
 * JSON with its keys sorted, so that equal values are equal texts, whoever wrote them.
 *
 * @source RFC 8785, JSON Canonicalization Scheme
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';

import { dataError, type DataError } from './data-error.ts';

/** What JSON can say; keys without a value are left out. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * The canonical text of RFC 8785, on one line: keys by their UTF-16 code units, numbers as ECMAScript shows them. Whoever
 * digests it has read or checked its numbers before: one that is not finite is a bug.
 *
 * @example
 * canonicalJson({ b: [1e3, null], a: 'x' }) // '{"a":"x","b":[1000,null]}'
 */
export const canonicalJson = (value: Json): string => written(value, '', '');

/** The same entries in the same order, indented for people, with a newline at the end. */
export const indentedJson = (value: Json): string => `${written(value, '\n', '  ')}\n`;

/** A type that JSON can say, interfaces too, which `Json` does not take for want of an index; never where it cannot. */
export type AsJson<T> = T extends Json | undefined
  ? T
  : T extends (...args: never) => unknown
    ? never
    : T extends object
      ? { readonly [K in keyof T]: AsJson<T[K]> }
      : never;

/** The text of a value on one line, in the order of its own keys. Fails for a number that is not finite, which JSON cannot say. */
export const jsonLine = <T>(value: T & AsJson<T>): Either<DataError, string> => ofFiniteNumbers(value, 0);

/** The same text, indented for people. */
export const jsonLines = <T>(value: T & AsJson<T>): Either<DataError, string> => ofFiniteNumbers(value, 2);

const ofFiniteNumbers = (value: unknown, indent: number): Either<DataError, string> => {
  const place = placeOfNonFinite(value);
  return place === null
    ? E.right(`${JSON.stringify(value, undefined, indent)}\n`)
    : E.left(
        dataError(`expected finite numbers, got ${place}: JSON has no other; use smaller parameters or other data`),
      );
};

/** `line` is what comes before each entry of a list or object, `step` how much deeper entries are indented. */
const written = (value: Json, line: string, step: string): string => {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new RangeError(`JSON has no number ${value}: check numbers before they are written`);
  }
  if (typeof value !== 'object' || value === null) {
    return JSON.stringify(value);
  }
  const inner = line === '' ? '' : line + step;
  const colon = step === '' ? ':' : ': ';
  const entries = isList(value)
    ? value.map((entry) => written(entry, inner, step))
    : Object.entries(value)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([key, entry]) =>
          entry === undefined ? [] : [JSON.stringify(key) + colon + written(entry, inner, step)],
        );
  const [open, close] = isList(value) ? ['[', ']'] : ['{', '}'];
  return entries.length === 0 ? open + close : open + inner + entries.join(`,${inner}`) + line + close;
};

/** Where a number is not finite: `NaN in energies[3]`; null if all are. */
const placeOfNonFinite = (value: unknown, place = ''): string | null => {
  if (typeof value === 'number') {
    return Number.isFinite(value) ? null : `${value} in ${place === '' ? 'the value' : place}`;
  }
  if (typeof value !== 'object' || value === null) {
    return null;
  }
  const [entries, isIndex] = [Object.entries(value), Array.isArray(value)];
  return entries.reduce<string | null>(
    (found, [key, entry]) => found ?? placeOfNonFinite(entry, isIndex ? `${place}[${key}]` : joined(place, key)),
    null,
  );
};

const joined = (place: string, key: string): string => (place === '' ? key : `${place}.${key}`);

/** Array.isArray does not narrow readonly arrays. */
const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
