/** The report of a reproduction: what the paper says beside what these jobs found. */
import type { ThreeSpinSystem } from '../dataset/three-spin.ts';
import type { Claim, Fact, Progress, Report, DoneJob, Section } from '../report/report.ts';
import { missingInWords } from '../report/verdict.ts';
import { doubleExchangeSections } from './double-exchange-section.ts';
import { effectiveModelSection } from './effective-model-section.ts';
import { exactSection } from './exact-section.ts';
import { isOfFigure4, isOfProtocols, isOfReceptiveField, jobText, type Job } from './job.ts';
import { studyOf, type Outcomes, type Study } from './outcome.ts';
import { paperAuditSection } from './paper-audit-section.ts';
import { presets, type Preset, type PresetName } from './preset.ts';
import { protocolSections } from './protocol-section.ts';
import { receptiveFieldSection } from './receptive-field-section.ts';
import { resummationSection } from './resummation-section.ts';
import { speedSections } from './speed-section.ts';
import { threeSpinSection } from './three-spin-section.ts';

const abstracts: Readonly<Record<PresetName, string>> = {
  quick:
    'A reproduction in minutes, at a small fraction of the published training. It shows the shape of every figure; where a ' +
    'claim needs longer training than this preset gives, the table says that it is undecided, was not tested, or does not hold here.',
  standard:
    'A reproduction in hours, with fewer samples and epochs than published. Networks of continuous spins and of lattices learn forces too.',
  paper: 'The published protocol: sizes, samples, epochs and schedules of the authors.',
};

/** What sections speak of: which jobs are theirs, and what is said of them. */
interface Subject {
  readonly isOwn: (job: Job) => boolean;
  /** Jobs of others, beside which the paper has claims on this subject: it is there with them too, tested or not. */
  readonly isBeside?: (job: Job) => boolean;
  /** Of its own jobs, told of what all others found. */
  readonly sections: (study: Study, all: Outcomes) => readonly Section[];
}

const ofKind =
  (...tags: readonly Job['tag'][]) =>
  ({ tag }: Job): boolean =>
    tags.includes(tag);

const onSystem =
  (system: ThreeSpinSystem) =>
  (job: Job): boolean =>
    job.tag === 'dense' && job.system === system;

const subjectsOf = (preset: Preset): readonly Subject[] => [
  { isOwn: ofKind('exact-reduction'), sections: exactSection },
  { isOwn: ofKind('resummation'), sections: resummationSection },
  { isOwn: onSystem('three-spin-binary'), sections: threeSpinSection('three-spin-binary') },
  { isOwn: onSystem('three-spin-continuous'), sections: threeSpinSection('three-spin-continuous') },
  {
    ...{ isOwn: ofKind('effective-model'), sections: effectiveModelSection },
    // Networks that the paper compares with it.
    isBeside: isOfFigure4(preset),
  },
  { isOwn: isOfFigure4(preset), sections: doubleExchangeSections },
  { isOwn: isOfProtocols(preset), sections: protocolSections },
  { isOwn: isOfReceptiveField(preset), sections: receptiveFieldSection },
  { isOwn: ofKind('speed'), sections: speedSections },
];

/** A claim on networks of which some are missing says so, and one that has no number says why. */
const sayingWhatIsMissing = (claim: Claim): Claim => {
  const { subject, comment, obtained } = claim;
  const missing = subject === undefined ? [] : missingInWords(subject);
  if (missing.length === 0) {
    return obtained === null && comment === undefined ? { ...claim, comment: 'not tested: it was not run' } : claim;
  }
  return { ...claim, comment: [...(comment === undefined ? [] : [comment, '; ']).flat(), ...missing] };
};

/** How many of some jobs are done, said where not all are. */
const progressOf = (done: number, planned: number): { readonly partial?: Progress } =>
  done < planned ? { partial: { done, planned } } : {};

/**
 * The whole report; `facts` say on what it ran, `runs` how each job was done, by its text. What is claimed of jobs that were to be
 * done, and are not, is not tested.
 */
export const studyReport = (
  preset: PresetName,
  facts: readonly Fact[],
  outcomes: Outcomes,
  runs: ReadonlyMap<string, DoneJob> = new Map(),
  planned: readonly Job[] = outcomes.map(({ job }) => job),
): Report => ({
  title: 'Effective Field Neural Networks: a reproduction of arXiv:2502.17665',
  preset,
  abstract: abstracts[preset],
  facts,
  sections: [
    ...subjectsOf(presets[preset]).flatMap(({ isOwn, isBeside = isOwn, sections }) => {
      if (![...outcomes.map(({ job }) => job), ...planned].some((job) => isOwn(job) || isBeside(job))) {
        return [];
      }
      const own = outcomes.filter(({ job }) => isOwn(job));
      const wanted = planned.filter(isOwn);
      const ids = own.flatMap(({ job }) => runs.get(jobText(job))?.id ?? []);
      return sections(studyOf(own, wanted), outcomes).map((section) => ({
        ...section,
        claims: section.claims.map(sayingWhatIsMissing),
        ...(ids.length === 0 ? {} : { runs: ids }),
        ...progressOf(own.length, wanted.length),
      }));
    }),
    ...paperAuditSection(outcomes),
  ],
  ...(runs.size === 0 ? {} : { runs: [...runs.values()] }),
  ...progressOf(outcomes.length, planned.length),
});
