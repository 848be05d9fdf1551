/**
 * What a law is here: a statement that an implementation satisfies for every case, and mutants, wrong implementations,
 * that it must kill. A law that spares a mutant is itself broken, and fails.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

export interface Law<Instance, Case> {
  /** The law in words or symbols, as a reader would state it. */
  readonly statement: string;
  readonly cases: fc.Arbitrary<Case>;
  readonly holds: (instance: Instance) => (example: Case) => boolean | Promise<boolean>;
  /** How many cases are drawn, where the default of 100 is too slow. */
  readonly runs?: number;
}

const parametersOf = <Instance, Case>({ runs }: Law<Instance, Case>) => (runs === undefined ? {} : { numRuns: runs });

const propertyOf = <Instance, Case>(law: Law<Instance, Case>, instance: Instance) =>
  fc.asyncProperty(law.cases, async (example) => law.holds(instance)(example));

/** Whether a law holds for an instance in all of its cases. */
export const keeps = async <Instance, Case>(law: Law<Instance, Case>, instance: Instance): Promise<boolean> =>
  !(await fc.check(propertyOf(law, instance), { ...parametersOf(law), endOnFailure: true })).failed;

/** States a law for an implementation, and shows that each mutant breaks it. */
export const verify = <Instance, Case>(
  law: Law<Instance, Case>,
  implementation: Instance,
  mutants: Readonly<Record<string, Instance>>,
): void => {
  describe(law.statement, () => {
    it('holds', async () => {
      await fc.assert(propertyOf(law, implementation), parametersOf(law));
    });
    it.each(Object.keys(mutants))('kills the mutant: %s', async (name) => {
      const mutant = mutants[name];
      expect(mutant).toBeDefined();
      if (mutant !== undefined) {
        expect(await keeps(law, mutant)).toBe(false);
      }
    });
  });
};
