/** The claims of a report as a table in Markdown, for a README: what the paper says beside what a run obtained. */
import { z } from 'zod';

import { markdownTable } from './markdown-table.ts';
import { typographic } from './notation.ts';
import { divergedSentence } from './verdict.ts';

const proseSchema = z.union([z.string(), z.array(z.union([z.string(), z.number()])).readonly()]);
const progressSchema = z.object({ done: z.number(), planned: z.number() }).optional();

/** The part of `results.json` that the table shows. */
export const claimedSchema = z.object({
  preset: z.string(),
  partial: progressSchema,
  facts: z
    .array(z.object({ label: z.string(), value: z.union([z.string(), z.number()]), unit: z.string().optional() }))
    .readonly(),
  verdicts: z.object({
    holds: z.number(),
    'does not hold': z.number(),
    undecided: z.number(),
    'not tested': z.number(),
  }),
  sections: z
    .array(
      z.object({
        title: z.string(),
        guide: proseSchema.optional(),
        diverged: z
          .array(z.object({ network: z.string(), seed: z.number() }))
          .readonly()
          .optional(),
        claims: z
          .array(
            z.object({
              statement: z.string(),
              expected: z.union([z.string(), z.number()]),
              obtained: z.number().nullable(),
              sample: z.string(),
              verdict: z.string(),
            }),
          )
          .readonly(),
      }),
    )
    .readonly(),
});

/** A report as the table of claims reads it from `results.json`. */
export type Claimed = Readonly<z.infer<typeof claimedSchema>>;

const words = (value: string | number | null): string => {
  if (value === null) {
    return '-';
  }
  return typeof value === 'number' ? typographic(3)(value) : value;
};

const inWords = (prose: z.infer<typeof proseSchema>): string =>
  (typeof prose === 'string' ? [prose] : prose).map(words).join('').trim();

/** A sentence of facts, then a row for each claim, the first of a section names it; then what follows for users. */
export const claimsMarkdown = ({ preset, partial, facts, verdicts, sections }: Claimed): string =>
  [
    ...(partial === undefined
      ? []
      : [`Not all is done: ${words(partial.done)} of ${words(partial.planned)} jobs.`, '']),
    `${words(verdicts.holds)} claims hold, ${words(verdicts['does not hold'])} do not, ${words(verdicts.undecided)} undecided, ${words(verdicts['not tested'])} not tested; ` +
      [`preset ${preset}`, ...facts.map(factOf)].join(', ') +
      '.',
    '',
    markdownTable(
      ['where', 'claim', 'paper', 'obtained', 'from', 'verdict'],
      sections.flatMap(({ title, claims }) =>
        claims.map(({ statement, expected, obtained, sample, verdict }, i) => [
          i === 0 ? words(title) : '',
          words(statement),
          words(expected),
          words(obtained),
          words(sample),
          verdict,
        ]),
      ),
    ),
    ...sections.flatMap(({ title, diverged }) =>
      diverged === undefined ? [] : ['', `${words(title)}: ${divergedSentence(diverged)}`],
    ),
    ...sections.flatMap(({ title, guide }) => (guide === undefined ? [] : ['', `${words(title)}: ${inWords(guide)}`])),
  ].join('\n');

const factOf = ({ label, value, unit }: Claimed['facts'][number]): string =>
  `${label} ${words(value)}${unit === undefined ? '' : ` ${unit}`}`;
