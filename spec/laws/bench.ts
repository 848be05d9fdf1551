/** Laws of the benchmark: medians, ratios, what follows from rows, turns, and the table that readers see. */
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as R from 'fp-ts/lib/Record.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { Backend } from '../../src/backend/backend.ts';
import { reference } from '../../src/backend/reference/reference.ts';
import { lower } from '../../src/backend/wasm/lowering.ts';
import type { correlationWork } from '../../src/backend/wasm/correlation-work.ts';
import { aims, outcomesOf, type Aim, type OnNodes, type Outcome } from '../../src/bench/aims.ts';
import type { Admitted, Contest } from '../../src/bench/contest.ts';
import type { Entry } from '../../src/bench/experiment.ts';
import { rowNames } from '../../src/bench/experiments.ts';
import type { BenchGpu, Laboratory } from '../../src/bench/laboratory.ts';
import type { PeerArray } from '../../src/bench/peer.ts';
import { benchGroups, type BenchReport } from '../../src/bench/report.ts';
import {
  benchRow,
  benchUnits,
  inUnit,
  type BenchRow,
  type OwnMeasurement,
  type PeerMeasurement,
} from '../../src/bench/row.ts';
import { stepParts, type partOf, type Sampled, type StepPart } from '../../src/bench/step-parts.ts';
import { latticeEfnn } from '../../src/bench/subject.ts';
import type { BenchError, Spent, Timing } from '../../src/bench/timing.ts';
import { stepLoss, type trainingExperiment, type TrainingStep } from '../../src/bench/training.ts';
import type { Reals } from '../../src/number/reals.ts';
import { meaningOf } from '../../src/program/program.ts';
import { promisedField, promisedKernel } from '../../src/program/promised-type.ts';
import type { TypedProgram } from '../../src/program/typecheck.ts';
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

/** A run whose threads take three times as long together as the run on the wall. */
const spent = (wall: number): Spent => ({ wall, cpu: 3 * wall });

