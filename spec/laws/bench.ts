/** Laws of the benchmark: medians, ratios, what follows from rows, turns, and the table that readers see. */
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as R from 'fp-ts/lib/Record.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { Backend } from '../../src/backend/backend.ts';
import { reference } from '../../src/backend/reference/reference.ts';
import { rowNames } from '../../src/bench/experiments.ts';
import type { BenchGpu, Laboratory } from '../../src/bench/laboratory.ts';
import type { PeerArray } from '../../src/bench/peer.ts';
import { benchGroups, type BenchReport } from '../../src/bench/report.ts';
import { benchUnits, inUnit, type BenchRow, type OwnMeasurement, type PeerMeasurement } from '../../src/bench/row.ts';
import { latticeEfnn } from '../../src/bench/subject.ts';
import type { Timing } from '../../src/bench/timing.ts';
import type { trainingExperiment, TrainingStep } from '../../src/bench/training.ts';
import type { Reals } from '../../src/number/reals.ts';
import { interval } from '../arbitraries/interval.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';
import { withResidents } from '../with-residents.ts';

/** A step that the reference backend takes in no time, on two samples. */
const smallStep: TrainingStep = {
  name: 'training-C1',
  network: { ...latticeEfnn(1), shape: { tag: 'lattice', channels: 1, layers: 1, kernel: 3, pairHead: false } },
  size: 3,
  batch: 2,
  forceWeight: null,
};

/** Whether there is a GPU, whether its row is asked for, and whether there may be peers. */
export interface GpuCase {
  readonly isThere: boolean;
  readonly isWanted: boolean;
  readonly peers: boolean;
}

const laboratory = (gpu: BenchGpu | null, peers: boolean): Laboratory => ({
  options: { backend: 'reference', threads: 2, repetitions: 1, peers, quick: true, longest: 1 },
  threadCounts: [1, 2],
  backend: () => TE.right(reference),
  gpu: TE.right(gpu),
  timingOf: TE.map(() => 1),
  peak: async () => Promise.resolve({ operations: 1, timing: TE.right(1) }),
  peer: () => TE.right(null),
});

/** Its losses are twice what they are. */
const observedTwice = withResidents(reference, (resident) => ({
  ...resident,
  step: (step) => pipe(resident.step(step), TE.map(R.map((values: Reals) => values.map((x) => 2 * x)))),
}));

export const gpuRowsAreBesideTheProcessor: Law<typeof trainingExperiment, GpuCase> = {
  statement:
    'a step has a row on a GPU where there is one and the row is asked for, beside the backend of the processor, which gives ' +
    'the same numbers first; a GPU that computes others is not timed; without peers it stands alone',
  cases: fc.record({ isThere: fc.boolean(), isWanted: fc.boolean(), peers: fc.boolean() }),
  runs: 16,
  holds:
    (experiment) =>
    async ({ isThere, isWanted, peers }) => {
      const entriesWith = (backend: Backend) =>
        experiment(smallStep).entries(
          laboratory(isThere ? { ...backend, adapter: 'a card' } : null, peers),
          (row) => isWanted || row !== 'training-C1-webgpu',
          [],
        )();
      const found = right(await entriesWith(reference)).filter(({ name }) => name === 'training-C1-webgpu');
      const [entry] = found;
      const wrong = await entriesWith(observedTwice);
      return (
        found.length === (isThere && isWanted ? 1 : 0) &&
        (entry === undefined ||
          (peers
            ? entry.peer?.name === 'reference on the processor' &&
              entry.peer.setting === '2 threads, beside a card' &&
              entry.peer.deviation === 0
            : entry.peer === null)) &&
        E.isLeft(wrong) === (isThere && isWanted && peers)
      );
    },
};

const near = (tolerance: number) => (a: number, b: number) =>
  Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b));

/** A few roundings of quotients. */
const same = near(1e-12);

const seconds = fc.double({ min: 1e-6, max: 100, noNaN: true });

export const medianIsInTheMiddle: Law<(values: readonly number[]) => number, readonly number[]> = {
  statement: 'at most half of the values lie on either side of the median, and the median of -x is minus that of x',
  // Whole numbers: their halves are exact, and ties occur.
  cases: fc.array(fc.integer({ min: -99, max: 99 }), { minLength: 1, maxLength: 9 }),
  holds: (median) => (values) => {
    const middle = median(values);
    const count = (side: (x: number) => boolean): number => values.filter(side).length;
    return (
      count((x) => x < middle) <= values.length / 2 &&
      count((x) => x > middle) <= values.length / 2 &&
      median(values.map((x) => -x)) + middle === 0
    );
  },
};

