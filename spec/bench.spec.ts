/** The benchmark: medians, ratios, exponents, turns, deviations of peers, and the table. */
import { readFileSync } from 'node:fs';

import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';

import { runCommandLine } from '../scripts/command-line.ts';
import { commands } from '../scripts/commands/commands.ts';
import { takingTurns } from '../scripts/timing.ts';
import { correlationWork } from '../src/backend/wasm/correlation-work.ts';
import { outcomesOf } from '../src/bench/aims.ts';
import { secondsForTurns } from '../src/bench/budget.ts';
import { peersOf } from '../src/bench/contest.ts';
import { copyFractions, exponents, networkGains, threadGains } from '../src/bench/derived.ts';
import { asksFor } from '../src/bench/experiments.ts';
import { lowerQuartile } from '../src/bench/lower-quartile.ts';
import { median } from '../src/bench/median.ts';
import { besideOurPeers } from '../src/bench/node-process.ts';
import { decodedArray, encodedArray } from '../src/bench/peer-protocol.ts';
import { relativeDeviation } from '../src/bench/relative-deviation.ts';
import { benchFile, benchMarkdown, benchReportSchema } from '../src/bench/report.ts';
import { partTimings } from '../src/bench/profile.ts';
import { benchRow, benchUnits, type BenchRow } from '../src/bench/row.ts';
import { arithmeticEntries } from '../src/bench/roofline.ts';
import { partOf, secondsOfParts } from '../src/bench/step-parts.ts';
import { leastSoFar, ofEach } from '../src/bench/timing.ts';
import { trainingExperiment } from '../src/bench/training.ts';
import { wantedRows } from '../src/command/wanted-rows.ts';
import { once } from '../src/number/memoize.ts';
import { markedSection, withMarkedSection } from '../src/report/marked-section.ts';
import { verify } from './law.ts';
import * as numbers from './laws/bench.ts';
import * as turns from './laws/bench-turns.ts';
import * as peers from './laws/bench-peers.ts';
import * as reports from './laws/bench-report.ts';
import * as parts from './laws/bench-parts.ts';

const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

verify(numbers.medianIsInTheMiddle, median, {
  'the mean': mean,
  'the values are not sorted': (values) => values[values.length >> 1] ?? NaN,
  'the upper of the middle two': (values) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN,
  'sorted as text': (values) => {
    const sorted = values.map(String).toSorted().map(Number);
    return mean(sorted.slice((sorted.length - 1) >> 1, (sorted.length >> 1) + 1));
  },
});

verify(numbers.quarterIsBelow, lowerQuartile, {
  'the least': (values) => Math.min(...values),
  'the median': median,
  'one further': (values) => values.toSorted((a, b) => a - b)[Math.ceil(values.length / 4)] ?? NaN,
  'rounded down': (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 4)] ?? NaN,
  'the slowest quarter': (values) => -lowerQuartile(values.map((x) => -x)),
});

const changed =
  (change: (row: BenchRow) => Partial<BenchRow>): numbers.RowMaker =>
  (ours, peer) => {
    const row = benchRow(ours, peer);
    return { ...row, ...change(row) };
  };

verify(numbers.ratioIsPeerTimeOverOurs, benchRow, {
  'ours over theirs': changed(({ ratio }) => ({ ratio: ratio === null ? null : 1 / ratio })),
  'rates are divided as times': changed(({ value, peerValue }) => ({
    ratio: peerValue === null ? null : peerValue / value,
  })),
  'fastest quarters have the ratio of medians': changed(({ ratio }) => ({ quartileRatio: ratio })),
  'no peer is a tie': changed(({ ratio }) => ({ ratio: ratio ?? 1 })),
});

verify(peers.gpuRowsAreBesideTheProcessor, trainingExperiment, {
  'the row is always made': (step) => ({
    ...trainingExperiment(step),
    entries: (lab, _, before) => trainingExperiment(step).entries(lab, () => true, before),
  }),
  'there is no GPU': (step) => ({
    ...trainingExperiment(step),
    entries: (lab, wanted, before) => trainingExperiment(step).entries({ ...lab, gpu: TE.right(null) }, wanted, before),
  }),
  'numbers are not compared': (step) => ({
    ...trainingExperiment(step),
    entries: (lab, wanted, before) =>
      trainingExperiment(step).entries({ ...lab, options: { ...lab.options, peers: false } }, wanted, before),
  }),
});

