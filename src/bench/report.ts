/** A benchmark as it is written to a file and shown on its page: facts, rows, what was aimed at, how peers were checked. */
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { groupBy } from 'fp-ts/lib/NonEmptyArray.js';
import { z } from 'zod';

import { jsonLines } from '../file/canonical-json.ts';
import type { DataError } from '../file/data-error.ts';
import { markdownTable } from '../report/markdown-table.ts';
import { typographic } from '../report/notation.ts';
import { linesOf, widthsOf } from '../report/text-table.ts';
import { aims, boundsOf, headlines, nodesOf, outcomesOf, type Aim, type OnNodes, type Outcome } from './aims.ts';
import { benchRowSchema, type BenchRow, type BenchUnit } from './row.ts';
import { leastSeconds } from './step-parts.ts';

/** A peer's numbers were compared with ours, on the same weights and inputs, before it was timed. */
export const benchCheckSchema = z.object({
  name: z.string(),
  threads: z.number().int().positive(),
  peer: z.string(),
  /** What the peer chose, having timed the alternatives. */
  setting: z.string(),
  /** The largest |difference| / |value| over all results, norms of whole arrays. */
  deviation: z.number().nonnegative(),
});

/** How far a peer's results were from ours before it was timed. */
export type BenchCheck = Readonly<z.infer<typeof benchCheckSchema>>;

const refusalSchema = z.object({
  /** Of the row. */
  name: z.string(),
  threads: z.number().int().positive(),
  /** What was expected of the peer, and what was got. */
  reason: z.string(),
});

/** A peer that was not timed in a row: it failed, or gave other numbers. */
export type Refusal = Readonly<z.infer<typeof refusalSchema>>;

/** The file that a benchmark writes, for a decoder. */
export const benchReportSchema = z.object({
  facts: z.object({
    cpu: z.string(),
    cores: z.number().int().positive(),
    nodes: z.array(z.string()),
    version: z.string(),
    backend: z.string(),
    threads: z.number().int().positive(),
    /** How many processes wanted the processor before the start, on an average of a minute: 0 is an idle machine. */
    load: z.number().nonnegative(),
    repetitions: z.number().int().positive(),
    peers: z.array(z.string()),
  }),
  rows: z.array(benchRowSchema),
  checks: z.array(benchCheckSchema),
  refusals: z.array(refusalSchema),
});

/** A benchmark: where it ran, what it measured, how its peers were checked, and which were not timed. */
export interface BenchReport {
  readonly facts: Readonly<Omit<z.infer<typeof benchReportSchema>['facts'], 'peers' | 'nodes'>> & {
    readonly peers: readonly string[];
    readonly nodes: readonly string[];
  };
  readonly rows: readonly BenchRow[];
  readonly checks: readonly BenchCheck[];
  readonly refusals: readonly Refusal[];
}

/** The text of the file that a benchmark writes. Fails for a number that is not finite. */
export const benchFile = (report: BenchReport): Either<DataError, string> => jsonLines(report);

/** The groups of rows, and what each measures. */
export const benchGroups = {
  kernels: 'Kernels, beside the most that one core reached on multiply-adds in registers',
  training:
    'One training step, a part of an epoch of 8 (C = 1, forces), 4 (C = 3) or 1 (C = 9): shuffle, gather, forward, backward, Adam. EFNN, n = 3, 10 x 10, batch 1000; with forces batch 50. ' +
    'Idle is a step by a network that does nothing, copies its fraction; a rate counts products and sums of the definition, beside the peak; ' +
    'arithmetic is the time at the peak of what we compute of them, by spectra where that is less: no step of ours can be faster',
  profile:
    'Where the time of a training step goes, on one thread, by the samples of a profiler: transforms of fields and kernels (spectra), ' +
    'products with kernels, transforms back (inverse), products for the gradients of kernels, the rest of the kernels (pointwise), ' +
    'Adam, gathering samples; a dash where no sample fell. The peak is the roofline: the time of the same arithmetic in registers, and the ratio what is reached of it',
  forward: 'Energies of EFNN, C = 3, n = 3',
  dense: 'One training step, of an epoch of 8, of the dense EFNN, W = 150, n = 3, 15 spins, batch 1000',
  exact: 'One exact energy (with forces where the name says so) and one EFNN energy on N x N, against the size',
} as const;

