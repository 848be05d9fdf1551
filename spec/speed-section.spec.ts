/** The speed-up in the report. */
import type { Claim } from '../src/report/report.ts';
import { jobsFor } from '../src/study/job.ts';
import { presets } from '../src/study/preset.ts';
import { speedSections } from '../src/study/speed-section.ts';
import { verify } from './law.ts';
import { speedHasItsIntervals, type SpeedReporting } from './laws/speed-section.ts';

const reporting: SpeedReporting = (speed) => {
  const [section] = jobsFor(presets.quick, ['speedup']).flatMap((job) => speedSections([{ job, result: speed }]));
  if (section === undefined) {
    throw new Error('expected a section of the speed-up, got none');
  }
  return section;
};

const withClaims =
  (change: (claim: Claim) => Claim): SpeedReporting =>
  (speed) => {
    const section = reporting(speed);
    return { ...section, claims: section.claims.map(change) };
  };

verify(speedHasItsIntervals, reporting, {
  'an interval of two standard errors, however few the sizes': (speed) =>
    reporting({ ...speed, diagonalization: [...speed.diagonalization, ...speed.diagonalization] }),
  'the exponent has no interval': withClaims((claim) =>
    claim.id === 'diagonalization-exponent' && claim.obtained !== null
      ? { ...claim, spread: { low: claim.obtained, high: claim.obtained, seeds: 1 } }
      : claim,
  ),
  'the largest lattice alone is extrapolated': (speed) =>
    reporting({ ...speed, diagonalization: speed.diagonalization.slice(1) }),
  'poles are not told': (speed) => reporting({ ...speed, poles: [] }),
});
