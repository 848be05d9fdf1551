/** What the committed run of the quick preset found. */
import { z } from 'zod';

import results from '../../results/quick.json' with { type: 'json' };
import type { Verdicts } from './page.ts';

const schema = z.object({
  sections: z.array(z.object({ claims: z.array(z.object({ id: z.string(), verdict: z.string() })) })),
});

/** The verdict of each claim, by id. */
export const quickVerdicts: Verdicts = new Map(
  schema.parse(results).sections.flatMap(({ claims }) => claims.map(({ id, verdict }) => [id, verdict] as const)),
);
