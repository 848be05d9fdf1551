/** JSON with its keys in alphabetical order, so that equal values are equal texts, whoever wrote them. */

/** What JSON can say; keys without a value are left out. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/** On one line. */
export const canonicalJson = (value: Json): string => JSON.stringify(sorted(value));

/** Indented, for people. */
export const indentedJson = (value: Json): string => `${JSON.stringify(sorted(value), null, 2)}\n`;

const sorted = (value: Json): Json => {
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return isList(value)
    ? value.map(sorted)
    : Object.fromEntries(
        Object.entries(value)
          .toSorted(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, entry]) => [key, entry === undefined ? undefined : sorted(entry)]),
      );
};

/** Array.isArray does not narrow readonly arrays. */
const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
