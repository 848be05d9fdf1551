/** A benchmark as it is written to a file and shown in the README: facts, rows, and how peers were checked. */
import type { Either } from 'fp-ts/lib/Either.js';
import { z } from 'zod';

import { jsonLines } from '../file/canonical-json.ts';
import type { DataError } from '../file/data-error.ts';
import { markdownTable } from '../report/markdown-table.ts';
import { typographic } from '../report/notation.ts';
import { linesOf, widthsOf } from '../report/text-table.ts';
import { benchRowSchema, type BenchRow } from './row.ts';

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

/** The file that a benchmark writes, for a decoder. */
export const benchReportSchema = z.object({
  facts: z.object({
    cpu: z.string(),
    cores: z.number().int().positive(),
    node: z.string(),
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
});

/** A benchmark: where it ran, what it measured, and how its peers were checked. */
export interface BenchReport {
  readonly facts: Readonly<Omit<z.infer<typeof benchReportSchema>['facts'], 'peers'>> & {
    readonly peers: readonly string[];
  };
  readonly rows: readonly BenchRow[];
  readonly checks: readonly BenchCheck[];
}

/** The text of the file that a benchmark writes. Fails for a number that is not finite. */
export const benchFile = (report: BenchReport): Either<DataError, string> => jsonLines(report);

/** The groups of rows, and what each measures. */
export const benchGroups = {
  kernels: 'Kernels, beside the most that one core reached on multiply-adds in registers',
  training:
    'One training step: shuffle, gather, forward, backward, Adam. EFNN, n = 3, 10 x 10, batch 1000; with forces batch 50. ' +
    'Idle is a step by a network that does nothing, copies its fraction; a rate counts products and sums, beside the peak',
  forward: 'Energies of EFNN, C = 3, n = 3',
  dense: 'One training step of the dense EFNN, W = 150, n = 3, 15 spins, batch 1000',
  exact: 'One exact energy (with forces where the name says so) and one EFNN energy on N x N, against the size',
} as const;

/** The name of a group of rows, the first word of their names. */
export type BenchGroup = keyof typeof benchGroups;

const isGroup = (name: string): name is BenchGroup => Object.hasOwn(benchGroups, name);

const groupNames: readonly BenchGroup[] = Object.keys(benchGroups).filter(isGroup);

const groupOf = ({ name }: BenchRow): string => name.split('-')[0] ?? '';

const number = typographic(3);

const cellsOf = ({ name, value, unit, threads, peer, peerValue, ratio }: BenchRow): readonly string[] => [
  name,
  String(threads),
  `${number(value)}${unit === 'exponent' || unit === 'fraction' ? '' : ` ${unit}`}`,
  peer === null || peerValue === null ? '' : `${number(peerValue)} (${peer})`,
  ratio === null ? '' : number(ratio),
];

const header = ['row', 'threads', 'here', 'peer', 'peer time / ours'];

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

/** The report as Markdown: a sentence of facts, then a table a group. */
export const benchMarkdown = ({ facts, rows, checks }: BenchReport): string =>
  [
    `${facts.cpu}, ${facts.cores} cores, Node ${facts.node}, backend ${facts.backend}` +
      `${facts.peers.map((peer) => `, ${peer}`).join('')}. ` +
      `Load before the start ${number(facts.load)} (0 is idle). Medians of up to ${facts.repetitions} rounds in which we and the peer take turns.${largestDeviation(checks)}`,
    ...grouped(rows).map(([group, members]) =>
      [`**${benchGroups[group]}**`, '', markdownTable(header, members.map(cellsOf))].join('\n'),
    ),
  ].join('\n\n');

/** The rows as columns of text, for terminals. */
export const benchText = (rows: readonly BenchRow[]): string => {
  const table = [header, ...rows.map(cellsOf)];
  return table.flatMap(linesOf(widthsOf(table))).join('\n');
};

/** The report for terminals: its rows, where it ran, and how peers were checked. */
export const benchSummary = ({ facts, rows, checks }: BenchReport): string =>
  [
    benchText(rows),
    '',
    `${facts.cpu}, ${facts.cores} cores, Node ${facts.node}, backend ${facts.backend}${facts.peers.map((peer) => `, ${peer}`).join('')}`,
    ...checks.map(
      ({ name, threads, peer, setting, deviation }) =>
        `${name} (${threads}): ${peer} gave the same numbers up to ${deviation.toPrecision(2)}; its setting: ${setting}`,
    ),
  ].join('\n');
