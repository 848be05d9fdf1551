/** The speed-up in the report: one forward pass against one exact energy, by diagonalization and by poles, on this machine. */
import { fitPowerLaw, powerLawAt, powerLawErrorAt, type PowerLaw } from '../bench/power-law.ts';
import { exp } from '../number/elementary/exponential.kernel.ts';
import type { Claim, Section } from '../report/report.ts';
import type { ConfidenceInterval } from '../report/verdict.ts';
import { ratioOf, resultOf, type Study } from './outcome.ts';
import type { ResultOf } from './result.ts';
import { studentQuantile } from './student-t.ts';

type Speed = ResultOf<'speed'>;

/** What is known of the number of a claim. */
type Found = Pick<Claim, 'obtained' | 'spread' | 'sample' | 'comment'>;

/** The paper's times in seconds, numpy against PyTorch on their machine, one sample. */
const published = {
  diagonalization: [
    [10, 6.24e-3],
    [15, 3.11e-2],
    [20, 0.117],
    [25, 0.482],
    [30, 1.46],
    [35, 3.56],
    [40, 7.76],
  ],
  forward: [
    [10, 4.56e-3],
    [15, 1.6e-2],
    [20, 1.62e-2],
    [25, 1.4e-2],
    [30, 7.08e-3],
    [35, 9.38e-3],
    [40, 7.59e-3],
  ],
} as const;

/** The size at which the paper states its speed-up. */
const statedSize = 40;

const secondsAt = (times: Speed['forward'], size: number): number | null =>
  times.find((time) => time.size === size)?.seconds ?? null;

const lawOf = (times: Speed['forward']): PowerLaw | null =>
  fitPowerLaw(times.map(({ size, seconds }) => ({ x: size, y: seconds })));

const points = (times: Speed['forward']) => times.map(({ size, seconds }) => ({ x: size, y: seconds }));

const publishedPoints = (times: readonly (readonly [number, number])[]) => times.map(([x, y]) => ({ x, y }));

const title = 'Speed-up over diagonalization';

const statement = {
  speedUp: `At N = ${statedSize} one energy by EFNN (C = 3, n = 3) is 1,000 times faster than by diagonalization`,
  exponent: 'Diagonalization costs O(N^6): its time grows with an exponent of at most 6',
};

/** The two claims, with what is known of their numbers. */
const claimsOf = (speedUp: Found, exponent: Found): readonly Claim[] => [
  {
    ...{ id: 'speedup', statement: statement.speedUp, expected: 1000, rule: { tag: 'above', bound: 1000 } },
    ...speedUp,
  },
  {
    ...{
      id: 'diagonalization-exponent',
      statement: statement.exponent,
      expected: 6,
      rule: { tag: 'at-most', bound: 6 },
    },
    ...exponent,
  },
];

const unknown: Found = { obtained: null, sample: 'none' };

/** An interval of 95 percent of what follows from one series of times. */
const intervalOf = (low: number, high: number): ConfidenceInterval => ({ low, high, seeds: 1 });

/** The claims, the table and the chart of the measured times. */
export const speedSections = (study: Study): readonly Section[] => {
  const speed = resultOf('speed')(study);
  if (speed === null) {
    return [{ title, paragraphs: [], claims: claimsOf(unknown, unknown), tables: [], figures: [] }];
  }
  const law = lawOf(speed.diagonalization);
  const measured = secondsAt(speed.diagonalization, statedSize);
  const diagonalization = measured ?? (law === null ? null : powerLawAt(law)(statedSize));
  const largest = Math.max(...speed.diagonalization.map(({ size }) => size));
  const ratio = ratioOf(diagonalization, secondsAt(speed.forward, statedSize));
  const quantile = studentQuantile(speed.diagonalization.length - 2);
  // How far off the extrapolation may be, as a factor; a measured time has no such error here.
  const factor =
    measured !== null || law === null
      ? 1
      : exp(quantile * powerLawErrorAt(points(speed.diagonalization), law)(statedSize));
  const overPoles = ratioOf(secondsAt(speed.poles, statedSize), secondsAt(speed.forward, statedSize));
  const times = `medians of one process; load of the machine before: ${speed.load === null ? 'not recorded' : speed.load.toFixed(1)}`;
  return [
    {
      title,
      paragraphs: [
        [
          'Medians over repetitions in one process. ',
          ...(speed.load === null
            ? ['The load of the machine was not recorded.']
            : ['Load of the machine before the start: ', speed.load, ' (0 is idle).']),
          ' Our own solver and backend, so ratios, not times, are to be compared with the paper. Diagonalization was timed up to N = ',
          largest,
          '.',
          ...(overPoles === null
            ? []
            : [
                ` Against exact energies by poles, which need no diagonalization, one by EFNN is `,
                overPoles,
                ` times faster at N = ${statedSize}.`,
              ]),
          ' LAPACK beside all of these: efnn bench exact.',
        ],
      ],
      claims: claimsOf(
        {
          obtained: ratio,
          ...(ratio === null ? {} : { spread: intervalOf(ratio / factor, ratio * factor) }),
          sample: times,
          comment:
            measured === null
              ? [
                  'diagonalization extrapolated from N <= ',
                  largest,
                  ' by the fitted power law: within a factor of ',
                  factor,
                  ' with 95 percent',
                ]
              : 'both times measured',
        },
        law === null
          ? { obtained: null, sample: `${speed.diagonalization.length} sizes; ${times}`, comment: 'too few sizes' }
          : {
              obtained: law.exponent,
              spread: intervalOf(
                law.exponent - quantile * law.exponentError,
                law.exponent + quantile * law.exponentError,
              ),
              sample: `${speed.diagonalization.length} sizes, N <= ${largest}; ${times}`,
              comment: 'on small lattices parts of lower order count too: the exponent is of these sizes alone',
            },
      ),
      tables: [
        {
          id: 'table-speed',
          caption: 'Seconds for one energy.',
          columns: [
            { label: 'N' },
            { label: 'EFNN', unit: 's' },
            { label: 'diagonalization', unit: 's' },
            { label: 'ratio' },
            { label: 'poles', unit: 's' },
            { label: 'ratio to poles' },
          ],
          rows: [...new Set([...speed.diagonalization, ...speed.poles, ...speed.forward].map(({ size }) => size))]
            .toSorted((a, b) => a - b)
            .map((size) => {
              const [fast, levels, poles] = [speed.forward, speed.diagonalization, speed.poles].map((times) =>
                secondsAt(times, size),
              );
              return [size, fast ?? null, levels ?? null, ratioOf(levels, fast), poles ?? null, ratioOf(poles, fast)];
            }),
        },
      ],
      figures: [
        {
          id: 'figure-speed',
          title: 'Time for one energy',
          caption: 'Seconds against N, both logarithmic. Grey: the times of the paper, on other hardware.',
          chart: {
            tag: 'lines',
            x: { label: 'N', scale: 'log', ticks: [6, 10, 15, 20, 30, 40] },
            y: { label: 'time', unit: 's', scale: 'log' },
            references: [],
            series: [
              { family: 'EFNN', points: points(speed.forward) },
              { family: 'diagonalization', points: points(speed.diagonalization) },
              ...(speed.poles.length === 0 ? [] : [{ family: 'poles', points: points(speed.poles) }]),
              { family: 'paper: EFNN', points: publishedPoints(published.forward) },
              { family: 'paper: diagonalization', points: publishedPoints(published.diagonalization) },
            ],
          },
        },
      ],
    },
  ];
};
