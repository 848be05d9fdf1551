/** Laws of text from outside in messages. */
import fc from 'fast-check';

import type { Law } from '../law.ts';

/** What moves a cursor, changes a colour, turns the reading direction or ends a line, among harmless text. */
const hostile = fc.constantFrom('\u001b[2J', '\n', '\r', '\0', '\u009b', '\u202e', '\u2028', '\ud800', '\u200b', '\t');

const texts = fc
  .array(fc.oneof(fc.string({ unit: 'binary' }), hostile), { maxLength: 30 })
  .chain((parts) => fc.constantFrom(parts.join(''), parts.join('').repeat(200)));

/** Letters, digits, marks of every script; no controls, no formats, no separators but the space. */
const harmless = /^[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}]*$/u;

export const quotedIsOneSafeLine: Law<(text: string) => string, string> = {
  statement: 'quoted text is one line that a terminal shows as it stands, of bounded length, between quotes',
  cases: texts,
  holds: (quote) => (text) => {
    const shown = quote(text);
    // Each of the 120 characters that are shown becomes 10 at most, as in \u{10ffff}.
    return harmless.test(shown) && shown.length <= 1204 && shown.startsWith("'") && shown.endsWith("'");
  },
  runs: 300,
};

export const shortTextIsQuotedAsItIs: Law<(text: string) => string, string> = {
  statement: 'short text without anything to escape is quoted as it is',
  cases: fc
    .string({ unit: 'grapheme-composite', maxLength: 40 })
    .filter((text) => text.length <= 120 && harmless.test(text)),
  holds: (quote) => (text) => quote(text) === `'${text}'`,
};

export const bothEndsAreShown: Law<(text: string) => string, readonly [string, string]> = {
  statement: 'of a long text the start and the end are shown',
  cases: fc.tuple(fc.stringMatching(/^[a-z]{80}$/), fc.stringMatching(/^[a-z]{40}$/)),
  holds:
    (quote) =>
    ([start, end]) =>
      quote(start + '/'.repeat(60_000) + end) === `'${start}..${end}'`,
};
