/** Laws of reports on a part of the jobs, and of the records that such a part is kept as. */
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';

import { canonicalJson } from '../../src/file/canonical-json.ts';
import { judge, type Report } from '../../src/report/report.ts';
import type { Job } from '../../src/study/job.ts';
import { titleOf } from '../../src/study/job.ts';
import type { Outcomes } from '../../src/study/outcome.ts';
import type { JobRecord } from '../../src/study/record.ts';
import { interval } from '../arbitraries/interval.ts';
import type { Law } from '../law.ts';
import { outcomesOf } from './study.ts';

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
    'whole; of nothing none is tested, and no network is the best while a kind of its rivals was not trained',
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
      (some.some(isDnn) || claims.every(({ id, verdict }) => !contests.includes(id) || verdict === 'not tested')) &&
      claims.every(({ comment }) => comment === undefined || ![comment].flat().includes(-Infinity))
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
