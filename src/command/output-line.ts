/** What commands print with --json. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { jsonLine, type AsJson } from '../file/canonical-json.ts';
import { asRunError, type RunError } from './command-error.ts';

/**
 * A value as one line of JSON on stdout. Fails for a number that is not finite: readers would get null in its place.
 *
 * @example
 * outputLine({ energies: [-1.5] }) // E.right('{"energies":[-1.5]}\n')
 */
export const outputLine = <T>(value: T & AsJson<T>): Either<RunError, string> =>
  pipe(jsonLine<T>(value), E.mapLeft(asRunError));
