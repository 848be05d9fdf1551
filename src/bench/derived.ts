/** Rows that follow from others: what more threads gain, what copies cost, and how exact energies grow with the lattice. */
import { pipe } from 'fp-ts/lib/function.js';
import { groupBy } from 'fp-ts/lib/NonEmptyArray.js';

import { fitPowerLaw, type Measured } from './power-law.ts';
import { benchRow, type BenchRow } from './row.ts';

/** A peer's numbers beside ours, where the rows that they follow from have one and the same peer. */
const withPeer = (rows: readonly BenchRow[], value: number | null, quartile: number | null) => {
  const [first, ...others] = rows.map(({ peer }) => peer);
  return typeof first === 'string' && others.every((peer) => peer === first) && value !== null
    ? { name: first, value, quartile, cpu: null }
    : null;
};

const quotient = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a / b);

const scaling = (one: BenchRow, many: BenchRow): BenchRow =>
  benchRow(
    {
      name: `${many.name}-threads`,
      value: one.value / many.value,
      quartile: quotient(one.quartile, many.quartile),
      unit: 'times',
      threads: many.threads,
      node: many.node,
      cpu: null,
    },
    withPeer([one, many], quotient(one.peerValue, many.peerValue), quotient(one.peerQuartile, many.peerQuartile)),
  );

/** How many times as fast several threads are as one, for each time that was measured with both on one Node. */
export const threadGains = (rows: readonly BenchRow[]): readonly BenchRow[] =>
  rows
    .filter(({ unit, threads }) => unit === 'ms' && threads > 1)
    .flatMap((many) =>
      rows
        .filter(
          ({ name, threads, node, peer }) =>
            name === many.name && threads === 1 && node === many.node && peer === many.peer,
        )
        .map((one) => scaling(one, many)),
    );

const rowLike = (name: string, of: BenchRow, value: number, quartile: number | null): BenchRow =>
  benchRow({ name, value, quartile, unit: 'times', threads: of.threads, node: of.node, cpu: null }, null);

const isOfSameKind = (one: BenchRow, other: BenchRow): boolean =>
  one.name === other.name && one.threads === other.threads && one.node === other.node;

const firstOfEach = (rows: readonly BenchRow[]): readonly BenchRow[] =>
  rows.filter((row, place) => rows.findIndex((other) => isOfSameKind(row, other)) === place);

/**
 * How many times as fast as each exact energy, `exact-poles-N..` or LAPACK's, the network's is, `exact-efnn-N..`, where both were timed
 * on one Node.
 */
export const networkGains = (rows: readonly BenchRow[]): readonly BenchRow[] =>
  // Beside each of its peers the network has a row, with one time.
  firstOfEach(rows).flatMap((network) => {
    const size = /^exact-efnn-(?<size>N\d+)$/.exec(network.name)?.groups?.['size'];
    const poles = rows.find(
      ({ name, threads, node }) =>
        name === `exact-poles-${size}` && threads === network.threads && node === network.node,
    );
    if (size === undefined || poles === undefined) {
      return [];
    }
    const { peerValue } = poles;
    return [
      rowLike(
        `exact-${size}-efnn-over-poles`,
        network,
        poles.value / network.value,
        quotient(poles.quartile, network.quartile),
      ),
      ...(peerValue === null
        ? []
        : [
            rowLike(
              `exact-${size}-efnn-over-lapack`,
              network,
              peerValue / network.value,
              quotient(poles.peerQuartile, network.quartile),
            ),
          ]),
    ];
  });

/** The fraction of each training step that is no computing: the time of a step by a network that does nothing, over its own. */
export const copyFractions = (rows: readonly BenchRow[]): readonly BenchRow[] =>
  rows.flatMap((idle) => {
    const step = rows.find(
      ({ name, threads, node }) => idle.name === `${name}-idle` && threads === idle.threads && node === idle.node,
    );
    return step === undefined
      ? []
      : [
          benchRow(
            {
              name: `${step.name}-copies`,
              value: idle.value / step.value,
              quartile: quotient(idle.quartile, step.quartile),
              unit: 'fraction',
              threads: step.threads,
              node: step.node,
              cpu: null,
            },
            null,
          ),
        ];
  });

const sizedName = /^(?<series>exact-.+)-N(?<size>\d+)$/;

interface SizedRow {
  readonly series: string;
  readonly size: number;
  readonly row: BenchRow;
}

const sized = (row: BenchRow): readonly SizedRow[] => {
  const { series, size } = sizedName.exec(row.name)?.groups ?? {};
  return series === undefined || size === undefined ? [] : [{ series, size: Number(size), row }];
};

/**
 * Fitted exponents p of time = a N^p with their standard errors, for each series `exact-..-N..` of three sizes or more on one
 * Node.
 */
export const exponents = (rows: readonly BenchRow[]): readonly BenchRow[] =>
  Object.values(
    pipe(
      rows.flatMap(sized),
      groupBy(({ series, row }) => `${series} ${row.node}`),
    ),
  ).flatMap((members) => {
    const { series, row: first } = members[0];
    const measured = members.map(({ size, row }): Measured => ({ x: size, y: row.value }));
    const peers = members.flatMap(({ size, row }): readonly Measured[] =>
      row.peerValue === null ? [] : [{ x: size, y: row.peerValue }],
    );
    const [law, peerLaw] = [fitPowerLaw(measured), fitPowerLaw(peers)];
    const compared = members.map(({ row }) => row).filter(({ peer }) => peer !== null);
    const { threads, node } = first;
    const row = (suffix: string, value: number, peerValue: number | null): BenchRow =>
      benchRow(
        { name: `${series}-${suffix}`, value, quartile: null, unit: 'exponent', threads, node, cpu: null },
        withPeer(compared, peerValue, null),
      );
    return law === null
      ? []
      : [
          row('exponent', law.exponent, peerLaw?.exponent ?? null),
          row('exponent-error', law.exponentError, peerLaw?.exponentError ?? null),
        ];
  });
