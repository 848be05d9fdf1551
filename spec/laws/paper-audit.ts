/** Laws of the audit: each finding again, from the raw numbers of the generators, by other means. */
import fc from 'fast-check';

import { numpyLegacy } from '../../src/random/numpy-legacy.ts';
import { drawn, uniformsBetween } from '../../src/random/draw.ts';
import { generate } from '../../src/dataset/source.ts';
import { recipeOf } from '../../src/dataset/recipe.ts';
import type { Outcomes } from '../../src/study/outcome.ts';
import { paperAudit, type PaperAudit } from '../../src/study/paper-audit.ts';
import type { studyReport } from '../../src/study/study-report.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';

/** One binary configuration as a number of 15 bits. */
const codes = (): readonly number[] => {
  const { spins } = right(
    generate(right(recipeOf({ system: 'three-spin-binary', sampler: 'published' })))({ first: 0, count: 20_000 }),
  );
  return Array.from({ length: 20_000 }, (_, i) =>
    spins.subarray(15 * i, 15 * i + 15).reduce((code, spin) => 2 * code + spin, 0),
  );
};

export const auditIsTrue: Law<() => PaperAudit, null> = {
  statement:
    'the second draw of a generator that is seeded again is twice the first, so spins lie on one curve; the repeats are counted by configuration, ' +
    'shared seeds one by one, parameters as 4 (325 + 52,975) + 1',
  cases: fc.constant(null),
  runs: 1,
  holds: (audit) => () => {
    const found = audit();
    const theta = drawn(numpyLegacy(107))(uniformsBetween(0, Math.PI)(100));
    const phi = drawn(numpyLegacy(107))(uniformsBetween(0, 2 * Math.PI)(100));
    const all = codes();
    const known = new Uint8Array(2 ** 15);
    all.slice(0, 16_000).forEach((code) => {
      known[code] = 1;
    });
    const repeats = all.slice(16_000).filter((code) => known[code] === 1).length;
    const training = new Set(Array.from({ length: 160_000 }, (_, b) => 100 + b));
    const shared = Array.from({ length: 40_000 }, (_, b) => 100 + b).filter((seed) => training.has(seed)).length;
    return (
      theta.every((angle, i) => phi[i] === 2 * angle) &&
      found.offCurve >= 0 &&
      // Near the poles 1 - z^2 cancels: 2^-53 over sin(theta), which of 2,000 angles is at least about 1e-3.
      found.offCurve < 1e-12 &&
      found.repeated === repeats / 4000 &&
      found.sharedSeeds === shared / 40_000 &&
      found.samplesPerParameter === 160_000 / (4 * (325 + 52_975) + 1) &&
      found.timeAgainstSize > 2.1 &&
      found.timeAgainstSize < 2.2
    );
  },
};

export const auditIsReported = (outcomes: Outcomes): Law<typeof studyReport, null> => ({
  statement: 'each finding of the audit has its row in a report, in no count of verdicts; a report of nothing has none',
  cases: fc.constant(null),
  runs: 1,
  holds: (report) => () => {
    const { offCurve, repeated, sharedSeeds, samplesPerParameter, timeAgainstSize } = paperAudit();
    const { sections } = report('quick', [], outcomes);
    const [audit, ...more] = sections.filter(({ title }) => title.startsWith('Audit'));
    const found = audit?.tables.flatMap(({ rows }) => rows.map(([, , number]) => number)) ?? [];
    return (
      more.length === 0 &&
      found.join() === [offCurve, repeated, sharedSeeds, samplesPerParameter, timeAgainstSize].join() &&
      audit?.claims.length === 0 &&
      report('quick', [], []).sections.length === 0
    );
  },
});