const laboratory = (gpu: BenchGpu | null, peers: boolean): Laboratory => ({
  options: { backend: 'reference', threads: 2, repetitions: 1, peers, quick: true, longest: 1, minutes: 1 },
  threadCounts: [1, 2],
  backend: () => TE.right(reference),
  gpu: TE.right(gpu),
  timingOf: TE.map(() => spent(1)),
  profile: () => TE.right([]),
  correlationWork: () => () => ({ spectra: 0, products: 0, inverse: 0, gradients: 0 }),
  peak: async () => Promise.resolve({ operations: 1, timing: TE.right(spent(1)) }),
  peer: () => TE.right(null),
  refuse: (_, instead) => () => instead,
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

/** The Node that rows are measured on, where they are on one. */
const node = '20.20.2';

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
    'the ratio is the time of the peer over ours, whether times or rates are shown, and null where there is none; a time has its ' +
    'CPU time beside it',
  cases: fc.record({ ours: seconds, peers: seconds, operations: fc.double({ min: 1, max: 1e12, noNaN: true }) }),
  holds:
    (row) =>
    ({ ours, peers, operations }) => {
      const rowIn = (quantity: Parameters<typeof inUnit>[0]): BenchRow =>
        row(
          { name: 'race', threads: 1, node, ...inUnit(quantity, spent(ours)) },
          { name: 'peer', ...inUnit(quantity, spent(peers)) },
        );
      const alone = row({ name: 'race', threads: 1, node, value: ours, unit: 'ms', cpu: null }, null);
      const compared = row(
        { name: 'race', threads: 1, node, value: ours, unit: 'times', cpu: null },
        { name: 'peer', value: peers, cpu: null },
      );
      const timed = rowIn({ tag: 'time' });
      return (
        same(rowIn({ tag: 'time' }).ratio ?? NaN, peers / ours) &&
        same(rowIn({ tag: 'rate', operations }).ratio ?? NaN, peers / ours) &&
        same(timed.cpu ?? NaN, 3 * timed.value) &&
        same(timed.peerCpu ?? NaN, 3 * (timed.peerValue ?? NaN)) &&
        [alone.peer, alone.peerValue, alone.peerCpu, alone.ratio, compared.ratio].every((value) => value === null)
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
  node,
  cpu: null,
  peerCpu: null,
  value,
  unit: 'ms',
  peer: 'peer 1.0',
  peerValue,
  ratio: peerValue / value,
});

export type Derivation = (rows: readonly BenchRow[]) => readonly BenchRow[];

export const exponentsAreThePowers: Law<Derivation, Series> = {
  statement:
    'rows that follow a power law have its power as exponent, without error, and so has the peer; each Node has its own law',
  cases: series,
  holds:
    (exponents) =>
    ({ sizes, power, peerPower }) => {
      const other = timeRow('forward-40x40', 1, 1, 1);
      const rows = sizes.map((size) =>
        timeRow(`exact-ring-N${size}`, 1, 1e-3 * size ** power, 1e-2 * size ** peerPower),
      );
      const onNewest = rows.map((row) => ({ ...row, node: '26.1.0', value: 7 * row.value }));
      const [exponent, error, ...newest] = exponents([other, ...rows, ...onNewest]);
      return (
        newest.length === 2 &&
        newest.every((row) => row.node === '26.1.0') &&
        exponents([other, ...rows.slice(0, 2)]).length === 0 &&
        exponent?.node === node &&
        exponent.name === 'exact-ring-exponent' &&
        error?.name === 'exact-ring-exponent-error' &&
        near(1e-6)(exponent.value, power) &&
        near(1e-6)(exponent.peerValue ?? NaN, peerPower) &&
        error.value < 1e-6
      );
    },
};

export const gainsCompareThreads: Law<Derivation, Series> = {
  statement:
    'what threads gain is the time of one over that of several, for us and for the peer; each row with its own, of one peer and one Node',
  cases: series,
  holds:
    (gains) =>
    ({ sizes, gain, power }) => {
      const rows = sizes.flatMap((size) => [
        timeRow(`training-C${size}`, 2, size / gain, power * size),
        timeRow(`training-C${size}`, 1, size, size),
      ]);
      const others = [
        ...rows.map((row) => ({ ...row, peer: 'another', peerValue: 1 })),
        ...rows.map((row) => ({ ...row, peer: 'another', peerValue: 1, node: '26.1.0', value: row.value ** 2 })),
      ];
      const found = gains([...others, ...rows]).filter(({ peer }) => peer === 'peer 1.0');
      return (
        found.length === sizes.length &&
        gains([...others, ...rows]).length === 3 * sizes.length &&
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
) => (contenders: readonly TaskEither<never, Spent>[]) => TaskEither<unknown, readonly Spent[]>;

export const contendersTakeTurns: Law<TakingTurns, Turns> = {
  statement:
    'contenders run one after the other in every round, and their times, on the wall and of the CPU, are medians without the first round',
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
      // What waits long computes little: the CPU times are in the opposite order.
      const cpuOf = (wall: number): number => 1 / wall;
      const contenders = times.map((answers, contender): TaskEither<never, Spent> => {
        const left = answers.values();
        return TE.fromIO(() => {
          order.set(order.size, contender);
          const wall = left.next().value ?? NaN;
          return { wall, cpu: cpuOf(wall) };
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
        found.right.every(({ wall, cpu }, i) => {
          const counted = (times[i] ?? []).slice(1);
          return same(wall, middle(counted)) && same(cpu, middle(counted.map(cpuOf)));
        }) &&
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
    const timing = least(TE.fromIO(() => spent(left.next().value ?? NaN)));
    const answers = right(await TE.sequenceSeqArray(times.map(() => timing))());
    return answers.every(({ wall, cpu }, i) => wall === Math.min(...times.slice(0, i + 1)) && cpu === spent(wall).cpu);
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

const versions = ['20.20.2', '22.1.0', '26.12.1'] as const;

const row: fc.Arbitrary<BenchRow> = fc
  .record({
    ours: fc.record({
      name: fc
        .tuple(fc.constantFrom(...groupNames), fc.stringMatching(/^[A-Za-z0-9]{1,8}$/))
        .map(([group, subject]) => `${group}-${subject}`),
      value: seconds,
      unit: fc.constantFrom(...benchUnits),
      threads: fc.integer({ min: 1, max: 64 }),
      node: fc.constantFrom(...versions),
      cpu: fc.option(seconds),
    }),
    peer: fc.option(fc.record({ name: word, value: seconds, cpu: fc.option(seconds) })),
  })
  .map(({ ours, peer }) => benchRow(ours, peer));

const report: fc.Arbitrary<BenchReport> = fc.record({
  facts: fc.record({
    cpu: word,
    cores: fc.integer({ min: 1, max: 256 }),
    nodes: fc.constant(versions),
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
  refusals: fc.array(fc.record({ name: word, threads: fc.integer({ min: 1, max: 64 }), reason: word }), {
    maxLength: 2,
  }),
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

/** The rows beside each other: of one name and as many threads. */
const alike = (a: BenchRow, b: BenchRow): boolean => a.name === b.name && a.threads === b.threads;

/** Faster than all its like on the same Node, or alone. */
const isFastest = (rows: readonly BenchRow[], row: BenchRow): boolean =>
  rows.every(
    (other) => !alike(row, other) || other.node !== row.node || (row.ratio ?? Infinity) <= (other.ratio ?? Infinity),
  );

export const everyRowIsShown: Law<(report: BenchReport) => string, BenchReport> = {
  statement:
    'each row is shown in the table of its group, in the line of its name and threads, with its value in the column of its Node, ' +
    'its peer, and the ratio to the fastest peer, to three digits; each peer that was refused with the reason',
  // Rows on other Nodes and beside other peers, of the same quantities.
  cases: report.chain((shown) =>
    fc
      .array(fc.record({ place: fc.nat(11), node: fc.constantFrom(...versions), peerValue: seconds }), { maxLength: 6 })
      .map((more) => ({
        ...shown,
        rows: shown.rows
          .filter((row, i) => shown.rows.findIndex((other) => alike(row, other)) === i)
          .flatMap((row, i) => [
            row,
            ...more
              .filter(({ place }) => place === i)
              .map(({ node, peerValue }, j) =>
                benchRow({ ...row, node }, { name: `peer${j}`, value: peerValue, cpu: null }),
              ),
          ]),
      })),
  ),
  holds: (markdown) => (shown) => {
    const text = markdown(shown);
    const lines = text.split('\n').filter((line) => /^\| (kernels|training|profile|forward|dense|exact)-/.test(line));
    const ordered = groupNames.flatMap((group) =>
      shown.rows.filter(
        (row, i) => row.name.startsWith(`${group}-`) && shown.rows.findIndex((other) => alike(row, other)) === i,
      ),
    );
    const close = near(5.1e-3);
    const number = (cell: string | undefined): number => numbersIn(cell ?? '')[0] ?? NaN;
    return (
      lines.length === ordered.length &&
      shown.refusals.every(({ name, threads, reason }) => text.includes(`- ${name}, ${threads} threads: ${reason}`)) &&
      shown.rows.every((row) => {
        const cells = cellsOf(lines[ordered.findIndex((other) => alike(row, other))] ?? '');
        const place = versions.findIndex((version) => version === row.node);
        const here = cells[2 + place];
        const beside = (cells[2 + versions.length] ?? '')
          .split('), ')
          .find((cell) => cell.includes(`(${row.peer ?? ''}`));
        const faster = cells[3 + versions.length + place];
        return (
          cells[0] === row.name &&
          cells[1] === String(row.threads) &&
          (!isFastest(shown.rows, row) || close(number(here), row.value)) &&
          (row.peerValue === null ||
            (beside !== undefined && close(number(beside), row.peerValue)) ||
            !isFastest(shown.rows, row)) &&
          (!isFastest(shown.rows, row) || (row.ratio === null ? faster === '' : close(number(faster), row.ratio)))
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
    'a report is read back from its file as it was; one with a number missing, or a ratio that is not that of its times, is ' +
    'refused, and one with a number that is not finite is not written',
  cases: fc.record({ written: report, wild: fc.constantFrom(NaN, Infinity, -Infinity) }),
  holds:
    ({ write, read }) =>
    ({ written, wild }) => {
      const text = right(write(written));
      const damaged: unknown = JSON.parse(text.replace(/"cores": \d+/, '"cores": "many"'));
      return (
        JSON.stringify(read(JSON.parse(text))) === JSON.stringify(written) &&
        read(damaged) === null &&
        written.rows.every(
          ({ ratio }, i) =>
            read({
              ...written,
              rows: written.rows.map((row, j) => (i === j ? { ...row, ratio: (ratio ?? 0) + 0.5 } : row)),
            }) === null,
        ) &&
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

/** What was measured for an aim on a Node: a value, and what peers need. */
export interface Measured {
  readonly aim: number;
  readonly node: string;
  readonly value: number;
  readonly peers: readonly { readonly name: string; readonly value: number }[];
}

export type Outcomes = (rows: readonly BenchRow[]) => (aim: Aim) => OnNodes<Outcome>;

/** The rows of a measurement: all peers beside ours with the threads of the aim, and a tenth of its time with other threads. */
const rowsFor = ({ aim: place, node: version, value, peers }: Measured): readonly BenchRow[] => {
  const aim = aims[place % aims.length];
  if (aim === undefined) {
    return [];
  }
  const threads = aim.threads === 'one' ? 1 : 2;
  const ours = (count: number, time: number): OwnMeasurement => ({
    name: aim.row,
    threads: count,
    node: version,
    unit: aim.quantity.tag === 'ratio' || aim.sense === 'at most' ? 'ms' : 'times',
    value: time,
    cpu: null,
  });
  return peers.flatMap((peer) => [
    benchRow(ours(threads, value), { ...peer, cpu: null }),
    benchRow(ours(3 - threads, value / 10), { ...peer, cpu: null }),
  ]);
};

export const aimsAreMeasuredOrSaySo: Law<Outcomes, readonly Measured[]> = {
  statement:
    'of each aim, on Node 20 and on the newest, it is known whether it was reached, by the fastest peer that it names, or that it ' +
    'was not measured; its row is one that is measured',
  cases: fc.uniqueArray(
    fc.record({
      aim: fc.nat(aims.length - 1),
      node: fc.constantFrom('20.20.2', '22.1.0', '26.12.1'),
      // Around what is wanted.
      value: fc.double({ min: 0.05, max: 4, noNaN: true }),
      peers: fc.array(
        fc.record({
          name: fc.constantFrom('PyTorch 1.0', 'PyTorch 2.0', 'numpy 2.0 eigvalsh', 'JAX 1.0'),
          value: fc.double({ min: 0.05, max: 40, noNaN: true }),
        }),
        { minLength: 1, maxLength: 5 },
      ),
    }),
    { selector: ({ aim, node: version }) => `${aim} ${version}`, maxLength: 30 },
  ),
  holds: (outcomes) => (measured) => {
    const found = outcomes(measured.flatMap(rowsFor));
    const newest = ['26.12.1', '22.1.0'].find((version) => measured.some(({ node: other }) => other === version));
    const isRight = (
      place: number,
      aim: Aim,
      version: string | undefined,
      wanted: number,
      outcome: Outcome,
    ): boolean => {
      const one = measured.find((each) => each.aim === place && each.node === version);
      const { quantity } = aim;
      const times =
        quantity.tag === 'value'
          ? [1]
          : (one?.peers ?? []).filter(({ name }) => name.startsWith(quantity.peer)).map(({ value }) => value);
      if (one === undefined || times.length === 0) {
        return outcome === null;
      }
      const obtained = quantity.tag === 'value' ? one.value : Math.min(...times) / one.value;
      return (
        outcome !== null &&
        same(outcome.obtained, obtained) &&
        outcome.reached === (aim.sense === 'at least' ? outcome.obtained >= wanted : outcome.obtained <= wanted)
      );
    };
    return aims.every((aim, place) => {
      const { node20, newest: onNewest } = found(aim);
      return (
        rowNames.includes(aim.row.replace(/-threads$/, '')) &&
        isRight(place, aim, '20.20.2', aim.wanted.node20, node20) &&
        isRight(place, aim, newest, aim.wanted.newest, onNewest)
      );
    });
  },
};

const notMeasured = /(?:not measured|\d)/;

export const aimsAreShown: Law<(report: BenchReport) => string, BenchReport> = {
  statement: 'each aim has a line with what was obtained on both Nodes, a number or the words that it was not measured',
  cases: report,
  holds: (markdown) => (shown) => {
    const lines = markdown(shown).split('\n');
    return aims.every((aim) => {
      const cells = lines.map(cellsOf).filter(([title]) => title === aim.title);
      const [[, wanted = '', obtained = '', reached = ''] = []] = cells;
      const both = obtained.split(', ');
      const { node20, newest } = outcomesOf(shown.rows)(aim);
      return (
        cells.length === 1 &&
        wanted !== '' &&
        both.length === 2 &&
        both.every((cell) => notMeasured.test(cell)) &&
        [node20, newest].every((outcome, i) => (outcome === null) === (both[i] === 'not measured')) &&
        reached.split(', ').every((word, i) => word === verdictOf([node20, newest][i] ?? null))
      );
    });
  },
};

const verdictOf = (outcome: Outcome): string => {
  if (outcome === null) {
    return '-';
  }
  return outcome.reached ? 'yes' : 'no';
};

/** Some of our rows and some of another Node's, by name and threads; with a peer or two, or a peak of its own. */
export interface TwoNodes {
  readonly ours: readonly { readonly place: number; readonly threads: number; readonly peer: boolean }[];
  readonly theirs: readonly { readonly place: number; readonly threads: number; readonly peak: boolean }[];
}

export type Beside = (ours: readonly Entry[], theirs: readonly Entry[]) => readonly Entry[];

const entryOf = (place: number, threads: number, peer: string | null): Entry => ({
  name: `row-${place}`,
  threads,
  quantity: { tag: 'time' },
  ours: TE.right(spent(1)),
  peer: peer === null ? null : { name: peer, setting: '', timing: TE.right(spent(2)), deviation: 0.1 },
});

export const peersAreBesideBothNodes: Law<Beside, TwoNodes> = {
  statement:
    "another Node's row stands beside each of our peers of the same row with as many threads, by the very timing of ours; they " +
    'are not checked twice; one with a peak of its own keeps it; none is lost',
  cases: fc.record({
    ours: fc.array(fc.record({ place: fc.nat(2), threads: fc.integer({ min: 1, max: 2 }), peer: fc.boolean() }), {
      maxLength: 6,
    }),
    theirs: fc.uniqueArray(
      fc.record({ place: fc.nat(2), threads: fc.integer({ min: 1, max: 2 }), peak: fc.boolean() }),
      { selector: ({ place, threads }) => `${place} ${threads}`, maxLength: 6 },
    ),
  }),
  holds: (beside) => (nodes) => {
    const ours = nodes.ours.map(({ place, threads, peer }, i) => entryOf(place, threads, peer ? `peer ${i}` : null));
    const theirs = nodes.theirs.map(({ place, threads, peak }) => entryOf(place, threads, peak ? 'peak' : null));
    const found = beside(ours, theirs);
    return theirs.every((entry) => {
      const rows = found.filter(({ ours: timing }) => timing === entry.ours);
      const peers = ours.filter(
        ({ name, threads, peer }) => name === entry.name && threads === entry.threads && peer !== null,
      );
      if (entry.peer !== null || peers.length === 0) {
        return rows.length === 1 && rows[0]?.peer?.timing === entry.peer?.timing;
      }
      return (
        rows.length === peers.length &&
        rows.every(({ peer }, i) => peer?.timing === peers[i]?.peer?.timing && peer?.deviation === null)
      );
    });
  },
};

/** Seconds that are given, and what each experiment takes beside its turns, as a share of them. */
export interface Day {
  readonly seconds: number;
  readonly preparing: readonly number[];
}

export type Budget = (left: {
  readonly secondsLeft: number;
  readonly left: number;
  readonly quick: boolean;
}) => number | null;

export const timeIsShared: Law<Budget, Day> = {
  statement:
    'experiments that are left share the time that is left; contenders that take the turns they are given end within the time of ' +
    'the whole, when making ready takes none; no turns are begun after it',
  cases: fc.record({
    seconds: fc.double({ min: 1, max: 900, noNaN: true }),
    preparing: fc.array(interval(0, 0.5), { minLength: 1, maxLength: 30 }),
  }),
  holds:
    (budget) =>
    ({ seconds: whole, preparing }) => {
      const ending = (shares: readonly number[]): number =>
        shares.reduce((spentSoFar, share, i) => {
          const turns = budget({ secondsLeft: whole - spentSoFar, left: shares.length - i, quick: false });
          return turns === null ? spentSoFar : spentSoFar + turns + share * whole;
        }, 0);
      const last = ending(preparing);
      return (
        ending(preparing.map(() => 0)) <= whole * (1 + 1e-9) &&
        (budget({ secondsLeft: whole, left: preparing.length, quick: false }) ?? Infinity) * preparing.length <=
          whole * (1 + 1e-9) &&
        // The last that began had time left; it took its turns and made ready.
        last <= whole + Math.max(...preparing) * whole + 20 &&
        budget({ secondsLeft: 0, left: 1, quick: false }) === null &&
        budget({ secondsLeft: whole, left: 1, quick: true }) !== null
      );
    },
};

/** Peers, and what their numbers are beside ours. */
export interface Applicants {
  readonly peers: readonly ('the same' | 'others' | 'none')[];
}

export type Admission = (lab: Laboratory, contest: Contest) => TaskEither<BenchError, readonly Admitted[]>;

const scripts = ['torch', 'jax', 'onnx', 'numpy'] as const;

export const whoDeviatesIsRefused: Law<Admission, Applicants> = {
  statement:
    'a peer is timed where it gave our numbers; of one that gave others, or none, it is told that it is not, and the others go ' +
    'on; with more threads it is given what it chose with fewer',
  cases: fc.record({
    peers: fc.array(fc.constantFrom('the same', 'others', 'none'), { minLength: 1, maxLength: scripts.length }),
  }),
  holds:
    (peersOf) =>
    async ({ peers }) => {
      const refused = new Array<string>();
      const asked = new Array<string>();
      const numbers = { energies: { shape: [2], values: Float64Array.of(1, 2) } };
      const lab: Laboratory = {
        ...laboratory(null, true),
        peer: ({ script, threads }) =>
          TE.right({
            version: script,
            stop: () => undefined,
            prepare: (work) => {
              asked.push(`${script} ${threads} ${JSON.stringify(work['choice'])}`);
              const gives = peers[scripts.indexOf(script)];
              return gives === 'none'
                ? TE.left({ tag: 'BenchError', message: `${script} ${threads}` })
                : TE.right({
                    peer: script,
                    setting: '',
                    choice: `of ${script}`,
                    arrays:
                      gives === 'others' ? { energies: { shape: [2], values: Float64Array.of(1, 2.1) } } : numbers,
                    timing: TE.right(spent(1)),
                  });
            },
          }),
        refuse:
          ({ threads, reason }, instead) =>
          () => {
            refused.push(`${scripts.find((script) => reason.includes(script)) ?? ''} ${threads}`);
            return instead;
          },
      };
      const found = right(
        await peersOf(lab, {
          name: 'row',
          kinds: scripts.slice(0, peers.length).map((script) => ({ script, copy: 'either' })),
          threadCounts: [1, 2],
          work: {},
          arrays: {},
          numbers: TE.right(numbers),
          tolerance: 1e-3,
        })(),
      );
      const each = peers.flatMap((gives, i) =>
        [1, 2].map((threads) => ({ gives, who: `${scripts[i] ?? ''} ${threads}` })),
      );
      const those = (isOne: (gives: string) => boolean): string =>
        each
          .filter(({ gives }) => isOne(gives))
          .map(({ who }) => who)
          .join();
      return (
        found.map(({ threads, peer }) => `${peer.name} ${threads}`).join() === those((gives) => gives === 'the same') &&
        found.every(({ peer }) => peer.deviation === 0) &&
        refused.join() === those((gives) => gives !== 'the same') &&
        asked.join() ===
          peers
            .flatMap((gives, i) => {
              const script = scripts[i] ?? '';
              return [`${script} 1 null`, `${script} 2 ${gives === 'none' ? 'null' : `"of ${script}"`}`];
            })
            .join()
      );
    },
};

/** Functions as a profiler names them, and the part of each. */
const functions: readonly (Pick<Sampled, 'name' | 'url'> & { readonly part: StepPart })[] = [
  { name: 'forward.3', url: 'wasm://wasm/1', part: 'spectra' },
  { name: 'product.14', url: 'wasm://wasm/1', part: 'products' },
  { name: 'correlateEach.0', url: 'wasm://wasm/1', part: 'products' },
  { name: 'inverse.5', url: 'wasm://wasm/1', part: 'inverse' },
  { name: 'spectralGradient.2', url: 'wasm://wasm/1', part: 'gradients' },
  { name: 'kernelGradient.2', url: 'wasm://wasm/1', part: 'gradients' },
  { name: 'gatherTaps.9', url: 'wasm://wasm/1', part: 'gradients' },
  { name: 'pointwise.1', url: 'wasm://wasm/1', part: 'pointwise' },
  { name: 'a kernel of tomorrow.1', url: 'wasm://wasm/1', part: 'pointwise' },
  { name: 'loadReals.4', url: 'wasm://wasm/1', part: 'gather' },
  { name: 'copySamples', url: 'file:///house/src/backend/schedule/gather.ts', part: 'gather' },
  { name: 'execute', url: 'file:///house/dist/src/backend/wasm/execute.js', part: 'gather' },
  { name: 'update', url: 'file:///house/src/backend/schedule/update.ts', part: 'adam' },
  { name: 'step', url: 'file:///house/src/training/adam.ts?loader=1', part: 'adam' },
  { name: 'forward', url: 'file:///house/src/bench/forward.ts', part: 'rest' },
  { name: '(garbage collector)', url: '', part: 'rest' },
];

export type Parts = (samples: readonly Sampled[]) => Readonly<Record<StepPart, number>>;

export const timeHasItsPart: Law<Parts, readonly { readonly place: number; readonly time: number }[]> = {
  statement:
    'all time that a profiler finds is in one part: that of the kernel by its family, or of the file of the function',
  cases: fc.array(fc.record({ place: fc.nat(functions.length - 1), time: seconds }), { maxLength: 20 }),
  holds: (parts) => (found) => {
    const samples = found.flatMap(({ place, time }) => {
      const one = functions[place];
      return one === undefined ? [] : [{ ...one, seconds: time }];
    });
    const times = parts(samples);
    const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
    return stepParts.every((part) =>
      near(1e-9)(times[part], total(samples.filter((sample) => sample.part === part).map(({ seconds: time }) => time))),
    );
  },
};

const forcesStep: TrainingStep = { ...smallStep, size: 4, batch: 8, forceWeight: 1 };

export const kernelsHaveTheirParts: Law<typeof partOf, TrainingStep> = {
  statement:
    'the kernels of a step have all parts that correlations become: with spectra all four, tap by tap products and gradients alone',
  cases: fc.constantFrom(smallStep, forcesStep),
  holds: (part) => async (step) => {
    const program = right(await stepLoss(step)());
    const partsOf = (correlations: 'direct' | 'spectral'): ReadonlySet<StepPart> =>
      new Set(
        lower(program, { size: step.size, samples: 4 }, 'separate', 128, correlations).schedule.kernels.map(
          ({ name }) => part({ name, url: 'wasm://wasm/1' }),
        ),
      );
    const [direct, spectral] = [partsOf('direct'), partsOf('spectral')];
    return (
      (['spectra', 'products', 'inverse', 'gradients', 'pointwise', 'gather'] as const).every((each) =>
        spectral.has(each),
      ) &&
      (['products', 'gradients', 'pointwise', 'gather'] as const).every((each) => direct.has(each)) &&
      !direct.has('spectra') &&
      !direct.has('inverse')
    );
  },
  runs: 2,
};

/** 2 * 37: no spectra are written for so large a prime factor, and lines of even chunks fill vectors. */
const directSize = 74;

/** Multiply-adds a site and sample of the operations with these names, by their definitions. */
const multiplyAddsOf = ({ equations, types }: TypedProgram, tags: readonly string[]): number =>
  equations
    .filter(({ tag }) => tags.includes(tag))
    .map((equation): number => {
      if (equation.tag === 'correlate' || equation.tag === 'correlateTransposed') {
        const { outputs, inputs, size } = promisedKernel(meaningOf(types)(equation.kernel));
        return outputs * inputs * size ** 2 * promisedField(meaningOf(types)(equation.field)).components;
      }
      if (equation.tag === 'kernelGradient') {
        const { components, channels } = promisedField(meaningOf(types)(equation.field));
        const outputs = promisedField(meaningOf(types)(equation.cotangent)).channels;
        return components * channels * outputs * equation.size ** 2;
      }
      throw new RangeError(`expected correlations and their adjoints, got ${equation.tag}`);
    })
    .reduce((sum, count) => sum + count, 0);

export const arithmeticIsThatOfTheProgram: Law<
  typeof correlationWork,
  { readonly batch: number; readonly channels: number }
> = {
  statement:
    'tap by tap, products and gradients of a step have the multiply-adds of its correlations and kernel gradients, four in a vector; in ' +
    'spectra they have fewer, and transforms beside them',
  cases: fc.record({ batch: fc.constantFrom(4, 8, 16), channels: fc.integer({ min: 1, max: 3 }) }),
  holds:
    (workOf) =>
    async ({ batch, channels }) => {
      const program = right(await stepLoss({ ...smallStep, network: latticeEfnn(channels) })());
      const expected = (N: number, samples: number, ...tags: readonly string[]): number =>
        (N * N * samples * multiplyAddsOf(program, tags)) / 4;
      const many = 200 * batch;
      const [direct, spectral] = [workOf(program)(directSize, batch), workOf(program)(10, many)];
      return (
        direct.spectra === 0 &&
        direct.inverse === 0 &&
        near(1e-9)(direct.products, expected(directSize, batch, 'correlate', 'correlateTransposed')) &&
        near(1e-9)(direct.gradients, expected(directSize, batch, 'kernelGradient')) &&
        spectral.spectra > 0 &&
        spectral.inverse > 0 &&
        // A complex product at half of the frequencies is two multiply-adds a site.
        near(0.2)(spectral.products, (2 / 25) * expected(10, many, 'correlate', 'correlateTransposed')) &&
        near(0.2)(spectral.gradients, (2 / 25) * expected(10, many, 'kernelGradient'))
      );
    },
  runs: 6,
};

export type PartTimings = (
  profile: TaskEither<BenchError, Readonly<Record<StepPart, number>>>,
) => (part: StepPart | 'all') => Timing;

export const partsAreOfOneProfile: Law<PartTimings, readonly number[]> = {
  statement: 'in turns there is one profile a round, whichever part is asked for first; all is the sum of the parts',
  cases: fc.array(seconds, { minLength: 1, maxLength: 4 }),
  holds: (timings) => async (rounds) => {
    const left = rounds.values();
    const taken = new Array<number>();
    const timing = timings(
      TE.fromIO(() => {
        const time = left.next().value ?? NaN;
        taken.push(time);
        return {
          spectra: time,
          products: 2 * time,
          inverse: 3 * time,
          gradients: 4 * time,
          pointwise: 5 * time,
          adam: 6 * time,
          gather: 7 * time,
          rest: 8 * time,
        };
      }),
    );
    const asked = (['products', 'all', 'rest', 'spectra'] as const).map(timing);
    const found = await TE.sequenceSeqArray(rounds.map(() => TE.sequenceSeqArray(asked)))();
    return (
      taken.length === rounds.length &&
      right(found).every((times, i) =>
        times.every(({ wall, cpu }, j) => same(wall, (rounds[i] ?? NaN) * ([2, 36, 8, 1][j] ?? NaN)) && cpu === wall),
      )
    );
  },
};