export interface Race {
  readonly ours: number;
  readonly peers: number;
  readonly operations: number;
}

export type RowMaker = (ours: OwnMeasurement, peer: PeerMeasurement | null) => BenchRow;

export const ratioIsPeerTimeOverOurs: Law<RowMaker, Race> = {
  statement:
    'the ratio is the time of the peer over ours, whether times or rates are shown, and null where there is none',
  cases: fc.record({ ours: seconds, peers: seconds, operations: fc.double({ min: 1, max: 1e12, noNaN: true }) }),
  holds:
    (row) =>
    ({ ours, peers, operations }) => {
      const rowIn = (quantity: Parameters<typeof inUnit>[0]): BenchRow =>
        row(
          { name: 'race', threads: 1, ...inUnit(quantity, ours) },
          { name: 'peer', value: inUnit(quantity, peers).value },
        );
      const alone = row({ name: 'race', threads: 1, value: ours, unit: 'ms' }, null);
      const compared = row({ name: 'race', threads: 1, value: ours, unit: 'times' }, { name: 'peer', value: peers });
      return (
        same(rowIn({ tag: 'time' }).ratio ?? NaN, peers / ours) &&
        same(rowIn({ tag: 'rate', operations }).ratio ?? NaN, peers / ours) &&
        [alone.peer, alone.peerValue, alone.ratio, compared.ratio].every((value) => value === null)
      );
    },
};

/** A series of times at some sizes: time = prefactor N^power, the peer's another power, with 1 thread and 2. */
export interface Series {
  readonly sizes: readonly number[];
  readonly power: number;
  readonly peerPower: number;
  readonly gain: number;
}

const series: fc.Arbitrary<Series> = fc.record({
  sizes: fc.shuffledSubarray([6, 8, 10, 15, 20, 40], { minLength: 3 }),
  power: fc.double({ min: 1, max: 7, noNaN: true }),
  peerPower: fc.double({ min: 1, max: 7, noNaN: true }),
  gain: fc.double({ min: 0.5, max: 2, noNaN: true }),
});

const timeRow = (name: string, threads: number, value: number, peerValue: number): BenchRow => ({
  name,
  threads,
  value,
  unit: 'ms',
  peer: 'peer 1.0',
  peerValue,
  ratio: peerValue / value,
});

export type Derivation = (rows: readonly BenchRow[]) => readonly BenchRow[];

export const exponentsAreThePowers: Law<Derivation, Series> = {
  statement: 'rows that follow a power law have its power as exponent, without error, and so has the peer',
  cases: series,
  holds:
    (exponents) =>
    ({ sizes, power, peerPower }) => {
      const other = timeRow('forward-40x40', 1, 1, 1);
      const rows = sizes.map((size) =>
        timeRow(`exact-ring-N${size}`, 1, 1e-3 * size ** power, 1e-2 * size ** peerPower),
      );
      const [exponent, error, ...none] = exponents([other, ...rows]);
      return (
        none.length === 0 &&
        exponents([other, ...rows.slice(0, 2)]).length === 0 &&
        exponent?.name === 'exact-ring-exponent' &&
        error?.name === 'exact-ring-exponent-error' &&
        near(1e-6)(exponent.value, power) &&
        near(1e-6)(exponent.peerValue ?? NaN, peerPower) &&
        error.value < 1e-6
      );
    },
};

export const gainsCompareThreads: Law<Derivation, Series> = {
  statement:
    'what threads gain is the time of one over that of several, for us and for the peer; each row with its own, of one peer',
  cases: series,
  holds:
    (gains) =>
    ({ sizes, gain, power }) => {
      const rows = sizes.flatMap((size) => [
        timeRow(`training-C${size}`, 2, size / gain, power * size),
        timeRow(`training-C${size}`, 1, size, size),
      ]);
      const others = rows.map((row) => ({ ...row, peer: 'another', peerValue: 1 }));
      const found = gains([...others, ...rows]).filter(({ peer }) => peer === 'peer 1.0');
      return (
        found.length === sizes.length &&
        gains([...others, ...rows]).length === 2 * sizes.length &&
        sizes.every((size) =>
          found.some(
            (row) =>
              row.name === `training-C${size}-threads` &&
              row.threads === 2 &&
              same(row.value, gain) &&
              same(row.peerValue ?? NaN, 1 / power),
          ),
        ) &&
        gains(rows.filter(({ threads }) => threads === 1)).length === 0
      );
    },
};