verify(peers.allAreTimedByTheEpoch, trainingExperiment, {
  'peers take one step': (step) => trainingExperiment({ ...step, steps: 1 }),
  'an epoch of ours is a step': (step) => ({
    ...trainingExperiment(step),
    entries: (lab, wanted, before) =>
      trainingExperiment(step).entries(
        { ...lab, timingOf: (run) => ofEach(1 / step.steps)(lab.timingOf(run)) },
        wanted,
        before,
      ),
  }),
  'an epoch of a peer is a step': (step) => ({
    ...trainingExperiment(step),
    entries: (lab, wanted, before) =>
      pipe(
        trainingExperiment(step).entries(lab, wanted, before),
        TE.map((entries) =>
          entries.map(({ peer, ...entry }) => ({
            ...entry,
            peer: peer && { ...peer, timing: ofEach(1 / step.steps)(peer.timing) },
          })),
        ),
      ),
  }),
});

verify(peers.arithmeticIsBesideThePeers, arithmeticEntries, {
  'peers are checked twice': (lab, operations, times) =>
    pipe(
      arithmeticEntries(lab, operations, times),
      TE.map((entries) => entries.map((entry) => ({ ...entry, peer: entry.peer && { ...entry.peer, deviation: 0 } }))),
    ),
  'two threads have it too': (lab, operations, times) =>
    arithmeticEntries(
      lab,
      operations,
      times.map((entry) => ({ ...entry, threads: 1 })),
    ),
  'products and sums are one operation': (lab, operations, times) => arithmeticEntries(lab, operations / 2, times),
  'it stands alone': (lab, operations, times) =>
    arithmeticEntries(
      lab,
      operations,
      times.map((entry) => ({ ...entry, peer: null })),
    ),
});

verify(numbers.exponentsAreThePowers, exponents, {
  'two sizes make a law': (rows) => exponents([...rows, ...rows.map((row) => ({ ...row, name: `${row.name}0` }))]),
  'all Nodes have one law': (rows) => exponents(rows.map((row) => ({ ...row, node: '20.20.2' }))),
  'the peer has our exponent': (rows) => exponents(rows).map((row) => ({ ...row, peerValue: row.value })),
  'the name of the size is its text': (rows) =>
    exponents(rows.map((row) => ({ ...row, name: row.name.replace(/N(\d)\d+$/, 'N$1') }))),
});

verify(numbers.gainsCompareThreads, threadGains, {
  'several over one': (rows) => threadGains(rows).map((row) => ({ ...row, value: 1 / row.value })),
  'the first row of one thread serves all': (rows) =>
    threadGains(
      rows.map((row) =>
        row.threads === 1 ? { ...row, value: rows.find(({ threads }) => threads === 1)?.value ?? NaN } : row,
      ),
    ),
  'Nodes are not told apart': (rows) => threadGains(rows.map((row) => ({ ...row, node: '20.20.2' }))),
  'the fastest quarter gains what the median does': (rows) =>
    threadGains(rows).map((row) => ({ ...row, quartile: row.value })),
  'the peer gains what we gain': (rows) => threadGains(rows).map((row) => ({ ...row, peerValue: row.value })),
});

verify(numbers.networksGainOverExactEnergies, networkGains, {
  'the network over the exact energy': (rows) => networkGains(rows).map((row) => ({ ...row, value: 1 / row.value })),
  'Nodes are not told apart': (rows) => networkGains(rows.map((row) => ({ ...row, node: '20.20.2' }))),
  "LAPACK's is the time by diagonalization of ours": (rows) =>
    networkGains(rows).map((row) =>
      row.name.includes('lapack')
        ? { ...row, value: rows.find(({ name }) => name.startsWith('exact-diagonalize'))?.value ?? NaN }
        : row,
    ),
  'a row for each peer of the network': (rows) => rows.flatMap((row) => networkGains([row, ...rows]).slice(0, 1)),
  'the fastest quarter gains what the median does': (rows) =>
    networkGains(rows).map((row) => ({ ...row, quartile: row.value })),
});

