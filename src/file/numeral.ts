/** Numbers that files hold as text. */
import * as O from 'fp-ts/lib/Option.js';
import type { Option } from 'fp-ts/lib/Option.js';

/** A double has at most 17 digits, a sign, a point and an exponent: 24 characters; longer numerals are no program's. */
const longest = 32;

/**
 * The finite number that a decimal numeral stands for; nothing for hexadecimal, empty and padded texts, which `Number` takes.
 *
 * @example
 * decimal('-1.5e3') // some(-1500)
 *
 * @example
 * decimal('0x10') // none
 */
export const decimal = (text: string): Option<number> =>
  text.length <= longest && /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text))
    ? O.some(Number(text))
    : O.none;

/**
 * The whole number that decimal digits stand for, if a double holds it exactly.
 *
 * @example
 * wholeNumber('12') // some(12)
 */
export const wholeNumber = (text: string): Option<number> =>
  text.length <= longest && /^\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? O.some(Number(text)) : O.none;
