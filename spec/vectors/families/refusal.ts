/** How a vector says that something must be refused. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { z } from 'zod';

import type { Case, Outside } from '../family.ts';

/** What is asked for, and what is given. */
export const refusalInputs = z.strictObject({
  what: z.enum([
    'spins',
    'double-exchange',
    'energy',
    'network',
    'r-spin',
    'effective-model',
    'program',
    'symmetry',
    'weights-file',
    'data-file',
    'checkpoint',
  ]),
  /** NaN is written as the string "NaN", a file as `{ "base64": .. }`. */
  given: z.unknown(),
});

/** The question of such a vector. */
export type RefusalInputs = z.infer<typeof refusalInputs>;

/** An error of this code. */
interface TaggedError {
  readonly tag: string;
  readonly message: string;
}

/**
 * The case that something given is refused, with the error.
 *
 * @throws RangeError where it is accepted: the specification is wrong then.
 */
export const refused = (
  name: string,
  why: string,
  inputs: RefusalInputs,
  result: Either<TaggedError, unknown>,
  outside: readonly Outside[] = [],
): Case<RefusalInputs> => {
  if (E.isRight(result)) {
    throw new RangeError(`${name}, ${why}: accepted, and should be refused`);
  }
  const { tag, message } = result.left;
  return {
    name,
    equation: 'guide: what is refused',
    why,
    inputs,
    outputs: { refused: { meaning: '1: it is refused', shape: [], values: [1] } },
    error: { tag, message },
    outside,
  };
};
