/** Laws of clearing the upper halves of vector registers. */
import { isDeepStrictEqual } from 'node:util';

import fc from 'fast-check';

import type { clearingBy } from '../../src/assembler/upper-halves.ts';
import type { Law } from '../law.ts';

interface Call {
  readonly isNeeded: boolean;
  readonly operands: readonly number[];
  readonly result: number;
}

export const clearsAfterwards: Law<typeof clearingBy, Call> = {
  statement:
    'a function gets its operands, returns its result, and is followed by what clears, once; where there is nothing, it is the function itself',
  cases: fc.record({
    isNeeded: fc.boolean(),
    operands: fc.array(fc.integer(), { maxLength: 4 }),
    result: fc.integer(),
  }),
  holds:
    (clearing) =>
    ({ isNeeded, operands, result }) => {
      const events = new Array<unknown>();
      const clear = (): void => {
        events.push('clear');
      };
      const f = (...given: readonly number[]): number => {
        events.push(given);
        return result;
      };
      const clearingOne = clearing(isNeeded ? clear : null)(f);
      const returned = clearingOne(...operands);
      return (
        returned === result &&
        isDeepStrictEqual(events, isNeeded ? [operands, 'clear'] : [operands]) &&
        (isNeeded || clearingOne === f)
      );
    },
};