/** The name of a group of rows, the first word of their names. */
export type BenchGroup = keyof typeof benchGroups;

const isGroup = (name: string): name is BenchGroup => Object.hasOwn(benchGroups, name);

const groupNames: readonly BenchGroup[] = Object.keys(benchGroups).filter(isGroup);

const groupOf = ({ name }: Pick<BenchRow, 'name'>): string => name.split('-')[0] ?? '';

const number = typographic(3);

/** Whether a time of a profile is that of what no sample fell into. */
const isUnsampled = (name: string, value: number): boolean =>
  groupOf({ name }) === 'profile' && value < 2e3 * leastSeconds;

/** A number, with that of the fastest quarter behind it where it is known. */
const ofRounds = (value: number, quartile: number | null): string =>
  quartile === null ? number(value) : `${number(value)} (${number(quartile)})`;

/** The same, with its CPU time behind it where one was taken. */
const timed = (value: number, quartile: number | null, cpu: number | null): string =>
  `${ofRounds(value, quartile)}${cpu === null ? '' : ` [${number(cpu)}]`}`;

const isPure = (unit: BenchUnit): boolean => unit === 'exponent' || unit === 'fraction';

const ownCell = ({ name, value, quartile, unit, cpu }: BenchRow): string =>
  isUnsampled(name, value)
    ? '-'
    : `${timed(value, quartile !== null && isUnsampled(name, quartile) ? null : quartile, cpu)}${isPure(unit) ? '' : ` ${unit}`}`;

const peerCell = ({ peer, peerValue, peerQuartile, peerCpu }: BenchRow): string =>
  peer === null || peerValue === null ? '' : `${timed(peerValue, peerQuartile, peerCpu)} (${peer})`;

const ratioCell = ({ ratio, quartileRatio }: BenchRow): string =>
  ratio === null ? '' : ofRounds(ratio, quartileRatio);

/** Rows of one name and as many threads: one on each Node beside each peer. */
const quantitiesOf = (rows: readonly BenchRow[]): readonly (readonly BenchRow[])[] =>
  pipe(
    [...rows],
    groupBy(({ name, threads }) => `${name} ${threads}`),
    (groups) => Object.values(groups),
  );

/** The row on a Node beside the peer that needs the least time; undefined where nothing was measured on it. */
const fastestOn = (members: readonly BenchRow[], node: string): BenchRow | undefined =>
  members.filter((row) => row.node === node).toSorted((a, b) => (a.ratio ?? Infinity) - (b.ratio ?? Infinity))[0];

const headerOn = (nodes: readonly string[]): readonly string[] => [
  'row',
  'threads',
  ...nodes.map((node) => `Node ${node}`),
  'peers',
  ...nodes.map((node) => `peer time / Node ${node}`),
];

const lineOn =
  (nodes: readonly string[]) =>
  (members: readonly BenchRow[]): readonly string[] => {
    const fastest = nodes.map((node) => fastestOn(members, node));
    return [
      members[0]?.name ?? '',
      String(members[0]?.threads ?? ''),
      ...fastest.map((row) => (row === undefined ? '' : ownCell(row))),
      [...new Set(members.map(peerCell))].filter((cell) => cell !== '').join(', '),
      ...fastest.map((row) => (row === undefined ? '' : ratioCell(row))),
    ];
  };

/** The groups that have rows, in their order. */
const grouped = (rows: readonly BenchRow[]): readonly (readonly [BenchGroup, readonly BenchRow[]])[] =>
  groupNames
    .map((group) => [group, rows.filter((row) => groupOf(row) === group)] as const)
    .filter(([, members]) => members.length > 0);

const largestDeviation = (checks: readonly BenchCheck[]): string =>
  checks.length === 0
    ? ''
    : ' Each peer first computed the same numbers from the same weights and inputs; the largest relative deviation was ' +
      `${number(Math.max(...checks.map(({ deviation }) => deviation)))}.`;

const obtainedCell = (outcome: Outcome): string => (outcome === null ? 'not measured' : number(outcome.obtained));

const reachedCell = (outcome: Outcome): string => {
  if (outcome === null) {
    return '-';
  }
  return outcome.reached ? 'yes' : 'no';
};

const boundCell = (bound: Outcome): string => (bound === null ? '-' : number(bound.obtained));

