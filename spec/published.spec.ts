/** What is published in results: the report is what its records say, cards are what their files say, networks answer as they did. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

import fc from 'fast-check';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { expect, it } from 'vitest';

import { startBackend } from '../scripts/backends.ts';
import { programVersion } from '../scripts/program-version.ts';
import { sha256 } from '../scripts/sha256.ts';
import { figureFile, reportFiles } from '../src/report/html-page.ts';
import { resultsOf, type Report } from '../src/report/report.ts';
import { figures, jobsFor, jobText, labelsOf } from '../src/study/job.ts';
import { modelCard, readModelCheck, type ModelCheck, type PublishedModel } from '../src/study/model-card.ts';
import { presets } from '../src/study/preset.ts';
import { freshSamples, publishedPage, publishedReport, recordPath, representatives } from '../src/study/published.ts';
import { expectRecordOf, readRecord, recordName, type KeptJob } from '../src/study/record.ts';
import { modelPrediction } from '../src/training/prediction.ts';
import { readAnyModel } from '../src/training/trained-model.ts';
import { verify, type Law } from './law.ts';
import { right } from './right.ts';

const place = new URL('../results/', import.meta.url);

const bytesOf = (path: string): Uint8Array => new Uint8Array(readFileSync(new URL(path, place)));

const textOf = (path: string): string => new TextDecoder().decode(bytesOf(path));

const isThere = (path: string): boolean => existsSync(new URL(path, place));

const preset = presets.standard;

const computedBy = `${programVersion} wasm`;

const pathOf = (job: Parameters<typeof jobText>[0]): string =>
  `standard/${recordPath(recordName(sha256)(job, computedBy))}`;

/** The records of the jobs that the preset has today. */
const kept: readonly KeptJob[] = jobsFor(preset, figures)
  .filter((job) => isThere(pathOf(job)))
  .map((job) => ({
    job,
    record: right(expectRecordOf(job, computedBy)(right(readRecord(sha256)(bytesOf(pathOf(job)))))),
  }));

const reportOn = publishedReport(
  preset,
  { version: programVersion, backend: 'wasm' },
  (job) => recordName(sha256)(job, computedBy),
  (name, digest) => isThere(`models/${name}.safetensors`) && sha256(bytesOf(`models/${name}.safetensors`)) === digest,
);

/** The files of a report, by their names, as they are committed. */
const written = async (report: Report): Promise<ReadonlyMap<string, string>> => {
  const { page, figures: drawn } = right(await reportFiles(report)());
  return new Map([
    ['results.json', resultsOf(report)],
    ['report.html', page],
    ['README.md', publishedPage(report)],
    ...drawn.map(({ path, content }) => [path, content] as const),
  ]);
};

const files = await written(reportOn(kept));

const committed = new Map([...files.keys()].map((path) => [path, textOf(`standard/${path}`)]));

it('a job whose time is not known is not counted as one of no time', () => {
  const [first, ...others] = kept.slice(0, 3);
  const timesOf = (some: readonly KeptJob[]) => reportOn(some).facts.filter(({ unit }) => unit === 'h');
  const seconds = others.reduce((sum, { record }) => sum + (record.seconds ?? NaN), 0);
  const untimed = first === undefined ? [] : [{ ...first, record: { ...first.record, seconds: null } }];
  expect(timesOf([...untimed, ...others])).toEqual([
    { label: 'time of the 2 of 3 jobs that were timed, one core each', value: seconds / 3600, unit: 'h' },
  ]);
});

it('labels of which some records have other bytes are told of, with how many', () => {
  const withLabels = kept.filter(({ record }) => record.digests.labels.length > 0);
  const [first] = withLabels;
  const same = withLabels.filter(
    ({ job }) => JSON.stringify(labelsOf(job)) === JSON.stringify(first && labelsOf(first.job)),
  );
  const having = (digests: readonly string[]): readonly KeptJob[] =>
    same.slice(0, 3).map((one, i) => ({
      ...one,
      record: { ...one.record, digests: { ...one.record.digests, labels: [digests[i] ?? ''] } },
    }));
  const told = (some: readonly KeptJob[]) => reportOn(some).facts.filter(({ label }) => label === 'labels');
  expect(told(having(['a', 'a', 'a']))).toEqual([]);
  expect(told(having(['a', 'b', 'a']))).toEqual([
    { label: 'labels', value: '2 and 1 networks have the same labels but for rounding: the digests tell which' },
  ]);
});

