/** Whose report a `results.json` is: a folder is not given to a call with another preset or version, which would replace it. */
import { z } from 'zod';

import { decodeJson } from '../file/decode.ts';
import type { Fact } from '../report/report.ts';

/** What made a report. */
export interface ReportIdentity {
  readonly preset: string;
  /** Of the program. */
  readonly version: string;
}

/** The label of the fact that says which version of the program made a report. */
export const versionLabel = 'version';

/** What made results, whichever machines they come from: the runs say which. */
export const identityFacts = (version: string, backend: string): readonly Fact[] => [
  { label: versionLabel, value: version },
  { label: 'backend', value: backend },
];

const identitySchema = z
  .object({
    preset: z.string(),
    facts: z.array(z.object({ label: z.string(), value: z.union([z.string(), z.number()]) })),
  })
  .transform(({ preset, facts }) => ({ preset, version: facts.find(({ label }) => label === versionLabel)?.value }))
  .pipe(z.object({ preset: z.string(), version: z.union([z.string(), z.number()]).transform(String) }));

/** The identity in the bytes of a `results.json`. Fails where they are not the results of a report. */
export const readReportIdentity = decodeJson<ReportIdentity>('the results of a report', identitySchema);
