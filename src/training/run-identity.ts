/** What a training was started with, as its checkpoints keep it: what may go on from them, and what may not. */
import { z } from 'zod';

import { canonicalJson } from '../file/canonical-json.ts';

const entries = z.record(z.string(), z.json());

const runSchema = entries.and(z.object({ plan: entries.and(z.object({ epochs: z.number() })) }));

/** The epochs of a run, and all else that it was started with. */
const runIn = (text: string): { readonly epochs: number; readonly rest: string } | null => {
  try {
    const { plan, ...run } = runSchema.parse(JSON.parse(text));
    return { epochs: plan.epochs, rest: canonicalJson({ ...run, plan: { ...plan, epochs: null } }) };
  } catch {
    return null;
  }
};

/**
 * Whether a run goes on from the checkpoint of a stopped one: both were started with the same options and data, but for
 * the epochs, which may be extended. The schedule then is that of the longer run from there on.
 *
 * @example
 * goesOn('{"plan":{"epochs":2}}', '{"plan":{"epochs":3}}') // true
 *
 * @example
 * goesOn('{"plan":{"epochs":3}}', '{"plan":{"epochs":2}}') // false
 */
export const goesOn = (stopped: string, run: string): boolean => {
  const [before, now] = [runIn(stopped), runIn(run)];
  return before !== null && now !== null && before.epochs <= now.epochs && before.rest === now.rest;
};

/**
 * Whether two texts say the same run: the same options and data, and as many epochs.
 *
 * @example
 * sameRun('{"plan":{"epochs":2}}', '{"plan":{"epochs":2}}') // true
 *
 * @example
 * sameRun('{"plan":{"epochs":2}}', '{"plan":{"epochs":3}}') // false
 */
export const sameRun = (one: string, other: string): boolean => goesOn(one, other) && goesOn(other, one);