verify(numbers.copiesAreTheIdlePart, copyFractions, {
  'the step over the idle one': (rows) => copyFractions(rows).map((row) => ({ ...row, value: 1 / row.value })),
  'the fastest quarter is forgotten': (rows) => copyFractions(rows).map((row) => ({ ...row, quartile: null })),
  'threads are not told apart': (rows) =>
    copyFractions(rows).map((row) => ({ ...row, value: row.value * (row.threads === 1 ? 1 : 1.5) })),
  'one idle step serves all': (rows) => {
    const one = rows.find(({ name }) => name.endsWith('-idle'))?.value ?? NaN;
    return copyFractions(rows.map((row) => (row.name.endsWith('-idle') ? { ...row, value: one } : row)));
  },
});

verify(numbers.deviationIsRelative, relativeDeviation, {
  'the largest difference': (ours, theirs) =>
    theirs === null ? Infinity : Math.max(...[...ours].map((x, i) => Math.abs(x - (theirs[i] ?? Infinity)))),
  'nothing to compare is agreement': (ours, theirs) =>
    theirs?.length === ours.length ? relativeDeviation(ours, theirs) : 0,
  'not a number is agreement': (ours, theirs) =>
    theirs?.some(Number.isNaN) === true ? 0 : relativeDeviation(ours, theirs),
});

const inTurns: turns.TakingTurns = (most) => takingTurns({ most, seconds: Infinity }, () => undefined);

verify(turns.contendersTakeTurns, inTurns, {
  'the warm-up counts': (most) => takingTurns({ most: most + 1, seconds: Infinity }, () => undefined),
  'each contender runs all its rounds in a row': (most) => (contenders) =>
    pipe(
      contenders,
      TE.traverseSeqArray((contender) => inTurns(most)([contender])),
      TE.map((times) => times.flat()),
    ),
  'the mean of the rounds': (most) => (contenders) =>
    pipe(
      Array.from({ length: most + 1 }, () => contenders),
      TE.traverseSeqArray((round) => TE.sequenceSeqArray(round)),
      TE.map((rounds) =>
        contenders.map((_, i) => {
          const spent = {
            wall: mean(rounds.slice(1).map((times) => times[i]?.wall ?? NaN)),
            cpu: mean(rounds.slice(1).map((times) => times[i]?.cpu ?? NaN)),
          };
          return { median: spent, quartile: spent };
        }),
      ),
    ),
  'one CPU time serves all': (most) => (contenders) =>
    pipe(
      inTurns(most)(contenders),
      TE.map((times) => times.map(({ median: { wall }, quartile }) => ({ median: { wall, cpu: wall }, quartile }))),
    ),
  'the edge is the median': (most) => (contenders) =>
    pipe(
      inTurns(most)(contenders),
      TE.map((times) => times.map(({ median: middle }) => ({ median: middle, quartile: middle }))),
    ),
});

verify(turns.namesAskForRows, asksFor, {
  'whole names alone': (name, row) => name === row,
  'any beginning': (name, row) => row.startsWith(name),
  'any part': (name, row) => name !== '' && row.includes(name),
});

verify(turns.wantedRowsAreThoseNamed, wantedRows, {
  'strangers are passed over': (names) => wantedRows(names.filter((name) => name !== 'no-such-row')),
  'without names there are no rows': (names) => (names.length === 0 ? E.right(() => false) : wantedRows(names)),
  'the last name counts': (names) => wantedRows(names.slice(-1)),
});

verify(turns.leastIsOfAllSoFar, leastSoFar, {
  'the last time': (timing) => timing,
  'the first time': (timing) => once(timing),
  'the CPU time of another run': (timing) =>
    pipe(
      leastSoFar(timing),
      TE.map(({ wall }) => ({ wall, cpu: 1 + wall })),
    ),
});

const messages: peers.ArrayMessages = { encode: encodedArray, decode: decodedArray };

