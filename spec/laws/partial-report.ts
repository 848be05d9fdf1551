/** Laws of reports on a part of the jobs, and of the records that such a part is kept as. */
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';

import { canonicalJson } from '../../src/file/canonical-json.ts';
import { judge, type Report } from '../../src/report/report.ts';
import type { Job } from '../../src/study/job.ts';
import { titleOf, trains } from '../../src/study/job.ts';
import type { Outcome, Outcomes } from '../../src/study/outcome.ts';
import type { JobRecord } from '../../src/study/record.ts';
import { interval } from '../arbitraries/interval.ts';
import { madeUp, outcomesOf } from '../arbitraries/results.ts';
import type { Law } from '../law.ts';

/** Reports outcomes of jobs that were planned. */
export type PartialReporting = (outcomes: Outcomes, planned: readonly Job[]) => Report;

const idsOf = ({ sections }: Report): string =>
  sections
    .flatMap(({ claims }) => claims.map(({ id }) => id))
    .toSorted()
    .join();

/** The claims that say one network is better than all others. */
const contests = [
  '2b-advantage-2',
  '2b-advantage-3',
  '2c-advantage-2',
  '2c-advantage-3',
  '4b-advantage',
  '4c-advantage',
];

export const partsSayWhatTheyAre = (jobs: readonly Job[]): Law<PartialReporting, Outcomes> => ({
  statement:
    'a report on a part of the jobs says how many of how many are done, at its top and of each section, and makes every claim of the ' +
    'whole; one without a number says why; of nothing none is tested, and whether a network is the best is not decided while a kind of its rivals was not trained',
  cases: outcomesOf(jobs).chain((all) =>
    fc.oneof(fc.constant([]), fc.subarray([...all]), fc.constant(withoutDnn(all))),
  ),
  runs: 20,
  holds: (reporting) => (some) => {
    const report = reporting(some, jobs);
    const whole = reporting([], jobs);
    const { verdicts, sections } = judge(report);
    const claims = sections.flatMap((section) => section.claims);
    const isWhole = some.length === jobs.length;
    const counts = sections.flatMap(({ partial }) => (partial === undefined ? [] : [partial]));
    return (
      (isWhole || (report.partial?.done === some.length && report.partial.planned === jobs.length)) &&
      counts.every(({ done, planned }) => done < planned && planned <= jobs.length) &&
      idsOf(report) === idsOf(whole) &&
      (some.length > 0 || verdicts['not tested'] === claims.length) &&
      (some.some(isDnn) ||
        claims.every(
          ({ id, verdict }) => !contests.includes(id) || verdict === 'not tested' || verdict === 'undecided',
        )) &&
      claims.every(({ obtained, comment }) => obtained !== null || comment !== undefined) &&
      claims.every(({ comment }) => comment === undefined || ![comment].flat().includes(-Infinity))
    );
  },
});

/** A report in which each finished job is a run, whose id is the text of the job. */
export type Attribution = (outcomes: Outcomes, planned: readonly Job[]) => Report;

/** A network with other errors, of any number. */
const withOtherErrors = ({ job, result }: Outcome): Outcome =>
  'errors' in result
    ? {
        job,
        result: {
          ...result,
          errors: result.errors.map((error) => ({
            ...error,
            ...{ rmse: 1.5 * (error.rmse ?? 1), relative: 1.5 * (error.relative ?? 1) },
          })),
        },
      }
    : { job, result };

/** What each section says, but for its share of the jobs and its runs, by its title. */
const saidBy = ({ sections }: Report): ReadonlyMap<string, string> =>
  new Map(sections.map(({ runs: _, partial: __, ...section }) => [section.title, JSON.stringify(section)]));