export const copiesAreTheIdlePart: Law<Derivation, Series> = {
  statement: 'the fraction of copies is the idle step over the step, with as many threads, wherever it was measured',
  cases: series,
  holds:
    (fractions) =>
    ({ sizes, power, gain }) => {
      const row = (name: string, threads: number, value: number): BenchRow => timeRow(name, threads, value, 1);
      const steps = sizes.flatMap((C) => [row(`training-C${C}`, 1, C), row(`training-C${C}`, 2, C / gain)]);
      const idleRows = sizes.flatMap((C) => [
        row(`training-C${C}-idle`, 1, C / power),
        row(`training-C${C}-idle`, 2, C / power / power),
      ]);
      const found = fractions([row('dense-W150', 1, 1), ...idleRows, ...steps]);
      return (
        found.length === steps.length &&
        steps.every(({ name, threads, value }) =>
          found.some(
            (copies) =>
              copies.name === `${name}-copies` &&
              copies.threads === threads &&
              copies.unit === 'fraction' &&
              same(
                copies.value * value,
                idleRows.find((other) => other.name === `${name}-idle` && other.threads === threads)?.value ?? NaN,
              ),
          ),
        ) &&
        fractions(steps).length === 0
      );
    },
};

/** Numbers, and what is to be added to one of them. */
export interface Disturbed {
  readonly values: readonly number[];
  readonly place: number;
  readonly relative: number;
  readonly unit: number;
}

export const deviationIsRelative: Law<(ours: Reals, theirs: Reals | null) => number, Disturbed> = {
  statement:
    'a deviation is that of the whole array relative to its norm, in any unit; infinite where nothing can be compared',
  cases: fc.record({
    values: fc.array(fc.double({ min: 0.5, max: 2, noNaN: true }), { minLength: 1, maxLength: 8 }),
    place: fc.nat(7),
    relative: fc.double({ min: 1e-6, max: 1, noNaN: true }),
    unit: fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
  }),
  holds:
    (deviation) =>
    ({ values, place, relative, unit }) => {
      const norm = Math.hypot(...values);
      const ours = Float64Array.from(values, (x) => unit * x);
      const theirs = ours.map((x, i) => x + (i === place % values.length ? unit * norm * relative : 0));
      return (
        // Adding and subtracting costs an ulp of x, at most 2e-16 / 1e-6 of the smallest disturbance.
        near(1e-8)(deviation(ours, theirs), relative) &&
        deviation(ours, ours) === 0 &&
        deviation(ours, null) === Infinity &&
        deviation(ours, ours.slice(1)) === Infinity &&
        deviation(ours, ours.fill(NaN, 0, 1)) === Infinity
      );
    },
};

/** What contenders will answer, round after round. */
export interface Turns {
  /** [contender][round], the round that warms up first. */
  readonly times: readonly (readonly number[])[];
}

export type TakingTurns = (
  rounds: number,
) => (contenders: readonly TaskEither<never, number>[]) => TaskEither<unknown, readonly number[]>;

export const contendersTakeTurns: Law<TakingTurns, Turns> = {
  statement: 'contenders run one after the other in every round, and their times are medians without the first round',
  cases: fc
    .record({ contenders: fc.integer({ min: 1, max: 4 }), rounds: fc.integer({ min: 1, max: 5 }) })
    .chain(({ contenders, rounds }) =>
      fc.record({
        times: fc.array(fc.array(seconds, { minLength: rounds + 1, maxLength: rounds + 1 }), {
          minLength: contenders,
          maxLength: contenders,
        }),
      }),
    ),
  holds:
    (takingTurns) =>
    async ({ times }) => {
      const order = new Map<number, number>();
      const contenders = times.map((answers, contender): TaskEither<never, number> => {
        const left = answers.values();
        return TE.fromIO(() => {
          order.set(order.size, contender);
          return left.next().value ?? NaN;
        });
      });
      const rounds = (times[0]?.length ?? 0) - 1;
      const found = await takingTurns(rounds)(contenders)();
      const middle = (values: readonly number[]): number => {
        const sorted = values.toSorted((a, b) => a - b);
        return ((sorted[(sorted.length - 1) >> 1] ?? NaN) + (sorted[sorted.length >> 1] ?? NaN)) / 2;
      };
      return (
        E.isRight(found) &&
        found.right.every((time, i) => same(time, middle((times[i] ?? []).slice(1)))) &&
        order.size === times.length * (rounds + 1) &&
        [...order].every(([turn, contender]) => contender === turn % times.length)
      );
    },
  runs: 50,
};

/** A row, and where its name is cut. */
export interface Asked {
  readonly row: string;
  readonly cut: number;
}

