/** Laws of the report of a benchmark: its table, its file, its section of a page, and what was aimed at. */
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';

import { aims, boundsOf, outcomesOf, type Aim, type OnNodes, type Outcome } from '../../src/bench/aims.ts';
import { rowNames } from '../../src/bench/experiments.ts';
import type { BenchReport } from '../../src/bench/report.ts';
import { benchRow, type BenchRow, type OwnMeasurement } from '../../src/bench/row.ts';
import { cellsOf, groupNames, near, report, same, seconds, versions, word } from '../arbitraries/bench.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';

/** The numbers that a text shows, with powers of ten read. */
const numbersIn = (text: string): readonly number[] =>
  [...text.matchAll(/([\d.\u202f]+)(?: × 10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?/g)].map(([, mantissa = '', power = '']) =>
    Number(
      `${mantissa.replaceAll('\u202f', '')}e${
        power === '' ? 0 : Array.from(power, (c) => (c === '⁻' ? '-' : '⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(c))).join('')
      }`,
    ),
  );

/** The rows beside each other: of one name and as many threads. */
const alike = (a: BenchRow, b: BenchRow): boolean => a.name === b.name && a.threads === b.threads;

/** The time of a part of a step that no sample of the profiler fell into. */
const isUnsampled = ({ name }: BenchRow, time: number): boolean => name.startsWith('profile-') && time < 2e-6;

/** Faster than all its like on the same Node, or alone. */
const isFastest = (rows: readonly BenchRow[], row: BenchRow): boolean =>
  rows.every(
    (other) => !alike(row, other) || other.node !== row.node || (row.ratio ?? Infinity) <= (other.ratio ?? Infinity),
  );

export const everyRowIsShown: Law<(report: BenchReport) => string, BenchReport> = {
  statement:
    'each row is shown in the table of its group, in the line of its name and threads, with its value in the column of its Node, ' +
    'its peer, and the ratio to the fastest peer, to three digits, and a dash where no sample of a profiler fell, each with that of the fastest quarter where it is known; each peer ' +
    'that was refused with the reason',
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
                benchRow(
                  { ...row, node },
                  { name: `peer${j}`, value: peerValue, quartile: j === 0 ? null : peerValue / 2, cpu: null },
                ),
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
    const shows = (cell: string | undefined, value: number, quartile: number | null): boolean => {
      const [median = NaN, edge = NaN] = numbersIn(cell ?? '');
      return close(median, value) && (quartile === null ? cell?.includes(' (') === false : close(edge, quartile));
    };
    return (
      lines.length === ordered.length &&
      shown.refusals.every(({ name, threads, reason }) => text.includes(`- ${name}, ${threads} threads: ${reason}`)) &&
      shown.rows.every((row) => {
        const cells = cellsOf(lines[ordered.findIndex((other) => alike(row, other))] ?? '');
        const place = versions.findIndex((version) => version === row.node);
        const here = cells[2 + place];
        const beside = (cells[2 + versions.length] ?? '')
          .split('), ')
          .map((cell) => cell.replace(/\)$/, '').split(/ \((?=[^(]*$)/))
          .find(([, peer]) => peer === row.peer)?.[0];
        const faster = cells[3 + versions.length + place];
        return (
          cells[0] === row.name &&
          cells[1] === String(row.threads) &&
          (!isFastest(shown.rows, row) ||
            (isUnsampled(row, row.value)
              ? here === '-'
              : shows(here, row.value, isUnsampled(row, row.quartile ?? Infinity) ? null : row.quartile))) &&
          (row.peerValue === null ||
            (beside !== undefined && shows(beside, row.peerValue, row.peerQuartile)) ||
            !isFastest(shown.rows, row)) &&
          (!isFastest(shown.rows, row) ||
            (row.ratio === null ? faster === '' : shows(faster, row.ratio, row.quartileRatio)))
        );
      })
    );
  },
};

/** A row of which the median alone was kept. */
const withoutQuarters = (row: BenchRow): BenchRow => ({
  ...row,
  quartile: null,
  peerQuartile: null,
  quartileRatio: null,
});

/** The file of a benchmark. */
export interface BenchFile {
  readonly write: (report: BenchReport) => E.Either<{ readonly message: string }, string>;
  readonly read: (json: unknown) => BenchReport | null;
}

export const reportsSurviveTheirFile: Law<BenchFile, { readonly written: BenchReport; readonly wild: number }> = {
  statement:
    'a report is read back from its file as it was; one with a number missing, or a ratio that is not that of its times, is ' +
    'refused, and one with a number that is not finite is not written; one that was written before quarters were kept has none',
  cases: fc.record({ written: report, wild: fc.constantFrom(NaN, Infinity, -Infinity) }),
  holds:
    ({ write, read }) =>
    ({ written, wild }) => {
      const text = right(write(written));
      const damaged: unknown = JSON.parse(text.replace(/"cores": \d+/, '"cores": "many"'));
      return (
        JSON.stringify(read(JSON.parse(text))) === JSON.stringify(written) &&
        read(damaged) === null &&
        JSON.stringify(read(JSON.parse(text, (key, value: unknown) => (/quartile/i.test(key) ? undefined : value)))) ===
          JSON.stringify({ ...written, rows: written.rows.map(withoutQuarters) }) &&
        written.rows.every(
          ({ ratio }, i) =>
            read({
              ...written,
              rows: written.rows.map((row, j) => (i === j ? { ...row, ratio: (ratio ?? 0) + 0.5 } : row)),
            }) === null &&
            read({
              ...written,
              rows: written.rows.map((row, j) => (i === j ? { ...row, quartileRatio: -1 } : row)),
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
    quartile: time / 2,
    cpu: null,
  });
  return peers.flatMap((peer) => [
    benchRow(ours(threads, value), { ...peer, quartile: peer.value / 3, cpu: null }),
    benchRow(ours(3 - threads, value / 10), { ...peer, quartile: peer.value / 3, cpu: null }),
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
        rowNames.includes(aim.row.replace(/-threads$/, '').replace(/^exact-(N\d+)-efnn-over-.+$/, 'exact-efnn-$1')) &&
        isRight(place, aim, '20.20.2', aim.wanted.node20, node20) &&
        isRight(place, aim, newest, aim.wanted.newest, onNewest)
      );
    });
  },
};

/** The row of the arithmetic of an aim, a tenth of what its peers need; with more threads, and beside others, it would be none. */
const arithmeticRows = ({
  aim: place,
  node,
  time,
}: {
  readonly aim: number;
  readonly node: string;
  readonly time: number;
}) => {
  const aim = aims[place];
  return aim?.quantity.tag === 'ratio' && aim.threads === 'one'
    ? rowsFor({
        aim: place,
        node,
        value: time,
        peers: [{ name: `${aim.quantity.peer} 2.0`, value: 10 * time }],
      }).map((row) => ({ ...row, name: `${row.name}-arithmetic` }))
    : [];
};

const notMeasured = /(?:not measured|\d)/;

const verdictOf = (outcome: Outcome): string => {
  if (outcome === null) {
    return '-';
  }
  return outcome.reached ? 'yes' : 'no';
};

export const aimsAreShown: Law<(report: BenchReport) => string, BenchReport> = {
  statement:
    'each aim has a line with what was obtained on both Nodes, a number or the words that it was not measured, and with the most that its ' +
    'arithmetic alone would give, where that is known',
  cases: fc
    .tuple(
      report,
      fc.array(fc.record({ aim: fc.nat(aims.length - 1), node: fc.constantFrom(...versions), time: seconds })),
    )
    .map(([shown, known]) => ({ ...shown, rows: [...shown.rows, ...known.flatMap(arithmeticRows)] })),
  holds: (markdown) => (shown) => {
    const lines = markdown(shown).split('\n');
    return aims.every((aim) => {
      const cells = lines.map(cellsOf).filter(([title]) => title === aim.title);
      const [[, wanted = '', obtained = '', reached = '', bound = ''] = []] = cells;
      const bounds = boundsOf(shown.rows)(aim);
      const both = obtained.split(', ');
      const { node20, newest } = outcomesOf(shown.rows)(aim);
      return (
        cells.length === 1 &&
        wanted !== '' &&
        both.length === 2 &&
        both.every((cell) => notMeasured.test(cell)) &&
        [node20, newest].every((outcome, i) => (outcome === null) === (both[i] === 'not measured')) &&
        reached.split(', ').every((word, i) => word === verdictOf([node20, newest][i] ?? null)) &&
        (bounds.node20 === null) ===
          shown.rows.every(
            (row) => row.name !== `${aim.row}-arithmetic` || row.node !== '20.20.2' || row.threads !== 1,
          ) &&
        [bounds.node20, bounds.newest].every((most, i) => {
          const cell = bound.split(', ')[i] ?? '';
          return most === null ? cell === '-' : near(5.1e-3)(numbersIn(cell)[0] ?? NaN, 10);
        })
      );
    });
  },
};