export const sectionsCountTheirOwn = (
  jobs: readonly Job[],
): Law<Attribution, { readonly all: Outcomes; readonly place: number }> => ({
  statement:
    'a job is counted by the sections that say another thing where it found other errors, and by no other: as one of their runs, and as the one ' +
    'that is missing where it is not finished',
  cases: fc.record({ all: outcomesOf(jobs), place: fc.nat() }),
  runs: 60,
  holds:
    (reporting) =>
    ({ all, place }) => {
      const at = place % all.length;
      const planned = all.map(({ job }) => job);
      const whole = reporting(all, planned);
      const changed = saidBy(
        reporting(
          all.map((one, i) => (i === at ? withOtherErrors(one) : one)),
          planned,
        ),
      );
      const without = reporting(
        all.filter((_, i) => i !== at),
        planned,
      );
      const id = JSON.stringify(planned[at]);
      const said = saidBy(whole);
      return whole.sections.every(({ title, runs = [], partial }, i) => {
        const isOwn = said.get(title) !== changed.get(title);
        const missing = without.sections[i]?.partial;
        return (
          partial === undefined &&
          runs.includes(id) === isOwn &&
          (isOwn ? missing?.done === runs.length - 1 && missing.planned === runs.length : missing === undefined)
        );
      });
    },
});

/** Errors that decide claims, with one network that is out of line, and which of the jobs are finished. */
interface Unfinished {
  readonly others: Outcomes;
  readonly scale: number;
  /** The error of a rival over the EFNN's, of a layer more over a layer less. */
  readonly lead: number;
  readonly gain: number;
  /** The power of 1/N by which errors fall. */
  readonly fall: number;
  readonly odd: {
    readonly architecture: string;
    readonly layers: number;
    readonly seed: number;
    readonly factor: number;
  };
  /** The first seeds, and what their errors are multiplied by. */
  readonly lucky: { readonly seeds: number; readonly factor: number };
  readonly missing: (length: number) => ReadonlySet<number>;
}

const missing: fc.Arbitrary<Unfinished['missing']> = fc.oneof(
  fc
    .array(fc.nat(), { minLength: 1, maxLength: 4 })
    .map((some) => (length: number) => new Set(some.map((place) => place % length))),
  fc.tuple(fc.integer({ min: 2, max: 9 }), fc.nat()).map(
    ([every, first]) =>
      (length: number) =>
        new Set(Array.from({ length }, (_, i) => i).filter((i) => (i + first) % every !== 0)),
  ),
);

const factor = fc.constantFrom(0.2, 0.5, 2, 5);

const seeds = [1, 2, 3, 4, 5] as const;

/** The first three seeds alone are finished, and reach a number of the paper that five seeds do not. */
const luckyStart = {
  ...{ scale: 2e-3, lead: 2, gain: 1, fall: 0.5, lucky: { seeds: 3, factor: 0.45 } },
  odd: { architecture: 'efnn', layers: 1, seed: 1, factor: 1 },
  missing: (length: number) =>
    new Set(Array.from({ length }, (_, place) => place).filter((place) => place % seeds.length >= 3)),
};