verify(peers.arraysSurviveTheWay, messages, {
  'single precision': {
    ...messages,
    encode: ({ shape, values }) => encodedArray({ shape, values: Float64Array.from(values, Math.fround) }),
  },
  'the safe alphabet of addresses': {
    ...messages,
    encode: (array) => {
      const { shape, data } = encodedArray(array);
      return { shape, data: data.replaceAll('+', '-').replaceAll('/', '_') };
    },
  },
  'the shape is forgotten': { ...messages, decode: (message) => ({ ...decodedArray(message), shape: [] }) },
});

verify(reports.everyRowIsShown, benchMarkdown, {
  'the values of all Nodes are those of one': (report) =>
    benchMarkdown({ ...report, rows: report.rows.map((row) => ({ ...row, node: '20.20.2' })) }),
  'the slowest peer counts': (report) =>
    benchMarkdown({
      ...report,
      rows: report.rows.map((row) => ({
        ...row,
        ratio:
          row.ratio === null
            ? null
            : Math.max(
                ...report.rows
                  .filter(
                    ({ name, threads, node }) => name === row.name && threads === row.threads && node === row.node,
                  )
                  .map(({ ratio }) => ratio ?? 0),
              ),
      })),
    }),
  'one group is forgotten': (report) =>
    benchMarkdown({ ...report, rows: report.rows.filter(({ name }) => !name.startsWith('dense-')) }),
  'ours stands under the peer': (report) =>
    benchMarkdown({
      ...report,
      rows: report.rows.map((row) => ({ ...row, peerValue: row.peerValue === null ? null : row.value })),
    }),
  'the fastest quarter is that of the median': (report) =>
    benchMarkdown({ ...report, rows: report.rows.map((row) => ({ ...row, quartile: row.quartile && row.value })) }),
  'what was not kept is nought': (report) =>
    benchMarkdown({ ...report, rows: report.rows.map((row) => ({ ...row, quartile: row.quartile ?? 0 })) }),
  'refusals are kept quiet': (report) => benchMarkdown({ ...report, refusals: [] }),
});

const comparisonSchema = z.looseObject({
  unit: z.enum(benchUnits),
  value: z.number(),
  quartile: z.number().nullable().default(null),
  peer: z.string().nullable(),
  peerValue: z.number().nullable(),
  peerQuartile: z.number().nullable().default(null),
  ratio: z.number().nullable(),
  quartileRatio: z.number().nullable().default(null),
});

/** A row of a file with the ratio of its times, whatever stood there; all else as it is. */
const withItsRatio = (value: unknown): unknown => {
  const { data } = comparisonSchema.safeParse(value);
  if (data === undefined) {
    return value;
  }
  const { unit, value: time, quartile } = data;
  const ours = { name: '', threads: 1, node: '', cpu: null, unit, value: time, quartile };
  const peer =
    data.peer === null || data.peerValue === null
      ? null
      : { name: data.peer, value: data.peerValue, quartile: data.peerQuartile, cpu: null };
  const { ratio, quartileRatio } = benchRow(ours, peer);
  return { ...data, ratio, quartileRatio };
};

const read = (json: unknown) => benchReportSchema.safeParse(json).data ?? null;

verify(
  reports.reportsSurviveTheirFile,
  { write: benchFile, read },
  {
    'nulls become zeros': {
      write: benchFile,
      read: (json) => {
        const report = read(json);
        return report && { ...report, rows: report.rows.map((row) => ({ ...row, ratio: row.ratio ?? 0 })) };
      },
    },
    'text passes for a number': {
      write: benchFile,
      read: (json) => read(JSON.parse(JSON.stringify(json).replace('"cores":"many"', '"cores":1'))),
    },
    'any ratio is believed': {
      write: benchFile,
      read: (json) => read(JSON.parse(JSON.stringify(json), (_, value: unknown) => withItsRatio(value))),
    },
    'what is not finite becomes null': { write: (report) => E.right(JSON.stringify(report, undefined, 2)), read },
    'rows are not looked through': {
      write: (report) => E.Functor.map(benchFile({ ...report, rows: [] }), () => JSON.stringify(report, undefined, 2)),
      read,
    },
  },
);

