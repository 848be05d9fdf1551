/** What an Either holds when the law's case is valid input; otherwise the case is wrong, and the law fails loudly. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';

export const right = <A>(result: Either<{ readonly message: string }, A>): A => {
  if (E.isLeft(result)) {
    throw new RangeError(result.left.message);
  }
  return result.right;
};

/** The message of an error; '' for a success. */
export const messageOf = (result: Either<{ readonly message: string }, unknown>): string =>
  E.isLeft(result) ? result.left.message : '';
