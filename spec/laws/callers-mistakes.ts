/** Laws of what a calling program gets wrong: no answer is silent, and none is a number that means nothing. */
import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';

import type { Law } from '../law.ts';

/** A call that takes a size, and the least that it may be; another may be needed to be even or odd. */
export interface SizedCall {
  readonly call: (size: number) => unknown;
  readonly least: number;
  /** Sizes above the least that are none; an even kernel, say. */
  readonly alsoWrong?: readonly number[];
}

/** Calls by their names. */
export type SizedCalls = Readonly<Record<string, SizedCall>>;

/** A message says what was expected, what was got, and what to do. */
const saysWhatToDo = (message: string): boolean => /^expected [^\n]+, (got|but) [^\n]+[:;] [^\n]+$/.test(message);

/** Whether what a call comes to is an error in three parts: a `Left`, or a `RangeError` where there is no `Either`. */
const isRefused = async (call: () => unknown): Promise<boolean> => {
  try {
    const found = await call();
    return (
      typeof found === 'object' &&
      found !== null &&
      '_tag' in found &&
      found._tag === 'Left' &&
      'left' in found &&
      typeof found.left === 'object' &&
      found.left !== null &&
      'message' in found.left &&
      typeof found.left.message === 'string' &&
      saysWhatToDo(found.left.message)
    );
  } catch (error) {
    return error instanceof RangeError && saysWhatToDo(error.message);
  }
};

/** Whether a call throws. */
const isThrown = async (call: () => unknown): Promise<boolean> => {
  try {
    await call();
    return false;
  } catch {
    return true;
  }
};

/** Whether what a call answers with is an `Either`. */
const isEither = (found: unknown): boolean => typeof found === 'object' && found !== null && '_tag' in found;

/** Whether a call has an answer. */
const isAnswered = async (call: () => unknown): Promise<boolean> => {
  const found = E.tryCatch(call, () => null);
  return E.isRight(found) && !(await isRefused(() => found.right));
};

const neverSizes = [-1, -3, 0.5, 1.5, 2.999, NaN, Infinity, -Infinity, 2 ** 53, -(2 ** 53)];

export const sizesAreChecked = (names: readonly string[]): Law<SizedCalls, readonly [string, number]> => ({
  statement:
    'a size that is no whole number, or too small, is refused by every function of the package that takes one, with what was ' +
    'expected, what was got and what to do: by a Left where the answer is an Either, by a RangeError elsewhere; the least is answered',
  cases: fc.tuple(fc.constantFrom(...names), fc.nat()),
  holds:
    (calls) =>
    async ([name, chosen]) => {
      const sized = calls[name];
      if (sized === undefined) {
        return false;
      }
      const { call, least, alsoWrong = [] } = sized;
      const wrong = [...neverSizes, least - 1, ...alsoWrong].filter(
        (size) => !Number.isSafeInteger(size) || size < least || alsoWrong.includes(size),
      );
      const mistake = (): unknown => call(wrong[chosen % wrong.length] ?? NaN);
      return (
        (await isRefused(mistake)) &&
        (await isAnswered(() => call(least))) &&
        (await isThrown(mistake)) === !isEither(await call(least))
      );
    },
  runs: 1500,
});

/** Calls that no right program makes, by what is wrong with them. */
export type WrongCalls = Readonly<Record<string, () => unknown>>;

export const mistakesAreNamed = (names: readonly string[]): Law<WrongCalls, string> => ({
  statement:
    'arrays that do not fit together, numbers that are not finite, a temperature that is none and names that the types forbid are ' +
    'refused, with what was expected, what was got and what to do',
  cases: fc.constantFrom(...names),
  holds: (calls) => async (name) => isRefused(calls[name] ?? (() => undefined)),
  runs: 10 * names.length,
});
