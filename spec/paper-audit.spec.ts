/** The audit of the published data and code. */
import type { Claim } from '../src/report/report.ts';
import type { Outcomes } from '../src/study/outcome.ts';
import { paperAudit } from '../src/study/paper-audit.ts';
import { studyReport } from '../src/study/study-report.ts';
import { verify } from './law.ts';
import { auditIsReported, auditIsTrue } from './laws/paper-audit.ts';

verify(auditIsTrue, paperAudit, {
  'spins off the curve': () => ({ ...paperAudit(), offCurve: 1e-3 }),
  'the repeats within the test set count': () => ({ ...paperAudit(), repeated: 0.43 }),
  'tests follow the training seeds': () => ({ ...paperAudit(), sharedSeeds: 0 }),
  'the whole lattice is one cluster': () => ({ ...paperAudit(), samplesPerParameter: 160_000 / 12_758_826 }),
  'times grow with the size': () => ({ ...paperAudit(), timeAgainstSize: 0.5 }),
});

const outcomes: Outcomes = [
  { job: { tag: 'exact-reduction', cases: 1, seed: 1 }, result: { tag: 'resummation', sums: [] } },
];

verify(auditIsReported(outcomes), studyReport, {
  'the audit is left out': (...words) => {
    const report = studyReport(...words);
    return { ...report, sections: report.sections.filter(({ title }) => !title.startsWith('Audit')) };
  },
  'a finding is a claim': (...words) => {
    const report = studyReport(...words);
    const claim: Claim = {
      id: 'audit-seeds',
      ...{ statement: 'seeds are shared', expected: 0, obtained: 1, sample: 'all' },
      rule: { tag: 'equals', value: 1, tolerance: 0 },
    };
    return { ...report, sections: report.sections.map((section) => ({ ...section, claims: [claim] })) };
  },
  'it stands in every report': (preset, facts, found) => ({
    ...studyReport(preset, facts, found),
    sections: studyReport(preset, facts, outcomes).sections,
  }),
});