const reportFollowsFromRecords: Law<ReadonlyMap<string, string>, null> = {
  statement:
    'results/standard has a record for each job that it reports, of the jobs of the preset as it is, and its report, page and figures ' +
    'are what these records say, byte for byte; where not, publish it again (results/standard/README.md says how)',
  cases: fc.constant(null),
  holds: (found) => () =>
    [...files].every(([path, content]) => found.get(path) === content) &&
    kept.length > 0 &&
    readdirSync(new URL('standard/records', place)).length === kept.length,
  runs: 1,
};

/** A file with its first number changed. */
const altered = (path: string): ReadonlyMap<string, string> =>
  new Map([
    ...committed,
    [path, (committed.get(path) ?? '').replace(/\d(?=[^\d]*$)/, (digit) => `${(Number(digit) + 1) % 10}`)],
  ]);

verify(reportFollowsFromRecords, committed, {
  'a number of results.json is another': altered('results.json'),
  'a number of the page is another': altered('README.md'),
  'the figures of another run': new Map([...committed, [figureFile('figure-2b', 'csv'), '']]),
});

const networks = representatives(preset).filter(({ name }) => isThere(`models/${name}.safetensors`));

const checkOf = (name: string): ModelCheck => right(readModelCheck(bytesOf(`models/${name}.json`)));

const fileOf = (name: string): PublishedModel => {
  const content = bytesOf(`models/${name}.safetensors`);
  const { metadata } = right(readAnyModel(sha256)(content));
  return { name, bytes: content.length, sha256: sha256(content), metadata, check: checkOf(name) };
};

const cards = new Map(networks.map(({ name }) => [name, textOf(`models/${name}.md`)]));

const cardsFollow: Law<ReadonlyMap<string, string>, (typeof networks)[number]> = {
  statement:
    'the card of each published network is what its file and the record of its job say, and the file is the network of that record',
  cases: fc.constantFrom(...networks),
  holds:
    (found) =>
    ({ name, job }) => {
      const record = kept.find((one) => jobText(one.job) === jobText(job))?.record;
      const file = fileOf(name);
      return record?.digests.model === file.sha256 && found.get(name) === modelCard(file, job, record);
    },
  runs: 20,
};

const cardsWith = (change: (card: string) => string): ReadonlyMap<string, string> =>
  new Map([...cards].map(([name, card]) => [name, change(card)]));

verify(cardsFollow, cards, {
  'a card has another error': cardsWith((card) =>
    card.replace(/(?<=\| all \| \d+ \| \d*\.)\d/, (digit) => `${(Number(digit) + 1) % 10}`),
  ),
  'a card has another digest': cardsWith((card) => card.replace(/(SHA-256 \| `)[0-9a-f]{4}/, '$1beef')),
  'a card has another seed': cardsWith((card) => card.replace('| seed | 1 |', '| seed | 2 |')),
});

/** Energies of new configurations, as a network and the formula give them. */
type Answers = (name: string) => ModelCheck;

const near = (one: number | undefined, other: number | undefined, tolerance: number): boolean =>
  Math.abs((one ?? NaN) - (other ?? NaN)) <= tolerance * Math.max(1, Math.abs(one ?? NaN));

const networksAnswer: Law<Answers, (typeof networks)[number]> = {
  statement:
    'each published network gives new configurations the energies that it gave when it was published, and these are exact energies',
  cases: fc.constantFrom(...networks),
  holds:
    (answers) =>
    async ({ name, job }) => {
      const samples = right(freshSamples(job));
      const model = right(readAnyModel(sha256)(bytesOf(`models/${name}.safetensors`)));
      const { energies } = right(
        await pipe(
          startBackend({ name: 'wasm', threads: 1 }),
          TE.chainW((backend) => modelPrediction(backend, { forces: false })(model)),
          TE.chainW((predict) => predict(samples)),
        )(),
      );
      const { exact, predicted } = answers(name);
      return (
        predicted.length === samples.count &&
        exact.length === samples.count &&
        // The order of sums may change with the kernels, by some units of the last digit.
        predicted.every((energy, i) => near(energies[i], energy, 1e-11)) &&
        exact.every((energy, i) => near(samples.energies[i], energy, 1e-9))
      );
    },
  runs: 8,
};

verify(networksAnswer, checkOf, {
  'an energy is another': (name) => {
    const { exact, predicted } = checkOf(name);
    return { exact, predicted: predicted.map((energy, i) => (i === 1 ? energy + 1e-6 : energy)) };
  },
  'the exact energies are the predicted ones': (name) => {
    const { predicted } = checkOf(name);
    return { exact: predicted, predicted };
  },
});
