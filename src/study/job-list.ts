/** The jobs of a reproduction as a list: what would be done, in which order, and how long that takes. */
import { clock } from '../report/clock.ts';
import { linesOf, widthsOf } from '../report/text-table.ts';
import { expectedSeconds, secondsOf } from './job-cost.ts';
import { inOrder } from './job-order.ts';
import { figures, jobsFor, jobText, labelsFor, titleOf, type FigureName, type Job } from './job.ts';
import type { Preset } from './preset.ts';

/** A job in the list, and its expected cost. */
export interface ListedJob {
  readonly title: string;
  /** The figures that it is for. */
  readonly figures: readonly FigureName[];
  /** Of the start and the shuffles of a network; null for other jobs. */
  readonly seed: number | null;
  /** On one core. */
  readonly seconds: number;
}

/** The labels that jobs are trained and tested on, and their expected cost. */
export interface ListedLabels {
  readonly title: string;
  readonly samples: number;
  readonly seconds: number;
}

/** What a call would do from nothing, on so many threads. */
export interface JobList {
  readonly preset: string;
  readonly threads: number;
  /** Expected until all is done. */
  readonly seconds: number;
  readonly labels: readonly ListedLabels[];
  readonly jobs: readonly ListedJob[];
}

/** The list of some jobs of a preset, in the order in which they are begun. */
export const jobList = (preset: Preset, jobs: readonly Job[], threads: number): JobList => {
  const textsOf = new Map(
    figures.map((figure) => [figure, new Set(jobsFor(preset, [figure]).map((job) => jobText(job)))]),
  );
  return {
    ...{ preset: preset.name, threads, seconds: expectedSeconds(inOrder(preset.order)(jobs), threads) },
    labels: labelsFor(jobs).map((labels) => ({
      title: titleOf(labels),
      samples: labels.range.count,
      seconds: secondsOf(labels),
    })),
    jobs: inOrder(preset.order)(jobs).map((job) => ({
      title: titleOf(job),
      figures: figures.filter((figure) => textsOf.get(figure)?.has(jobText(job)) === true),
      seed: 'plan' in job ? job.plan.seed : null,
      seconds: secondsOf(job),
    })),
  };
};

/** The list as a table for terminals, a line a job, closing with the time of all. */
export const showJobList = ({ preset, threads, seconds, labels, jobs }: JobList): string => {
  const rows = [
    ['', 'job', 'seed', 'figures', 'expected on one core'],
    ...labels.map((one) => ['', `${one.samples} ${one.title}`, '', '', clock(one.seconds)]),
    ...jobs.map((job, index) => [
      `${index + 1}`,
      job.title,
      job.seed === null ? '' : `${job.seed}`,
      job.figures.join(' '),
      clock(job.seconds),
    ]),
  ];
  return [
    ...rows.flatMap(linesOf(widthsOf(rows))),
    `preset ${preset}: ${jobs.length} jobs, expected to take ${clock(seconds)} on ${threads} threads`,
    '',
  ].join('\n');
};
