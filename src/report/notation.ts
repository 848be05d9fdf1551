/**
 * How numbers are written for readers: rounded to significant digits, whole numbers in full, and powers of ten where a
 * decimal would be a row of zeros. And phrases at the beginning of sentences.
 */
import { pow } from '../number/elementary/power.kernel.ts';

/** A number in decimal notation: mantissa, and the power of ten that follows it, if any. */
interface Notation {
  readonly mantissa: string;
  readonly exponent: number | null;
}

const isShortInteger = (x: number): boolean => Number.isInteger(x) && Math.abs(x) < 1e9;

const atOnce = (text: string): Notation => ({ mantissa: text, exponent: null });

/** Whether decimals would be a row of zeros, so that a power of ten reads better. */
const wantsPower = (digits: number, x: number): boolean => Math.abs(x) < 1e-2 || Math.abs(x) >= pow(10, digits + 2);

/** Rounds to `digits` significant digits, with a power of ten where it reads better; whole numbers below 1e9 stay whole. */
const notate =
  (digits: number) =>
  (x: number): Notation => {
    if (!Number.isFinite(x)) {
      return atOnce(Number.isNaN(x) ? 'not a number' : x > 0 ? 'infinite' : '-infinite');
    }
    if (isShortInteger(x)) {
      return atOnce(String(x === 0 ? 0 : x));
    }
    const [mantissa = '', exponent = '0'] = x.toExponential(digits - 1).split('e');
    return wantsPower(digits, x)
      ? { mantissa, exponent: Number(exponent) }
      : atOnce(x.toFixed(Math.max(0, digits - 1 - Number(exponent))));
  };

/** Without closing zeros where the number has no more digits: 0.04 from a paper does not pretend to be 0.0400. */
const shorten =
  (x: number) =>
  ({ mantissa, exponent }: Notation): Notation => {
    const isExact = Number(`${mantissa}e${exponent ?? 0}`) === x;
    return { mantissa: isExact && mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa, exponent };
  };

const free = (digits: number, x: number): Notation => shorten(x)(notate(digits)(x));

/** A minus sign, and narrow spaces between groups of three digits from ten thousand on. */
const typeset = (mantissa: string): string => {
  const [whole = '', fraction] = mantissa.replace('-', '\u2212').split('.');
  const grouped = whole.replace(/\D/g, '').length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, '\u202f') : whole;
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
};

const superscripts: Readonly<Record<string, string>> = {
  '-': '⁻',
  ...Object.fromEntries(Array.from('⁰¹²³⁴⁵⁶⁷⁸⁹', (raised, digit) => [String(digit), raised])),
};

const superscript = (exponent: number): string =>
  String(exponent).replace(/./g, (character) => superscripts[character] ?? character);

/** `4.13e-3`: for terminals, and for programs to read back. */
export const plain =
  (digits: number) =>
  (x: number): string => {
    const { mantissa, exponent } = free(digits, x);
    return exponent === null ? mantissa : `${mantissa}e${exponent}`;
  };

const set = ({ mantissa, exponent }: Notation): string =>
  exponent === null ? typeset(mantissa) : `${typeset(mantissa)} × 10${superscript(exponent)}`;

/** `4.13 × 10⁻³`: for charts and pages. */
export const typographic =
  (digits: number) =>
  (x: number): string =>
    set(free(digits, x));

/** As `typographic`, but with all digits, so that the numbers of a column have as many. */
export const tabular =
  (digits: number) =>
  (x: number): string =>
    set(notate(digits)(x));

/** A phrase as it begins a sentence or a title. */
export const capitalized = (phrase: string): string => phrase.slice(0, 1).toUpperCase() + phrase.slice(1);
