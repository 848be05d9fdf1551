/** The report of a reproduction: what the paper says beside what these jobs found. */
import type { Fact, Report } from '../report/report.ts';
import { doubleExchangeSections } from './double-exchange-section.ts';
import { effectiveModelSection } from './effective-model-section.ts';
import { exactSection } from './exact-section.ts';
import type { Outcomes } from './outcome.ts';
import type { PresetName } from './preset.ts';
import { resummationSection } from './resummation-section.ts';
import { speedSections } from './speed-section.ts';
import { threeSpinSections } from './three-spin-section.ts';

const abstracts: Readonly<Record<PresetName, string>> = {
  quick:
    'A reproduction in minutes, at a small fraction of the published training. It shows the shape of every figure; where a ' +
    'claim needs longer training than this preset gives, the table says that it was not tested, or that it does not hold here.',
  standard: 'A reproduction in hours, with fewer samples and epochs than published, and forces as labels.',
  paper: 'The published protocol: sizes, samples, epochs and schedules of the authors.',
};

/** The whole report; `facts` say on what it ran. */
export const studyReport = (preset: PresetName, facts: readonly Fact[], outcomes: Outcomes): Report => ({
  title: 'Effective Field Neural Networks: a reproduction of arXiv:2502.17665',
  preset,
  abstract: abstracts[preset],
  facts,
  sections: [
    ...exactSection(outcomes),
    ...resummationSection(outcomes),
    ...threeSpinSections(outcomes),
    ...effectiveModelSection(outcomes),
    ...doubleExchangeSections(outcomes),
    ...speedSections(outcomes),
  ],
});