export const partsDecideNothingElse = (jobs: readonly Job[]): Law<PartialReporting, Unfinished> => ({
  statement:
    'whichever jobs of a study are not finished, a claim that is decided has the verdict of the whole study, and none says that no ' +
    'network was trained where one was',
  cases: fc
    .tuple(
      outcomesOf(jobs.filter((job) => !trains(job))),
      fc.oneof(
        { weight: 1, arbitrary: fc.constant(luckyStart) },
        {
          weight: 5,
          arbitrary: fc.record({
            lucky: fc.record({ seeds: fc.constantFrom(1, 3), factor: fc.constantFrom(1, 0.8) }),
            scale: fc.constantFrom(1e-4, 1e-3, 4e-3, 2e-2),
            lead: factor,
            gain: factor,
            fall: fc.constantFrom(-1, 0.5, 1.5),
            odd: fc.record({
              architecture: fc.constantFrom('efnn', 'dnn'),
              layers: fc.constantFrom(1, 2, 3),
              seed: fc.constantFrom(...seeds),
              factor: fc.constantFrom(1, 0.01, 100),
            }),
            missing,
          }),
        },
      ),
    )
    .map(([others, unfinished]) => ({ others, ...unfinished })),
  runs: 60,
  holds:
    (reporting) =>
    ({ others, scale, lead, gain, fall, odd, lucky, missing: isMissing }) => {
      const networks = madeUp(jobs, seeds, (architecture, layers, size, seed) => {
        const isOdd = architecture === odd.architecture && layers === odd.layers && seed === odd.seed;
        const own =
          scale * (1 + seed / 500) * (seed <= lucky.seeds ? lucky.factor : 1) * gain ** layers * (10 / size) ** fall;
        return own * (architecture === 'efnn' ? 1 : lead) * (isOdd ? odd.factor : 1);
      });
      const all = [...networks, ...others];
      const planned = all.map(({ job }) => job);
      const left = isMissing(all.length);
      const verdictsIn = (outcomes: Outcomes) =>
        judge(reporting(outcomes, planned)).sections.flatMap(({ claims }) => claims);
      const whole = new Map(verdictsIn(all).map(({ id, verdict }) => [id, verdict]));
      return verdictsIn(all.filter((_, place) => !left.has(place))).every(
        ({ id, verdict, subject, comment }) =>
          (verdict === 'undecided' || verdict === 'not tested' || verdict === whole.get(id)) &&
          ((subject?.done ?? 0) === 0 || ![comment].flat().join('').includes('not tested: no')),
      );
    },
});

const isDnn = ({ job }: Outcomes[number]): boolean => titleOf(job).includes('DNN');

const withoutDnn = (outcomes: Outcomes): Outcomes => outcomes.filter((outcome) => !isDnn(outcome));

/** Writes and reads a record. */
export interface Recording {
  readonly show: (record: JobRecord) => string;
  readonly read: (bytes: Uint8Array) => Either<unknown, JobRecord>;
}

const digests = fc.record({
  model: fc.option(fc.constant('0'.repeat(64))),
  labels: fc.array(fc.constant('1'.repeat(64)), { maxLength: 2 }),
});

const records = (jobs: readonly Job[]): fc.Arbitrary<JobRecord> =>
  outcomesOf(jobs)
    .chain((outcomes) => fc.constantFrom(...outcomes))
    .chain(({ job, result }) =>
      fc.record({
        format: fc.constant('efnn-record/1' as const),
        job: fc.constant(JSON.stringify(job)),
        computedBy: fc.constantFrom('1.2.3 wasm', '1.2.4 reference'),
        result: fc.constant(result),
        seconds: fc.option(interval(0, 1e6)),
        machine: fc.option(fc.constant('a processor, Node v20')),
        digests,
      }),
    );

/** The last of 17 digits may be another, and the number the same. */
const saysTheSame = (one: string, other: string): boolean =>
  JSON.stringify(JSON.parse(one)) === JSON.stringify(JSON.parse(other));

export const recordsAreRead = (jobs: readonly Job[]): Law<Recording, readonly [JobRecord, number]> => ({
  statement:
    'a record is read as it was written, every number to the bit; one that says another number somewhere is refused',
  cases: fc.tuple(records(jobs), fc.nat()),
  holds:
    ({ show, read }) =>
    ([record, place]) => {
      const text = show(record);
      const found = read(new TextEncoder().encode(text));
      const digits = [...text.matchAll(/\d/g)].map(({ index }) => index);
      const at = digits[place % digits.length] ?? 0;
      const changed = `${text.slice(0, at)}${(Number(text[at]) + 1) % 10}${text.slice(at + 1)}`;
      return (
        E.isRight(found) &&
        show(found.right) === text &&
        canonicalJson(found.right) === canonicalJson(record) &&
        (saysTheSame(changed, text) || E.isLeft(read(new TextEncoder().encode(changed))))
      );
    },
});
