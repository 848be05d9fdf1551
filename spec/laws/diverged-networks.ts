/** Laws of networks whose trainings diverged: they are told, and decide nothing. */
import fc from 'fast-check';

import { judge, type Report } from '../../src/report/report.ts';
import type { Rule, ConfidenceInterval, Subject, Verdict } from '../../src/report/verdict.ts';
import { titleOf, trains, type Job } from '../../src/study/job.ts';
import type { Outcome, Outcomes } from '../../src/study/outcome.ts';
import { rule, subject } from '../arbitraries/report.ts';
import { diverged, madeUp } from '../arbitraries/results.ts';
import type { Law } from '../law.ts';

/** The verdict of a rule, with all that it depends on. */
export type Verdicts = (
  rule: Rule,
) => (obtained: number | null, spread?: ConfidenceInterval, subject?: Subject) => Verdict;

interface Judged {
  readonly rule: Rule;
  readonly obtained: number | null;
  readonly seeds: number;
  /** The largest number of a seed over the mean, and the mean over the smallest. */
  readonly scatter: number;
  readonly subject: Subject;
}

/** A number about which the verdicts of a rule change. */
const edgeOf = (own: Rule): number => (own.tag === 'equals' ? own.value : own.tag === 'alike' ? own.factor : own.bound);

export const lackingIsUndecided: Law<Verdicts, Judged> = {
  statement:
    'a claim that lacks a network that it asks for is undecided, or not tested where it has no number and none of its networks diverged; on a bound ' +
    'it is undecided but where others can only improve what every seed keeps already, a number of the paper or a ratio above one; otherwise it has its verdict',
  cases: fc
    .record({
      rule,
      // Near the bound, so that the seeds may lie on both sides.
      times: fc.constantFrom(null, 0.1, 0.96, 1, 1.04, 10),
      scatter: fc.constantFrom(1, 1.02, 1.09),
      seeds: fc.integer({ min: 1, max: 5 }),
      subject,
    })
    .map(({ times, ...judged }) => ({ ...judged, obtained: times === null ? null : times * edgeOf(judged.rule) })),
  runs: 500,
  holds:
    (verdictOf) =>
    ({ rule: own, obtained, seeds, scatter, subject: networks }) => {
      const spread =
        obtained === null
          ? undefined
          : {
              ...{ low: obtained / 1.1, high: obtained * 1.1, seeds },
              ...{ least: obtained / scatter, greatest: obtained * scatter },
            };
      const found = verdictOf(own)(obtained, spread, networks);
      const whole = verdictOf(own)(obtained, spread);
      switch (networks.known) {
        case 'its number':
          return found === whole;
        case 'an upper bound':
          return obtained === null
            ? found === 'not tested'
            : found === (own.tag === 'at-most' && obtained * scatter <= own.bound ? 'holds' : 'undecided');
        case 'a lower bound':
          return obtained === null
            ? found === 'not tested'
            : found === (own.tag === 'above' && obtained / scatter > own.bound ? 'holds' : 'undecided');
        case 'nothing':
          return found === (obtained === null && networks.diverged.length === 0 ? 'not tested' : 'undecided');
      }
    },
};

/** Reports outcomes of jobs that were planned. */
export type Reporting = (outcomes: Outcomes, planned: readonly Job[]) => Report;

/** Errors that decide claims, and which networks diverge: of one figure alone. */
interface Diverging {
  readonly scale: number;
  /** The error of a rival over the EFNN's, of a layer more over a layer less. */
  readonly lead: number;
  readonly gain: number;
  readonly fall: number;
  readonly figure: 'three-spin-binary' | 'three-spin-continuous' | 'lattice';
  readonly places: readonly number[];
  /** Whether a network that diverges does so with every seed. */
  readonly isHopeless: boolean;
}

const seeds = [1, 2, 3, 4] as const;

const factor = fc.constantFrom(0.3, 0.6, 1.6, 3);

const cases: fc.Arbitrary<Diverging> = fc.record({
  scale: fc.constantFrom(1e-4, 1e-3, 4e-3, 2e-2),
  ...{ lead: factor, gain: factor, fall: fc.constantFrom(0.5, 1.5) },
  figure: fc.constantFrom('three-spin-binary', 'three-spin-continuous', 'lattice'),
  places: fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
  isHopeless: fc.boolean(),
});

const figureOf = (job: Job): string | null =>
  job.tag === 'dense' ? job.system : job.tag === 'lattice' ? job.tag : null;

const allOf = (jobs: readonly Job[], { scale, lead, gain, fall }: Diverging): Outcomes =>
  madeUp(
    jobs,
    seeds,
    (architecture, layers, size, seed) =>
      scale * (1 + seed / 500) * gain ** layers * (10 / size) ** fall * (architecture === 'efnn' ? 1 : lead),
  );

/** The networks of a study that diverge. */
const divergingIn = (outcomes: Outcomes, { figure, places, isHopeless }: Diverging): ReadonlySet<Outcome> => {
  const own = outcomes.filter(({ job }) => figureOf(job) === figure);
  const some = places.flatMap((place) => own.slice(place % own.length, (place % own.length) + 1));
  const titles = new Set(some.map(({ job }) => titleOf(job)));
  return new Set(isHopeless ? own.filter(({ job }) => titles.has(titleOf(job))) : some);
};

const replaced = (outcomes: Outcomes, some: ReadonlySet<Outcome>, by: (one: Outcome) => Outcome): Outcomes =>
  outcomes.map((one) => (some.has(one) ? by(one) : one));

const asDiverged = ({ job }: Outcome): Outcome => ({ job, result: diverged });

