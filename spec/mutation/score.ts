/** What a run of mutants says of a room: the fraction that its laws kill, with its uncertainty, and the survivors. */
import { z } from 'zod';

import { markdownTable } from '../../src/report/markdown-table.ts';

const mutantSchema = z.object({
  file: z.string(),
  line: z.number(),
  mutator: z.string(),
  replacement: z.string(),
  status: z.enum(['Killed', 'Timeout', 'Survived']),
});

/** A mutant that ran, by what was changed into what. */
export type MutantResult = Readonly<z.infer<typeof mutantSchema>>;

/** The file of equivalent mutants, for a decoder. */
export const equivalentsSchema = z
  .array(z.object({ file: z.string(), mutator: z.string(), replacement: z.string(), reason: z.string() }))
  .readonly();

/** A mutant which computes the same as the original, with the reason why. */
export type Equivalent = Readonly<z.infer<typeof equivalentsSchema>>[number];

const roomScoreSchema = z.object({
  sample: z.object({ fraction: z.number(), seed: z.number() }),
  /** Mutants that ran; a timeout counts as killed. */
  ran: z.number(),
  killed: z.number(),
  survivors: z.array(mutantSchema).readonly(),
  equivalents: z.number(),
  /** Killed over ran without equivalents, and its 95 % interval (Wilson); null where none ran. */
  score: z.number().nullable(),
  interval: z.tuple([z.number(), z.number()]).readonly().nullable(),
});

/** The file of scores by room, for a decoder. */
export const scoresSchema = z.record(z.string(), roomScoreSchema);

/** What a run of mutants says of one room. */
export type RoomScore = Readonly<z.infer<typeof roomScoreSchema>>;

/** Wilson's 95 % interval of a binomial fraction: within [0, 1], and not of width 0 where all n succeed. */
export const wilson = (successes: number, n: number): readonly [number, number] => {
  const z = 1.959964;
  const p = successes / n;
  const centre = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
};

const isEquivalent =
  (equivalents: readonly Equivalent[]) =>
  ({ file, mutator, replacement }: MutantResult): boolean =>
    equivalents.some((known) => known.file === file && known.mutator === mutator && known.replacement === replacement);

export const scoreOf = (
  sample: RoomScore['sample'],
  results: readonly MutantResult[],
  known: readonly Equivalent[],
): RoomScore => {
  const survived = results.filter(({ status }) => status === 'Survived');
  const equivalents = survived.filter(isEquivalent(known)).length;
  const killed = results.length - survived.length;
  const counted = results.length - equivalents;
  return {
    sample,
    ran: results.length,
    killed,
    survivors: survived.filter((mutant) => !isEquivalent(known)(mutant)),
    equivalents,
    score: counted === 0 ? null : killed / counted,
    interval: counted === 0 ? null : wilson(killed, counted),
  };
};

const percent = (x: number): string => `${(100 * x).toFixed(1)} %`;

/** The score that is wanted of every room. */
const wanted = 0.95;

/** Which rooms reach what is wanted, which do not, and which were not measured. */
const standing = (rooms: readonly string[], scores: Readonly<Record<string, RoomScore>>): string => {
  const where = (isSo: (score: number | null) => boolean): string => {
    const names = rooms.filter((room) => isSo(scores[room]?.score ?? null));
    return names.length === 0 ? 'none' : names.join(', ');
  };
  return (
    `Wanted: ${percent(wanted)} in every room. Reached in the sample of: ${where((score) => score !== null && score >= wanted)}; ` +
    `not reached in that of: ${where((score) => score !== null && score < wanted)}; ` +
    `not measured yet: ${where((score) => score === null)}. A sample says no more of its room than its interval.`
  );
};

/** The scores as Markdown: a row a room, what is missing from these rooms, then each survivor. */
export const scoresMarkdown = (rooms: readonly string[], scores: Readonly<Record<string, RoomScore>>): string =>
  [
    '# Mutants that the laws kill',
    '',
    standing(rooms, scores),
    '',
    markdownTable(
      ['room', 'sample', 'seed', 'ran', 'killed', 'equivalent', 'score without equivalents', '95 % interval'],
      Object.entries(scores).map(([room, { sample, ran, killed, equivalents, score, interval }]) => [
        room,
        percent(sample.fraction),
        ...[sample.seed, ran, killed, equivalents].map(String),
        score === null ? '-' : percent(score),
        interval === null ? '-' : interval.map(percent).join(' to '),
      ]),
    ),
    '',
    ...Object.values(scores).flatMap(({ survivors }) =>
      survivors.map(
        ({ file, line, mutator, replacement }) =>
          `- ${file}:${line}, ${mutator}: \`${replacement.replaceAll('`', "'").replaceAll(/\s+/g, ' ').slice(0, 80)}\``,
      ),
    ),
    '',
  ].join('\n');
