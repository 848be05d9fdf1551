/** What makes numbers of trained networks others than the paper's: traits of their training that the paper's have not. */
import type { Claim } from '../report/report.ts';
import type { TrainingPlan } from '../training/preparation.ts';

/** Something in which trainings differ, as the paper has it and as a job does. */
export interface Trait<J> {
  readonly paper: string;
  readonly of: (job: J) => string;
}

/** What networks learn from, in words. */
export const labelsInWords = ({ forceWeight }: TrainingPlan): string =>
  forceWeight === null ? 'energies alone' : 'energies and forces';

/** The paper's networks learn from energies alone. */
export const learned: Trait<{ readonly plan: TrainingPlan }> = {
  paper: 'energies alone',
  of: ({ plan }) => labelsInWords(plan),
};

/** A remark on what these networks have that the paper's have not; none where they have all alike. */
export const otherProtocol =
  <J>(traits: readonly Trait<J>[]) =>
  (networks: readonly { readonly job: J }[]): Pick<Claim, 'remark'> => {
    const differences = traits.flatMap(({ paper, of }) => {
      const kinds = [...new Set(networks.map(({ job }) => of(job)))];
      return kinds.every((kind) => kind === paper) ? [] : [kinds.join(' or ')];
    });
    return differences.length === 0
      ? {}
      : {
          remark: `not the protocol of the paper (${traits.map(({ paper }) => paper).join(', ')}); here ${differences.join(', ')}`,
        };
  };