const both = <A>({ node20, newest }: OnNodes<A>, cell: (value: A) => string): string =>
  [...new Set([cell(node20), cell(newest)])].join(', ');

const aimLine =
  (rows: readonly BenchRow[]) =>
  (aim: Aim): readonly string[] => {
    const outcomes = outcomesOf(rows)(aim);
    const each = (cell: (outcome: Outcome) => string): string => `${cell(outcomes.node20)}, ${cell(outcomes.newest)}`;
    const bounds = boundsOf(rows)(aim);
    return [
      aim.title,
      both(aim.wanted, String),
      each(obtainedCell),
      each(reachedCell),
      `${boundCell(bounds.node20)}, ${boundCell(bounds.newest)}`,
    ];
  };

const aimHeader = ['peer time / ours: Node 20, newest', 'wanted', 'obtained', 'reached', 'at most'];

const aimTable =
  (chosen: readonly Aim[]) =>
  ({ rows }: Pick<BenchReport, 'rows'>): string =>
    markdownTable(aimHeader, chosen.map(aimLine(rows)));

/** What was aimed at beside PyTorch and LAPACK, and what of it was reached, as the README shows it. */
export const headlinesMarkdown = aimTable(headlines);

const aimsSection = (report: BenchReport): string => {
  const { node20, newest } = nodesOf(report.rows);
  return [
    `**What was aimed at, on Node ${node20 ?? '20 (not measured)'} and Node ${newest ?? '26 (not measured)'}: ` +
      'the time of the fastest PyTorch, or of LAPACK, over ours on one thread; below, what two threads gain, and a time. At most: the ' +
      'ratio if a run did nothing but the arithmetic of its correlations, or of its dense products, at the peak of a core**',
    '',
    aimTable(aims)(report),
  ].join('\n');
};

const refusalsSection = (refusals: readonly Refusal[]): readonly string[] =>
  refusals.length === 0
    ? []
    : [
        [
          '**Peers that were not timed, and why**',
          '',
          ...refusals.map(({ name, threads, reason }) => `- ${name}, ${threads} threads: ${reason}`),
        ].join('\n'),
      ];

const placeOf = ({ facts }: BenchReport): string =>
  `${facts.cpu}, ${facts.cores} cores, Node ${facts.nodes.join(' and ')}, backend ${facts.backend}` +
  facts.peers.map((peer) => `, ${peer}`).join('');

/** The report as Markdown: a sentence of facts, what was aimed at, a table a group, and the peers that were refused. */
export const benchMarkdown = (report: BenchReport): string => {
  const { facts, rows, checks, refusals } = report;
  return [
    `${placeOf(report)}. ` +
      `Load before the start ${number(facts.load)} (0 is idle). Medians of up to ${facts.repetitions} rounds in which we and the peers take turns; ` +
      `in parentheses the edge of the fastest quarter of them, in brackets CPU time, all threads together; the peer of a ratio is the fastest, where none is named.${largestDeviation(checks)}`,
    aimsSection(report),
    ...grouped(rows).map(([group, members]) =>
      [
        `**${benchGroups[group]}**`,
        '',
        markdownTable(headerOn(facts.nodes), quantitiesOf(members).map(lineOn(facts.nodes))),
      ].join('\n'),
    ),
    ...refusalsSection(refusals),
  ].join('\n\n');
};

const textHeader = ['row', 'threads', 'Node', 'here [CPU]', 'peer [CPU]', 'peer time / ours'];

/** The rows as columns of text, for terminals. */
export const benchText = (rows: readonly BenchRow[]): string => {
  const table = [
    textHeader,
    ...rows.map((row) => [row.name, String(row.threads), row.node, ownCell(row), peerCell(row), ratioCell(row)]),
  ];
  return table.flatMap(linesOf(widthsOf(table))).join('\n');
};

/** The report for terminals: its rows, where it ran, and how peers were checked. */
export const benchSummary = (report: BenchReport): string =>
  [
    benchText(report.rows),
    '',
    placeOf(report),
    ...report.checks.map(
      ({ name, threads, peer, setting, deviation }) =>
        `${name} (${threads}): ${peer} gave the same numbers up to ${deviation.toPrecision(2)}; its setting: ${setting}`,
    ),
    ...report.refusals.map(({ name, threads, reason }) => `${name} (${threads}): not timed: ${reason}`),
  ].join('\n');
