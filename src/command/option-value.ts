/** The values of options: texts that must be numbers, whole numbers or one of a few words. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { alternatives } from '../dataset/alternatives.ts';
import { quoted } from '../file/quoted.ts';
import { usageError, usageErrorIn, type UsageError } from './command-error.ts';

/** Reads the text of one option, whose name the message repeats. */
export type OptionValue<A> = (option: string, text: string) => E.Either<UsageError, A>;

/** A finite number. */
export const numberValue: OptionValue<number> = (option, text) =>
  isNumeral(text) && Number.isFinite(Number(text))
    ? E.right(Number(text))
    : E.left(usageError(`--${option}: expected a number, got ${quoted(text)}: write it as in --${option} 0.1`));

/** A whole number of at least `least`, and at most `most`; the message has one that would do. */
export const wholeNumber =
  (least: number, most: number = Number.MAX_SAFE_INTEGER, example = Math.max(least, 1)): OptionValue<number> =>
  (option, text) =>
    isNumeral(text) && Number.isSafeInteger(Number(text)) && Number(text) >= least && Number(text) <= most
      ? E.right(Number(text))
      : E.left(
          usageError(
            `--${option}: expected a whole number ${boundsOf(least, most, Number(text))}, got ${quoted(text)}: ` +
              `write it as in --${option} ${example}`,
          ),
        );

const boundsOf = (least: number, most: number, got: number): string => {
  if (least === most) {
    return `that is ${least}`;
  }
  if (most !== Number.MAX_SAFE_INTEGER) {
    return `from ${least} to ${most}`;
  }
  // Whoever meets the last number that doubles count to should hear of it, and nobody else.
  return got > most ? `from ${least} to 2^53 - 1, which is ${most}` : `of at least ${least}`;
};

/** One of these words, two or more, in a place that has no name. */
export const wordOf =
  <Word extends string>(...words: readonly Word[]) =>
  (text: string): E.Either<UsageError, Word> =>
    pipe(
      words.find((word) => word === text),
      E.fromNullable(usageError(`expected ${alternatives(words)}, got ${quoted(text)}: choose one of them`)),
    );

/** One of these words, two or more. */
export const oneOf =
  <Word extends string>(...words: readonly Word[]): OptionValue<Word> =>
  (option, text) =>
    pipe(text, wordOf(...words), E.mapLeft(usageErrorIn(`--${option}`)));

/** The value of an option, or `absent` where it was not given. */
export const optional =
  <A>(value: OptionValue<A>, absent: A): ((option: string, text: string | undefined) => E.Either<UsageError, A>) =>
  (option, text) =>
    text === undefined ? E.right(absent) : value(option, text);

/** The value of an option that must be given here, as the hint says. */
export const required =
  <A>(value: OptionValue<A>, hint: string): ((option: string, text: string | undefined) => E.Either<UsageError, A>) =>
  (option, text) =>
    text === undefined ? E.left(usageError(`--${option}: expected, got none: ${hint}`)) : value(option, text);

/** Refuses an option that has no meaning here, as the hint says: none is ignored. */
export const without = (
  option: string,
  value: string | boolean | undefined,
  hint: string,
): E.Either<UsageError, void> =>
  value === undefined ? E.right(undefined) : E.left(usageError(`--${option}: expected none, got one: ${hint}`));

/** A number above 0, or at least 0 where that makes sense. */
export const positive =
  (allowZero: boolean): OptionValue<number> =>
  (option, text) =>
    pipe(
      numberValue(option, text),
      E.filterOrElse(
        (x) => x > 0 || (allowZero && x === 0),
        (x) =>
          usageError(`--${option}: expected a number ${allowZero ? 'of at least' : 'above'} 0, got ${x}: change it`),
      ),
    );

/** What single precision, in which networks are trained, holds to all its digits: its largest and its smallest normal number. */
const single = { most: 3.4028234663852886e38, least: 1.1754943508222875e-38 };

/** A number above 0, or at least 0, that enters the steps of a training: neither 0 nor infinite there unless it is 0 here. */
export const positiveSingle =
  (allowZero: boolean): OptionValue<number> =>
  (option, text) =>
    pipe(
      positive(allowZero)(option, text),
      E.filterOrElse(
        (x) => x === 0 || (x >= single.least && x <= single.most),
        (x) =>
          usageError(
            `--${option}: expected a number from ${single.least.toPrecision(2)} to ${single.most.toPrecision(2)}, as networks are trained ` +
              `in single precision, got ${x}: change it`,
          ),
      ),
    );

/** Decimal numerals as people write them; `Number` also takes '', ' 1' and '0x1'. */
const isNumeral = (text: string): boolean => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text);