export const namesAskForRows: Law<(name: string, row: string) => boolean, Asked> = {
  statement: 'a row is asked for by its name, or by the whole words that its name begins with',
  cases: fc.record({
    row: fc
      .array(fc.stringMatching(/^[A-Za-z0-9]{1,4}$/), { minLength: 1, maxLength: 4 })
      .map((words) => words.join('-')),
    cut: fc.nat(20),
  }),
  holds:
    (asksFor) =>
    ({ row, cut }) => {
      const words = row.split('-');
      const name = row.slice(0, cut);
      const wholeWords = words.map((_, i) => words.slice(0, i + 1).join('-'));
      return asksFor(name, row) === wholeWords.includes(name) && !asksFor(`${row}-N1`, row);
    },
};

/** Whether each of these rows is wanted, or a refusal. */
export type Wanted = (names: readonly string[]) => E.Either<{ readonly message: string }, (row: string) => boolean>;

export const wantedRowsAreThoseNamed: Law<Wanted, { readonly names: readonly string[]; readonly stranger: boolean }> = {
  statement:
    'a row is wanted if one of the names asks for it, or there are none; a name that asks for no row is refused',
  cases: fc.record({
    names: fc.array(fc.constantFrom(...rowNames, ...Object.keys(benchGroups)), { maxLength: 3 }),
    stranger: fc.boolean(),
  }),
  holds:
    (wanted) =>
    ({ names, stranger }) => {
      const found = wanted(stranger ? [...names, 'no-such-row'] : names);
      const asked = (row: string): boolean =>
        names.length === 0 || names.some((name) => `${row}-`.startsWith(`${name}-`));
      return stranger ? E.isLeft(found) : E.isRight(found) && rowNames.every((row) => found.right(row) === asked(row));
    },
};

/** Makes of a timing one that is taken again and again. */
export type Least = (timing: Timing) => Timing;

export const leastIsOfAllSoFar: Law<Least, readonly number[]> = {
  statement: 'each answer is the least time so far, whatever comes after it',
  cases: fc.array(seconds, { minLength: 1, maxLength: 6 }),
  holds: (least) => async (times) => {
    const left = times.values();
    const timing = least(TE.fromIO(() => left.next().value ?? NaN));
    const answers = right(await TE.sequenceSeqArray(times.map(() => timing))());
    return answers.every((answer, i) => answer === Math.min(...times.slice(0, i + 1)));
  },
};

/** How arrays go to a peer and come back. */
export interface ArrayMessages {
  readonly encode: (array: PeerArray) => { readonly shape: readonly number[]; readonly data: string };
  readonly decode: (message: { readonly shape: number[]; readonly data: string }) => PeerArray;
}

export const arraysSurviveTheWay: Law<ArrayMessages, readonly number[]> = {
  statement: 'an array is sent as the base64 of its float64 numbers, and comes back to the bit',
  // The second kind is longer than what is turned into characters at once.
  cases: fc.oneof(
    fc.array(fc.double()),
    fc.double().map((x) => Array.from({ length: 2000 }, (_, i) => x * i)),
  ),
  holds:
    ({ encode, decode }) =>
    (numbers) => {
      const values = Float64Array.from(numbers);
      const { shape, data } = encode({ shape: [1, values.length], values });
      const back = decode({ shape: [1, values.length], data: Buffer.from(values.buffer).toString('base64') });
      return (
        data === Buffer.from(values.buffer).toString('base64') &&
        shape.join() === `1,${values.length}` &&
        back.shape.join() === shape.join() &&
        back.values.length === values.length &&
        back.values.every((x, i) => Object.is(x, values[i]))
      );
    },
};

const word = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9 .-]{0,11}$/);

const groupNames = Object.keys(benchGroups);

const row: fc.Arbitrary<BenchRow> = fc
  .record({
    group: fc.constantFrom(...groupNames),
    subject: fc.stringMatching(/^[A-Za-z0-9]{1,8}$/),
    value: seconds,
    unit: fc.constantFrom(...benchUnits),
    threads: fc.integer({ min: 1, max: 64 }),
    peer: fc.option(fc.record({ peer: word, peerValue: seconds, ratio: fc.option(seconds) })),
  })
  .map(({ group, subject, peer, ...rest }) => ({
    name: `${group}-${subject}`,
    ...rest,
    ...(peer ?? { peer: null, peerValue: null, ratio: null }),
  }));

