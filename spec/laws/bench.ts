/** Laws of the numbers of a benchmark: medians, ratios, deviations, and what follows from rows. */
import fc from 'fast-check';

import { inUnit, type BenchRow, type OwnMeasurement, type PeerMeasurement } from '../../src/bench/row.ts';
import type { Reals } from '../../src/number/reals.ts';
import { near, node, same, seconds, times } from '../arbitraries/bench.ts';
import type { Law } from '../law.ts';

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

export const quarterIsBelow: Law<(values: readonly number[]) => number, readonly number[]> = {
  statement:
    'the lower quartile is one of the values; less than a quarter of them are below it, and a quarter, at least, are not above it',
  cases: fc.array(fc.integer({ min: -99, max: 99 }), { minLength: 1, maxLength: 13 }),
  holds: (quartile) => (values) => {
    const edge = quartile(values);
    const share = (side: (x: number) => boolean): number => values.filter(side).length / values.length;
    return values.includes(edge) && share((x) => x < edge) < 1 / 4 && share((x) => x <= edge) >= 1 / 4;
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
    'the ratio is the time of the peer over ours, whether times or rates are shown, and null where there is none; so is that of the ' +
    'fastest quarters, by their times; a time has its CPU time beside it',
  cases: fc.record({ ours: seconds, peers: seconds, operations: fc.double({ min: 1, max: 1e12, noNaN: true }) }),
  holds:
    (row) =>
    ({ ours, peers, operations }) => {
      const rowIn = (quantity: Parameters<typeof inUnit>[0]): BenchRow =>
        row(
          { name: 'race', threads: 1, node, ...inUnit(quantity, times(ours)) },
          { name: 'peer', ...inUnit(quantity, { ...times(peers), quartile: times(peers / 3).median }) },
        );
      const alone = row({ name: 'race', threads: 1, node, value: ours, quartile: ours, unit: 'ms', cpu: null }, null);
      const compared = row(
        { name: 'race', threads: 1, node, value: ours, quartile: ours, unit: 'times', cpu: null },
        { name: 'peer', value: peers, quartile: peers, cpu: null },
      );
      const timed = rowIn({ tag: 'time' });
      const rows = [timed, rowIn({ tag: 'part' }), rowIn({ tag: 'rate', operations })];
      const kept = row(
        { name: 'race', threads: 1, node, ...inUnit({ tag: 'time' }, times(ours)) },
        { name: 'peer', value: peers, quartile: null, cpu: null },
      );
      return (
        rows.every(({ ratio }) => same(ratio ?? NaN, peers / ours)) &&
        rows.every(({ quartileRatio }) => same(quartileRatio ?? NaN, peers / 3 / (0.75 * ours))) &&
        kept.quartileRatio === null &&
        same(timed.quartile ?? NaN, 0.75 * timed.value) &&
        same(timed.cpu ?? NaN, 3 * timed.value) &&
        same(timed.peerCpu ?? NaN, 3 * (timed.peerValue ?? NaN)) &&
        [
          alone.peer,
          alone.peerValue,
          alone.peerQuartile,
          alone.peerCpu,
          alone.ratio,
          alone.quartileRatio,
          compared.ratio,
          compared.quartileRatio,
        ].every((value) => value === null)
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
  quartile: value / 2,
  unit: 'ms',
  peer: 'peer 1.0',
  peerValue,
  peerQuartile: peerValue / 2,
  ratio: peerValue / value,
  quartileRatio: peerValue / value,
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
    'what threads gain is the time of one over that of several, for us and for the peer, by medians and by fastest quarters; each row ' +
    'with its own, of one peer and one Node; where a quarter was not kept there is none',
  cases: series,
  holds:
    (gains) =>
    ({ sizes, gain, power }) => {
      const rows = sizes.flatMap((size) => [
        { ...timeRow(`training-C${size}`, 2, size / gain, power * size), quartile: size, peerQuartile: 3 },
        { ...timeRow(`training-C${size}`, 1, size, size), quartile: size * power, peerQuartile: 3 * gain },
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
              same(row.peerValue ?? NaN, 1 / power) &&
              same(row.quartile ?? NaN, power) &&
              same(row.peerQuartile ?? NaN, gain),
          ),
        ) &&
        gains(rows.map((row) => ({ ...row, quartile: null }))).every(({ quartile }) => quartile === null) &&
        gains(rows.filter(({ threads }) => threads === 1)).length === 0
      );
    },
};

export const networksGainOverExactEnergies: Law<Derivation, Series> = {
  statement:
    'what a network gains over exact energies is the time by poles, or of LAPACK, over its own, at each size and on each Node, by medians ' +
    'and by fastest quarters, whatever its own peers',
  cases: series,
  holds:
    (gains) =>
    ({ sizes, power, peerPower, gain }) => {
      const rows = sizes.flatMap((size) => [
        { ...timeRow(`exact-efnn-N${size}`, 1, size, 1), peer: 'network peer' },
        { ...timeRow(`exact-efnn-N${size}`, 1, size, 2), peer: 'another' },
        { ...timeRow(`exact-poles-N${size}`, 1, size * power, size * peerPower), peerQuartile: size * gain },
        timeRow(`exact-diagonalize-N${size}`, 1, 1, 1),
      ]);
      const onNewest = rows.map((row) => ({ ...row, node: '26.1.0', value: row.value ** 2 }));
      const found = gains([...onNewest, ...rows]);
      const isRow = (name: string, at: string, value: number, quartile: number): boolean =>
        found.some(
          (row) =>
            row.name === name &&
            row.node === at &&
            near(1e-9)(row.value, value) &&
            near(1e-9)(row.quartile ?? NaN, quartile),
        );
      return (
        found.length === 4 * sizes.length &&
        sizes.every(
          (size) =>
            isRow(`exact-N${size}-efnn-over-poles`, node, power, power) &&
            isRow(`exact-N${size}-efnn-over-lapack`, node, peerPower, 2 * gain) &&
            isRow(`exact-N${size}-efnn-over-poles`, '26.1.0', power * power, power),
        ) &&
        gains(rows.map((row) => ({ ...row, peerValue: null, peerQuartile: null }))).length === sizes.length &&
        gains(rows.filter(({ name }) => !name.startsWith('exact-poles'))).length === 0
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
              ) &&
              // Both quarters are half of the medians.
              copies.quartile === copies.value,
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