verify(reports.aimsAreMeasuredOrSaySo, outcomesOf, {
  'the slowest peer counts': (rows) =>
    outcomesOf(
      rows.filter(
        (row) =>
          !rows.some(
            ({ name, threads, node, peer, ratio }) =>
              name === row.name &&
              threads === row.threads &&
              node === row.node &&
              peer?.slice(0, 5) === row.peer?.slice(0, 5) &&
              (ratio ?? 0) > (row.ratio ?? 0),
          ),
      ),
    ),
  'any peer counts': (rows) => (aim) =>
    outcomesOf(rows.map((row) => ({ ...row, peer: aim.quantity.tag === 'ratio' ? aim.quantity.peer : row.peer })))(aim),
  'what is not measured is reached': (rows) => (aim) => {
    const found = outcomesOf(rows)(aim);
    return { ...found, newest: found.newest ?? { obtained: aim.wanted.newest, reached: true } };
  },
  'the fastest quarters count': (rows) =>
    outcomesOf(rows.map((row) => ({ ...row, value: row.quartile ?? NaN, ratio: row.quartileRatio }))),
  'at most is read as at least': (rows) => (aim) => outcomesOf(rows)({ ...aim, sense: 'at least' }),
  'the first Node above 20 is the newest': (rows) => outcomesOf(rows.filter(({ node }) => !node.startsWith('26'))),
  'threads are not told apart': (rows) => (aim) =>
    outcomesOf(rows.map((row) => ({ ...row, threads: aim.threads === 'one' ? 1 : 2 })))(aim),
});

it('a part of a step that no sample of the profiler fell into has a dash for a time', () => {
  const own = { name: 'profile-training-C1-adam', unit: 'ms', threads: 1, node: '26.12.1', cpu: null } as const;
  const rows = [
    benchRow({ ...own, value: 1e-6, quartile: 1e-6 }, null),
    benchRow({ ...own, name: 'profile-training-C3-adam', value: 0.25, quartile: 1e-6 }, null),
  ];
  const committed = benchReportSchema.parse(
    JSON.parse(readFileSync(new URL('../results/bench.json', import.meta.url), 'utf8')),
  );
  const page = benchMarkdown({ ...committed, rows });
  expect(page).toContain('| profile-training-C1-adam | 1 |  | - |');
  expect(page).toContain('| profile-training-C3-adam | 1 |  | 0.25 ms |');
});

verify(reports.aimsAreShown, benchMarkdown, {
  'what is not measured has no word': (report) => benchMarkdown(report).replaceAll('not measured', ''),
  'an aim is left out': (report) => benchMarkdown(report).replace(/\n\| poles N = 20[^\n]*/, ''),
  'the most is that of what was obtained': (report) =>
    benchMarkdown(report).replaceAll(/(\| ([^|\n]*) \| [^|\n]* \| )[^|\n]* \|\n/g, '$1$2 |\n'),
  'all is reached': (report) =>
    benchMarkdown(report).replace(/(\| training C = 1 (?:[^|\n]*\|){2} )[^|\n]*\|/, '$1yes, yes |'),
});

verify(peers.peersAreBesideBothNodes, besideOurPeers, {
  'threads are not told apart': (ours, theirs) =>
    theirs.flatMap((entry) =>
      besideOurPeers(
        ours.map((other) => ({ ...other, threads: entry.threads })),
        [entry],
      ),
    ),
  'peers are checked again': (ours, theirs) =>
    besideOurPeers(ours, theirs).map((entry) => ({
      ...entry,
      peer: entry.peer === null ? null : { ...entry.peer, deviation: 0.1 },
    })),
  'rows without a peer are lost': (ours, theirs) => besideOurPeers(ours, theirs).filter(({ peer }) => peer !== null),
  'the peak is that of our Node': (ours, theirs) =>
    besideOurPeers(
      ours,
      theirs.map((entry) => ({ ...entry, peer: null })),
    ),
});

verify(turns.timeIsShared, secondsForTurns, {
  'each has all that is left': (time) => secondsForTurns({ ...time, left: 1 }),
  'time never ends': (time) => secondsForTurns({ ...time, secondsLeft: Math.max(1, time.secondsLeft) }),
});