const report: fc.Arbitrary<BenchReport> = fc.record({
  facts: fc.record({
    cpu: word,
    cores: fc.integer({ min: 1, max: 256 }),
    node: word,
    version: word,
    backend: word,
    threads: fc.integer({ min: 1, max: 256 }),
    load: interval(0, 100),
    repetitions: fc.integer({ min: 1, max: 100 }),
    peers: fc.array(word, { maxLength: 3 }),
  }),
  rows: fc.array(row, { maxLength: 12 }),
  checks: fc.array(
    fc.record({
      name: word,
      threads: fc.integer({ min: 1, max: 64 }),
      peer: word,
      setting: word,
      deviation: interval(0, 1),
    }),
    { maxLength: 3 },
  ),
});

/** The numbers that a text shows, with powers of ten read. */
const numbersIn = (text: string): readonly number[] =>
  [...text.matchAll(/([\d.\u202f]+)(?: × 10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?/g)].map(([, mantissa = '', power = '']) =>
    Number(
      `${mantissa.replaceAll('\u202f', '')}e${
        power === '' ? 0 : Array.from(power, (c) => (c === '⁻' ? '-' : '⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(c))).join('')
      }`,
    ),
  );

const cellsOf = (line: string): readonly string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

export const everyRowIsShown: Law<(report: BenchReport) => string, BenchReport> = {
  statement: 'each row has a line in the table of its group, with its value, its peer and its ratio to three digits',
  cases: report,
  holds: (markdown) => (shown) => {
    const text = markdown(shown);
    const lines = text.split('\n').filter((line) => line.startsWith('| ') && !/^\| (row|---) /.test(line));
    const ofGroup = (group: string): readonly BenchRow[] =>
      shown.rows.filter(({ name }) => name.startsWith(`${group}-`));
    const ordered = groupNames.flatMap(ofGroup);
    const close = near(5.1e-3);
    return (
      lines.length === ordered.length &&
      ordered.every(({ name, threads, value, peer, peerValue, ratio }, i) => {
        const [title, count, here = '', beside = '', faster = ''] = cellsOf(lines[i] ?? '');
        return (
          title === name &&
          count === String(threads) &&
          close(numbersIn(here)[0] ?? NaN, value) &&
          (peerValue === null
            ? beside === ''
            : close(numbersIn(beside)[0] ?? NaN, peerValue) && beside.includes(peer ?? '?')) &&
          (ratio === null ? faster === '' : close(numbersIn(faster)[0] ?? NaN, ratio))
        );
      })
    );
  },
};

/** The file of a benchmark. */
export interface BenchFile {
  readonly write: (report: BenchReport) => E.Either<{ readonly message: string }, string>;
  readonly read: (json: unknown) => BenchReport | null;
}

export const reportsSurviveTheirFile: Law<BenchFile, { readonly written: BenchReport; readonly wild: number }> = {
  statement:
    'a report is read back from its file as it was; one with a number missing is refused, and one with a number that is ' +
    'not finite is not written',
  cases: fc.record({ written: report, wild: fc.constantFrom(NaN, Infinity, -Infinity) }),
  holds:
    ({ write, read }) =>
    ({ written, wild }) => {
      const text = right(write(written));
      const damaged: unknown = JSON.parse(text.replace(/"cores": \d+/, '"cores": "many"'));
      return (
        JSON.stringify(read(JSON.parse(text))) === JSON.stringify(written) &&
        read(damaged) === null &&
        E.isLeft(write({ ...written, facts: { ...written.facts, load: wild } })) &&
        written.rows.every((_, i) =>
          E.isLeft(
            write({ ...written, rows: written.rows.map((row, j) => (i === j ? { ...row, value: wild } : row)) }),
          ),
        )
      );
    },
};

/** A text around a section, and the section that is to stand there. */
export interface Writing {
  readonly before: string;
  readonly old: string;
  readonly after: string;
  readonly section: string;
}

export interface Sections {
  readonly read: (text: string) => E.Either<{ readonly message: string }, string>;
  readonly write: (section: string) => (text: string) => E.Either<{ readonly message: string }, string>;
}

export const sectionsAreReplaced: Law<Sections, Writing> = {
  statement: 'a marked section is replaced and all around it stays; without its markers a text is refused',
  cases: fc.record({ before: word, old: word, after: word, section: word }),
  holds:
    ({ read, write }) =>
    ({ before, old, after, section }) => {
      const text = (content: string): string => `${before}\n<!-- bench -->\n${content}\n<!-- /bench -->\n${after}`;
      return (
        right(write(section)(text(old))) === text(section) &&
        right(read(text(old))) === old &&
        E.isLeft(write(section)(before + old + after)) &&
        E.isLeft(read(text(old) + text(old)))
      );
    },
};
