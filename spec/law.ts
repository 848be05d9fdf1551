/**
 * What a law is here: a statement that an implementation satisfies for every case, and mutants, wrong implementations,
 * that it must kill. A law that spares a mutant is itself broken, and fails.
 */
import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';

/** A statement in words, cases, and a predicate on an implementation and a case. */
export interface Law<Instance, Case> {
  /** The law in words or symbols, as a reader would state it. */
  readonly statement: string;
  readonly cases: fc.Arbitrary<Case>;
  readonly holds: (instance: Instance) => (example: Case) => boolean | Promise<boolean>;
  /** How many cases are drawn, where the default of 100 is too slow. */
  readonly runs?: number;
  /**
   * For a statement about what is accepted, which is true of an instance that refuses everything: whether it accepts a case, and
   * the least share of the cases that it has to accept.
   */
  readonly acceptance?: {
    readonly isAccepted: (instance: Instance) => (example: Case) => boolean;
    readonly least: number;
  };
}

/** How many cases a law has, of which the implementation sees a share, where all of them are seen elsewhere. */
const runsOf = <Instance, Case>({ runs = 100 }: Law<Instance, Case>, share = 1): number => Math.ceil(share * runs);

const propertyOf = <Instance, Case>(law: Law<Instance, Case>, instance: Instance) =>
  fc.asyncProperty(law.cases, async (example) => law.holds(instance)(example));

/** The share of a law's cases that an instance accepts; 1 for a law that is about all of them. */
const acceptanceOf = <Instance, Case>(law: Law<Instance, Case>, instance: Instance) => {
  const { cases, acceptance } = law;
  return acceptance === undefined
    ? 1
    : fc.sample(cases, runsOf(law)).filter((example) => acceptance.isAccepted(instance)(example)).length / runsOf(law);
};

/** Whether a law holds for an instance in all of its cases, and is about enough of them. */
export const keeps = async <Instance, Case>(law: Law<Instance, Case>, instance: Instance): Promise<boolean> =>
  acceptanceOf(law, instance) >= (law.acceptance?.least ?? 0) &&
  !(await fc.check(propertyOf(law, instance), { numRuns: runsOf(law), endOnFailure: true })).failed;

/** States a law for an implementation, and shows that each mutant breaks it. */
export const verify = <Instance, Case>(
  law: Law<Instance, Case>,
  implementation: Instance,
  mutants: Readonly<Record<string, Instance>>,
): void => {
  describe(law.statement, () => {
    it('holds', async () => {
      await fc.assert(propertyOf(law, implementation), { numRuns: runsOf(law, inject('share')) });
      expect(acceptanceOf(law, implementation)).toBeGreaterThanOrEqual(law.acceptance?.least ?? 0);
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
