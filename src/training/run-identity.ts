/** What a training was started with, as its checkpoints keep it: what may go on from them, and what may not. */
import { z } from 'zod';

import { canonicalJson, type Json } from '../file/canonical-json.ts';

const entries = z.record(z.string(), z.json());

const runSchema = entries.and(z.object({ plan: entries.and(z.object({ epochs: z.number() })) }));

interface StartedRun {
  readonly epochs: number;
  /** What computes it; undefined where it does not say, as those of earlier versions. */
  readonly backend: Json | undefined;
  /** All else that it was started with. */
  readonly rest: string;
}

const runIn = (text: string): StartedRun | null => {
  try {
    const { plan, backend, ...run } = runSchema.parse(JSON.parse(text));
    return { epochs: plan.epochs, backend, rest: canonicalJson({ ...run, plan: { ...plan, epochs: null } }) };
  } catch {
    return null;
  }
};

const sameBackend = (one: StartedRun, other: StartedRun): boolean =>
  one.backend === undefined || other.backend === undefined || one.backend === other.backend;

/**
 * Whether a run goes on from the checkpoint of a stopped one: both were started with the same options and data, and on the same
 * backend as far as both say, but for the epochs, which may be extended. The schedule then is that of the longer run from there on.
 *
 * @example
 * goesOn('{"plan":{"epochs":2}}', '{"plan":{"epochs":3}}') // true
 *
 * @example
 * goesOn('{"plan":{"epochs":3}}', '{"plan":{"epochs":2}}') // false
 */
export const goesOn = (stopped: string, run: string): boolean => {
  const [before, now] = [runIn(stopped), runIn(run)];
  return (
    before !== null &&
    now !== null &&
    before.epochs <= now.epochs &&
    before.rest === now.rest &&
    sameBackend(before, now)
  );
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

/**
 * What is known of a run that goes on from the checkpoint of a stopped one: where that one does not say its backend, not what
 * computed all of it.
 *
 * @example
 * runFrom('{"plan":{"epochs":2}}', '{"plan":{"epochs":2},"backend":"wasm"}') // '{"plan":{"epochs":2}}'
 */
export const runFrom = (stopped: string, run: string): string => {
  if (runIn(stopped)?.backend !== undefined) {
    return run;
  }
  const { backend: _, ...rest } = entries.parse(JSON.parse(run));
  return JSON.stringify(rest);
};
