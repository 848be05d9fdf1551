/** What the committed runs of the presets found. */
import { readFileSync } from 'node:fs';

import { z } from 'zod';

import type { Verdicts } from './page.ts';

const schema = z.object({
  sections: z.array(z.object({ claims: z.array(z.object({ id: z.string(), verdict: z.string() })) })),
});

const verdictsIn = (path: string): Verdicts =>
  new Map(
    schema
      .parse(JSON.parse(readFileSync(new URL(`../../results/${path}`, import.meta.url), 'utf8')))
      .sections.flatMap(({ claims }) => claims.map(({ id, verdict }) => [id, verdict] as const)),
  );

const untested = 'not tested';

/** The verdicts of `standard`; in parentheses those of `quick` where they differ, or where `standard` has none. */
export const verdictsOfBoth = (standard: Verdicts, quick: Verdicts): Verdicts =>
  new Map(
    [...new Set([...standard.keys(), ...quick.keys()])].map((id) => {
      const [most, some] = [standard.get(id) ?? untested, quick.get(id) ?? untested];
      return [id, some === most || some === untested ? most : `${most} (quick: ${some})`] as const;
    }),
  );

/** The verdict of each claim, by id. */
export const committedVerdicts: Verdicts = verdictsOfBoth(
  verdictsIn('standard/results.json'),
  verdictsIn('quick.json'),
);
