/** The shape of `results.json`, as a schema that reads it and as a JSON Schema for other programs. */
import { z } from 'zod';

import { decodeJson } from '../file/decode.ts';
import type { JudgedReport } from './report.ts';
import { knowledge, needs, verdicts } from './verdict.ts';

/** Running text, as `Prose` has it. */
const prose = z
  .union([z.string(), z.array(z.union([z.string(), z.number()]))])
  .describe('text, or its pieces; numbers in full');

const value = z.union([z.string(), z.number()]);

const rule = z.discriminatedUnion('tag', [
  z.strictObject({ tag: z.literal('below'), bound: z.number(), leastSeeds: z.int().exactOptional() }),
  z.strictObject({ tag: z.literal('above'), bound: z.number(), leastSeeds: z.int().exactOptional() }),
  z.strictObject({
    tag: z.literal('at-most'),
    bound: z.number(),
    leastSeeds: z.int().exactOptional(),
    reach: z.number().exactOptional().describe('how many times the bound an interval that holds it may reach'),
  }),
  z.strictObject({
    tag: z.literal('equals'),
    value: z.number(),
    tolerance: z.number(),
    leastSeeds: z.int().exactOptional(),
  }),
  z.strictObject({
    tag: z.literal('alike'),
    factor: z.number().describe('how many times the one the other may be at most'),
    leastSeeds: z.int().exactOptional(),
  }),
]);

const verdict = z.enum(verdicts).describe('what the rule says of the number');

const spread = z
  .strictObject({
    low: z.number(),
    high: z.number(),
    seeds: z.int(),
    least: z.number().exactOptional().describe('the smallest number that a seed gave'),
    greatest: z.number().exactOptional().describe('the largest number that a seed gave'),
  })
  .describe('between which numbers it lies, with 95 percent, over seeds or by its error');

const diverged = z
  .array(z.strictObject({ network: z.string(), seed: z.int() }))
  .describe('networks whose trainings diverged, at the rates of their schedules and at half of them');

const claim = z.strictObject({
  id: z.string(),
  statement: z.string().describe('what the paper says'),
  expected: value.describe('what the paper reports'),
  obtained: z.number().nullable().describe('what this run measured; null where it did not'),
  unit: z.string().exactOptional(),
  spread: spread.exactOptional(),
  sample: z.string().describe('how much is behind the number'),
  rule,
  subject: z
    .strictObject({
      needs: z.enum(needs).describe('what the claim asks of its networks'),
      planned: z.int(),
      done: z.int().describe('how many of them are finished: trained, or diverged'),
      diverged,
      known: z
        .enum(knowledge)
        .describe('what those that are trained say of the number; of nothing a claim is undecided'),
    })
    .exactOptional()
    .describe('the networks that the claim speaks of'),
  remark: prose.exactOptional().describe('why the numbers of paper and run are not of one thing'),
  comment: prose.exactOptional(),
  verdict,
});

const table = z.strictObject({
  id: z.string(),
  caption: prose,
  columns: z.array(
    z.strictObject({ label: z.string(), unit: z.string().exactOptional(), digits: z.int().exactOptional() }),
  ),
  rows: z.array(z.array(value.nullable())).describe('one cell a column; null where nothing was measured'),
});

const interval = z.strictObject({ low: z.number(), high: z.number() }).describe('between which numbers a value lies');

const axis = z.strictObject({
  label: z.string(),
  unit: z.string().exactOptional(),
  scale: z.enum(['linear', 'log']),
  ticks: z.array(z.number()).exactOptional(),
});

const series = z.array(
  z.strictObject({
    family: z.string(),
    variant: z.string().exactOptional(),
    points: z.array(z.strictObject({ x: z.number(), y: z.number(), interval: interval.exactOptional() })),
  }),
);

const chart = z.discriminatedUnion('tag', [
  z.strictObject({
    tag: z.literal('lines'),
    x: axis,
    y: axis,
    series,
    references: z.array(z.strictObject({ label: z.string(), axis: z.enum(['x', 'y']), at: z.number() })),
  }),
  z.strictObject({
    tag: z.literal('bars'),
    value: axis,
    categories: z.array(
      z.strictObject({
        label: z.string(),
        bars: z.array(
          z.strictObject({ family: z.string(), value: z.number().nullable(), interval: interval.exactOptional() }),
        ),
      }),
    ),
  }),
  z.strictObject({ tag: z.literal('scatter'), exact: axis, predicted: axis, series }),
]);

const figure = z.strictObject({ id: z.string(), title: z.string(), caption: prose, chart });

const progress = z
  .strictObject({ done: z.int(), planned: z.int() })
  .describe('how many jobs are done, where not all are');

const section = z.strictObject({
  title: z.string(),
  paragraphs: z.array(prose),
  guide: prose.exactOptional().describe('what users should do, as it follows from the results'),
  claims: z.array(claim),
  tables: z.array(table),
  figures: z.array(figure),
  runs: z.array(z.string()).exactOptional().describe('the ids of the runs behind the section'),
  partial: progress.exactOptional(),
  diverged: diverged.exactOptional(),
});

const run = z.strictObject({
  id: z.string(),
  title: z.string(),
  seed: z.int().nullable(),
  seconds: z.number().nullable().describe('how long it took; null where that was not recorded'),
  machine: z.string().nullable().describe('processor and Node; null where that was not recorded'),
  result: z.string().describe('the file of its result, beside results.json'),
  model: z.string().nullable().describe('the file of the network that it trained, where it is kept'),
  modelSha256: z.string().exactOptional().describe('SHA-256 of that network, kept or not'),
  data: z.array(z.string()).describe('SHA-256 of the labels that it was trained and tested on'),
});

/** See `JudgedReport`. */
export const resultsSchema = z.strictObject({
  title: z.string(),
  preset: z.string(),
  abstract: prose,
  facts: z.array(z.strictObject({ label: z.string(), value, unit: z.string().exactOptional() })),
  sections: z.array(section),
  runs: z.array(run).exactOptional(),
  partial: progress.exactOptional(),
  verdicts: z.strictObject({
    holds: z.int(),
    'does not hold': z.int(),
    undecided: z.int(),
    'not tested': z.int(),
  }),
});

/** The report in the bytes of a `results.json`: what was written, number by number. Fails where they are none. */
export const readResults = decodeJson<JudgedReport>('the results of a report', resultsSchema);

/** The JSON Schema of `results.json`, draft 2020-12. */
export const resultsJsonSchema = (): object => ({
  title: 'results.json of efnn reproduce',
  ...z.toJSONSchema(resultsSchema, { target: 'draft-2020-12', io: 'input' }),
});