/** As if a network had this error on all tests. */
export const withError =
  (error: number) =>
  ({ job, result }: Outcome): Outcome => ({
    job,
    result:
      result.tag === 'network'
        ? {
            ...result,
            errors: result.errors.map((one) => ({ ...one, rmse: error, relative: error, spread: error })),
          }
        : result,
  });

const isDecided = (verdict: Verdict): boolean => verdict === 'holds' || verdict === 'does not hold';

export const divergedDecidesNothing = (jobs: readonly Job[]): Law<Reporting, Diverging> => ({
  statement:
    'a claim on all of some networks that is decided has this verdict whatever errors those would have had that diverged; one on the best of ' +
    'them has the verdict that they are not the best; claims of other figures have theirs',
  cases,
  runs: 40,
  holds: (reporting) => (example) => {
    const outcomes = allOf(jobs, example);
    const lost = divergingIn(outcomes, example);
    const planned = outcomes.map(({ job }) => job);
    const claimsIn = (some: Outcomes) => judge(reporting(some, planned)).sections.flatMap(({ claims }) => claims);
    const verdictsIn = (some: Outcomes) => new Map(claimsIn(some).map(({ id, verdict }) => [id, verdict]));
    const [good, bad] = [1e-9, 1e9].map((error) => verdictsIn(replaced(outcomes, lost, withError(error))));
    const claims = claimsIn(replaced(outcomes, lost, asDiverged));
    const isOther = (id: string): boolean =>
      example.figure === 'lattice'
        ? id.startsWith('2')
        : !id.startsWith(example.figure === 'three-spin-binary' ? '2b' : '2c');
    return claims.every(({ id, verdict, subject: networks }) => {
      const isOfAll = networks?.needs === 'every network';
      return (
        (!isDecided(verdict) || (verdict === bad?.get(id) && (!isOfAll || verdict === good?.get(id)))) &&
        (!isOther(id) || verdict === bad?.get(id))
      );
    });
  },
});

/** As if a network predicted nothing finite on the last of its tests. */
const asOverflowing = ({ job, result }: Outcome): Outcome => ({
  job,
  result:
    result.tag === 'network'
      ? {
          ...result,
          errors: result.errors.map((error, i) =>
            i < result.errors.length - 1
              ? error
              : { ...error, rmse: null, offset: null, spread: null, relative: null, rmsePerDeviation: null },
          ),
        }
      : result,
});

export const overflowIsDivergence = (jobs: readonly Job[]): Law<Reporting, Diverging> => ({
  statement:
    'of a network that predicts nothing finite on one of its tests a report says what it says of one that diverged: it neither wins nor is passed over',
  cases,
  runs: 20,
  holds: (reporting) => (example) => {
    const outcomes = allOf(jobs, example);
    const lost = divergingIn(outcomes, example);
    const planned = outcomes.map(({ job }) => job);
    const said = (as: (one: Outcome) => Outcome): string =>
      JSON.stringify(
        reporting(replaced(outcomes, lost, as), planned).sections.map(({ claims, diverged: named }) => [claims, named]),
      );
    return said(asOverflowing) === said(asDiverged);
  },
});

/** What readers are shown of a report. */
export interface Shown {
  readonly report: Report;
  readonly page: string;
  readonly markdown: string;
  readonly terminal: string;
}

export const divergedIsTold = (jobs: readonly Job[]): Law<(outcomes: Outcomes) => Promise<Shown>, Diverging> => ({
  statement:
    'each network that diverged is named with its seed on the page, in the tables for readmes and terminals, in the sections whose figures lack ' +
    'it, not in others, and in the claims that ask for it; where none did, nothing is said of it',
  cases,
  runs: 6,
  holds: (show) => async (example) => {
    const outcomes = allOf(jobs, example);
    const lost = divergingIn(outcomes, example);
    const names = [...lost].flatMap(({ job }) => (trains(job) ? [`${titleOf(job)}, seed ${job.plan.seed}`] : []));
    const { report, page, markdown, terminal } = await show(replaced(outcomes, lost, asDiverged));
    const without = await show(outcomes);
    const namedIn = (section: string): readonly string[] =>
      report.sections
        .filter(({ title }) => title.includes(section))
        .flatMap(({ diverged: some = [] }) => some.map(({ network, seed }) => `${network}, seed ${seed}`));
    const own = example.figure === 'lattice' ? '4b' : example.figure === 'three-spin-binary' ? '2b' : '2c';
    const told = report.sections.flatMap(({ diverged: some = [] }) => some);
    const inOneLine = (text: string): string => text.replace(/\s+/g, ' ');
    return (
      [page, markdown, terminal].every((text) => names.every((name) => inOneLine(text).includes(name))) &&
      namedIn(own).toSorted().join() === names.toSorted().join() &&
      // Networks with a head, of this section too, are in both; what has none is in the first alone.
      namedIn('Receptive field').every((name) => names.includes(name) && name.startsWith('RKKY head')) &&
      told.length === namedIn(own).length + namedIn('Receptive field').length &&
      report.sections.every(({ claims }) =>
        claims.every(({ subject: networks, comment }) =>
          (networks?.diverged ?? []).every(({ network, seed }) =>
            [comment ?? ''].flat().join('').includes(`${network}, seed ${seed}`),
          ),
        ),
      ) &&
      report.sections.every(({ claims }) =>
        claims.every(({ subject: networks }) =>
          (networks?.diverged ?? []).every(({ network, seed }) => names.includes(`${network}, seed ${seed}`)),
        ),
      ) &&
      ![without.markdown, without.terminal].some((text) => text.includes('iverged'))
    );
  },
});
