/** What a run of mutants says of a room: the fraction that its laws kill, with its uncertainty, and the survivors. */

/** A mutant that ran, by what was changed into what. */
export interface MutantResult {
  readonly file: string;
  readonly line: number;
  readonly mutator: string;
  readonly replacement: string;
  readonly status: 'Killed' | 'Timeout' | 'Survived';
}

/** A mutant which computes the same as the original, with the reason why. */
export interface Equivalent {
  readonly file: string;
  readonly mutator: string;
  readonly replacement: string;
  readonly reason: string;
}

export interface RoomScore {
  readonly sample: { readonly fraction: number; readonly seed: number };
  /** Mutants that ran; a timeout counts as killed. */
  readonly ran: number;
  readonly killed: number;
  readonly survivors: readonly MutantResult[];
  readonly equivalents: number;
  /** Killed over ran without equivalents, and its 95 % interval (Wilson); null where none ran. */
  readonly score: number | null;
  readonly interval: readonly [number, number] | null;
}

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

/** The scores as Markdown: a row a room, then each survivor. */
export const scoresMarkdown = (scores: Readonly<Record<string, RoomScore>>): string =>
  [
    '# Mutants that the laws kill',
    '',
    '| room | sample | seed | ran | killed | equivalent | score without equivalents | 95 % interval |',
    '|---|---|---|---|---|---|---|---|',
    ...Object.entries(scores).map(([room, { sample, ran, killed, equivalents, score, interval }]) => {
      const shown = [
        score === null ? '-' : percent(score),
        interval === null ? '-' : interval.map(percent).join(' to '),
      ];
      return `| ${[room, percent(sample.fraction), sample.seed, ran, killed, equivalents, ...shown].join(' | ')} |`;
    }),
    '',
    ...Object.values(scores).flatMap(({ survivors }) =>
      survivors.map(
        ({ file, line, mutator, replacement }) =>
          `- ${file}:${line}, ${mutator}: \`${replacement.replaceAll('`', "'").replaceAll(/\s+/g, ' ').slice(0, 80)}\``,
      ),
    ),
    '',
  ].join('\n');