verify(peers.whoDeviatesIsRefused, peersOf, {
  'all are admitted': (lab, contest) => peersOf(lab, { ...contest, tolerance: Infinity }),
  'choices are forgotten': (lab, contest) =>
    pipe(
      contest.threadCounts,
      TE.traverseSeqArray((threads) => peersOf(lab, { ...contest, threadCounts: [threads] })),
      TE.map((found) => found.flat()),
    ),
  'it is not told': (lab, contest) => peersOf({ ...lab, refuse: (_, instead) => () => instead }, contest),
  'one thread alone': (lab, contest) => peersOf(lab, { ...contest, threadCounts: [1] }),
});

verify(parts.timeHasItsPart, secondsOfParts, {
  'what begins alike is alike': (samples) =>
    secondsOfParts(
      samples.map((sample) => ({ ...sample, name: sample.name.replace(/^(product|correlate|gather).*/, '$1') })),
    ),
  'files are not looked at': (samples) =>
    secondsOfParts(samples.map((sample) => ({ ...sample, url: 'wasm://wasm/1' }))),
  'the garbage collector is forgotten': (samples) =>
    secondsOfParts(samples.filter(({ name }) => name !== '(garbage collector)')),
  'samples are counted': (samples) => secondsOfParts(samples.map((sample) => ({ ...sample, seconds: 1 }))),
});

verify(parts.kernelsHaveTheirParts, partOf, {
  'kernels have other names': ({ name, url }) => partOf({ name: name.replace('inverse', 'backward'), url }),
  'kernels have no names': ({ url }) => partOf({ name: 'wasm-function[3]', url }),
});

verify(parts.arithmeticIsThatOfTheProgram, correlationWork, {
  'gradients are products': (program) => (size, batch) => {
    const work = correlationWork(program)(size, batch);
    return { ...work, products: work.gradients, gradients: work.products };
  },
  'gradients are forgotten': (program) => (size, batch) => ({
    ...correlationWork(program)(size, batch),
    gradients: 0,
  }),
  'sums count twice': (program) => (size, batch) => {
    const work = correlationWork(program)(size, batch);
    return { ...work, products: 2 * work.products };
  },
});

verify(parts.partsAreOfOneProfile, partTimings, {
  'each part has a profile of its own': (profile) => (part) => partTimings(profile)(part),
  'the first profile serves all rounds': (profile) => partTimings(once(profile)),
  'all is the largest part': (profile) => {
    const timing = partTimings(profile);
    return (part) => timing(part === 'all' ? 'rest' : part);
  },
});

const sections: reports.Sections = {
  read: markedSection('bench'),
  write: (section) => withMarkedSection('bench', section),
};

verify(reports.sectionsAreReplaced, sections, {
  'the old section stays': { ...sections, write: () => E.right },
  'the markers go': {
    ...sections,
    write: (section) => (text) =>
      E.Functor.map(sections.write(section)(text), (written) => written.replace('<!-- /bench -->\n', '')),
  },
  'the first of two sections is taken': {
    ...sections,
    read: (text) => sections.read(text.slice(0, text.indexOf('<!-- /bench -->') + '<!-- /bench -->'.length)),
  },
});

describe('the command refuses, before it times anything,', () => {
  it.each([
    'no-such-row',
    'training-C',
    'exact-poles-N1',
    '--longest soon',
    '--longest 0',
    '--repetitions 0',
    '--threads none',
    '--backend abacus',
    '--out /no/such/folder/bench.json',
    '--markdown /no/such/page.md',
  ])('%s', async (words) => {
    const stdout = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const codeBefore = process.exitCode;
    await runCommandLine(commands, ['bench', ...words.split(' ')]);
    const outcome = [
      process.exitCode,
      stdout.mock.calls.length,
      stderr.mock.calls.map(([text]) => String(text)).join(''),
    ];
    process.exitCode = codeBefore;
    stdout.mockRestore();
    stderr.mockRestore();
    expect(outcome).toEqual([2, 0, expect.stringMatching(/^efnn: [^\n]*expected [^\n]*, got [^\n]*: [^\n]*\n$/)]);
  });
});
