/**
 * A report: what the paper says beside what was obtained, with the figures and tables behind it. It is plain data, and
 * `results.json` is that data, so every number that a reader sees is one that a program can read.
 */
import type { Chart } from './chart.ts';
import {
  verdictOf,
  type DivergedNetwork,
  type Rule,
  type ConfidenceInterval,
  type Subject,
  type Verdict,
} from './verdict.ts';

/** Running text; its numbers stay numbers, so that they are rounded for reading alone. */
export type Prose = string | readonly (string | number)[];

/** What a run was done with or took: one label, one value. */
export interface Fact {
  readonly label: string;
  readonly value: string | number;
  readonly unit?: string;
}

/** One statement of the paper, and the number that tests it. */
export interface Claim {
  readonly id: string;
  /** What the paper says, in words. */
  readonly statement: string;
  /** What the paper reports. */
  readonly expected: string | number;
  /** What this run measured; null where it did not. */
  readonly obtained: number | null;
  readonly unit?: string;
  /** Between which numbers it lies, over seeds or by its error. */
  readonly spread?: ConfidenceInterval;
  /** How much is behind the number: seeds, test configurations. */
  readonly sample: string;
  readonly rule: Rule;
  /** The networks that it speaks of, and what is known where some are missing; not there where it speaks of none. */
  readonly subject?: Subject;
  /** Why the two numbers are not of one thing, where they are not: wherever they stand side by side, this stands too. */
  readonly remark?: Prose;
  /** What a reader should know beside: how it was computed, a weak spot. */
  readonly comment?: Prose;
}

/** What a column of a table holds. */
export interface Column {
  readonly label: string;
  readonly unit?: string;
  /** Significant digits, where three are too many or too few. */
  readonly digits?: number;
}

/** Rows of values below named columns; null where nothing was measured. */
export interface Table {
  readonly id: string;
  readonly caption: Prose;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/** A chart with its title and caption. */
export interface Figure {
  readonly id: string;
  readonly title: string;
  /** What is on the axes, and what to see. */
  readonly caption: Prose;
  readonly chart: Chart;
}

/** How many jobs there are, and how many of them are done. */
export interface Progress {
  readonly done: number;
  readonly planned: number;
}

/** A part of the report: the claims about one experiment, with what supports them. */
export interface Section {
  readonly title: string;
  readonly paragraphs: readonly Prose[];
  /** What users should do, where it follows from the results. */
  readonly guide?: Prose;
  readonly claims: readonly Claim[];
  readonly tables: readonly Table[];
  readonly figures: readonly Figure[];
  /** The ids of the runs behind it. */
  readonly runs?: readonly string[];
  /** How many of its jobs are done, where not all are. */
  readonly partial?: Progress;
  /** Its networks that diverged, where any did: they are in none of its figures and tables. */
  readonly diverged?: readonly DivergedNetwork[];
}

/** A job that was done: where its files lie, and how it was done. */
export interface DoneJob {
  readonly id: string;
  readonly title: string;
  /** Of a network's start and shuffles; null for other jobs. */
  readonly seed: number | null;
  /** How long it took; null where that is not known. */
  readonly seconds: number | null;
  /** Processor and Node; null where that is not known. */
  readonly machine: string | null;
  /** The file of its result, beside `results.json`. */
  readonly result: string;
  /** The file of the network that it trained; null where it trained none, or it is not kept. */
  readonly model: string | null;
  /** The SHA-256 of that network, kept or not. */
  readonly modelSha256?: string;
  /** The SHA-256 of each file of labels that it was trained and tested on. */
  readonly data: readonly string[];
}

/** A whole report, before its claims are judged. */
export interface Report {
  readonly title: string;
  readonly preset: string;
  readonly abstract: Prose;
  readonly facts: readonly Fact[];
  readonly sections: readonly Section[];
  readonly runs?: readonly DoneJob[];
  /** How many jobs are done, where not all are: what the others would tell is not known. */
  readonly partial?: Progress;
}

// What follows from a report.

/** A claim with the verdict that its rule gives. */
export interface JudgedClaim extends Claim {
  readonly verdict: Verdict;
}

/** A section whose claims are judged. */
export interface JudgedSection extends Section {
  readonly claims: readonly JudgedClaim[];
}

/** A report with the verdicts that its rules give, and how many there are of each. */
export interface JudgedReport extends Report {
  readonly verdicts: Readonly<Record<Verdict, number>>;
  readonly sections: readonly JudgedSection[];
}

const judgeClaim = (claim: Claim): JudgedClaim => ({
  ...claim,
  verdict: verdictOf(claim.rule)(claim.obtained, claim.spread, claim.subject),
});

/** Computes the verdicts; whatever verdicts stood in the report before are replaced. */
export const judge = (report: Report): JudgedReport => {
  const sections = report.sections.map((section) => ({ ...section, claims: section.claims.map(judgeClaim) }));
  const found = sections.flatMap(({ claims }) => claims.map(({ verdict }) => verdict));
  const count = (wanted: Verdict): number => found.filter((verdict) => verdict === wanted).length;
  return {
    ...report,
    verdicts: {
      holds: count('holds'),
      'does not hold': count('does not hold'),
      undecided: count('undecided'),
      'not tested': count('not tested'),
    },
    sections,
  };
};

/** The text of `results.json`: the judged report, every number in full. */
export const resultsOf = (report: Report): string => `${JSON.stringify(judge(report), undefined, 2)}\n`;

/** Every number in a value of JSON, at any depth. */
export const numbersIn = (value: unknown): readonly number[] => {
  if (typeof value === 'number') {
    return [value];
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
};

/** Every number that a rendering of the report may show. */
export const numbersOf = (report: Report): ReadonlySet<number> => new Set(numbersIn(judge(report)));
