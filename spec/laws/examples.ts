/** The law of examples: what a docstring shows is what its expression gives. */
import fc from 'fast-check';

import type { Example } from '../docstring-examples.ts';
import type { Law } from '../law.ts';

/** Runs an example: null if it is right, else its place and what is wrong with it. */
export type FaultOf = (example: Example) => Promise<string | null>;

/** The faults of all examples, by file and line. */
export const faultsOf =
  (faultOf: FaultOf) =>
  async (examples: readonly Example[]): Promise<readonly string[]> =>
    (await Promise.all(examples.map(faultOf))).flatMap((fault) => fault ?? []);

export const examplesAreTrue = (faultOf: FaultOf): Law<readonly Example[], null> => ({
  statement: 'every @example of src runs and gives the value that it shows',
  cases: fc.constant(null),
  runs: 1,
  holds: (examples) => async () => examples.length > 0 && (await faultsOf(faultOf)(examples)).length === 0,
});
