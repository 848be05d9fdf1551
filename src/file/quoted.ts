/** Text from outside, as messages show it. */

/** How many characters are shown of the start and of the end of a long text. */
const shownStart = 80;
const shownEnd = 40;

/**
 * The text on one line, for messages: whatever a terminal would obey or hide (control and format characters, line
 * separators, lone surrogates) is shown as `\u{..}`, and of more than 120 characters the middle is left out, so that no file
 * can move a cursor or fill a screen.
 */
export const shown = (text: string): string =>
  text.length <= shownStart + shownEnd
    ? visible(text)
    : `${visible(text.slice(0, shownStart))}..${visible(text.slice(-shownEnd))}`;

/**
 * The same between single quotes.
 *
 * @example
 * quoted('spins.npy') // "'spins.npy'"
 *
 * @example
 * quoted('\u001b[2J') // "'\\u{1b}[2J'"
 */
export const quoted = (text: string): string => `'${shown(text)}'`;

/** The text with `\\u{..}` in the place of whatever a terminal would obey or hide. */
export const visible = (text: string): string =>
  text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
