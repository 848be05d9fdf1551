/** What `efnn check-port` says of another implementation. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';

import { verdictLines, type Verdict } from '../conformance/verdict.ts';
import type { RunError } from './command-error.ts';
import { outputLine } from './output-line.ts';

/** A verdict for people, or as JSON. */
export const verdictOutput =
  ({ json }: { readonly json?: true }) =>
  (verdict: Verdict): Either<RunError, string> =>
    json === true ? outputLine(verdict) : E.right(`${verdictLines(verdict).join('\n')}\n`);
