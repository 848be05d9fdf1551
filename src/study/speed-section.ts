/** The speed-up in the report: one forward pass against one diagonalization, on this machine. */
import { fitPowerLaw, powerLawAt, powerLawErrorAt, type PowerLaw } from '../bench/power-law.ts';
import { exp } from '../number/elementary/exponential.kernel.ts';
import type { Section } from '../report/report.ts';
import { ratioOf, resultOf, type Study } from './outcome.ts';
import type { ResultOf } from './result.ts';

type Speed = ResultOf<'speed'>;

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
  exponent: 'Diagonalization costs N^6 (fitted exponent of its time)',
};

/** What is claimed where nothing was timed. */
const untimed: Section = {
  title,
  paragraphs: [],
  claims: [
    {
      id: 'speedup',
      statement: statement.speedUp,
      ...{ expected: 1000, obtained: null, sample: 'none' },
      rule: { tag: 'above', bound: 1000 },
    },
    {
      id: 'diagonalization-exponent',
      statement: statement.exponent,
      ...{ expected: 6, obtained: null, sample: 'none' },
      rule: { tag: 'equals', value: 6, tolerance: 1 },
    },
  ],
  tables: [],
  figures: [],
};

/** The claims, the table and the chart of the measured times. */
export const speedSections = (study: Study): readonly Section[] => {
  const speed = resultOf('speed')(study);
  if (speed === null) {
    return [untimed];
  }
  const law = lawOf(speed.diagonalization);
  const measured = secondsAt(speed.diagonalization, statedSize);
  const diagonalization = measured ?? (law === null ? null : powerLawAt(law)(statedSize));
  const largest = Math.max(...speed.diagonalization.map(({ size }) => size));
  const ratio = ratioOf(diagonalization, secondsAt(speed.forward, statedSize));
  // Two standard errors of the extrapolation, as a factor; a measured time has none here.
  const factor =
    measured !== null || law === null ? 1 : exp(2 * powerLawErrorAt(points(speed.diagonalization), law)(statedSize));
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
        ],
      ],
      claims: [
        {
          id: 'speedup',
          statement: statement.speedUp,
          expected: 1000,
          obtained: ratio,
          ...(ratio === null ? {} : { spread: { low: ratio / factor, high: ratio * factor, seeds: 1 } }),
          sample: times,
          rule: { tag: 'above', bound: 1000 },
          comment:
            measured === null
              ? [
                  'diagonalization extrapolated from N <= ',
                  largest,
                  ' by the fitted power law: within a factor of ',
                  factor,
                  ' (two standard errors)',
                ]
              : 'both times measured',
        },
        {
          id: 'diagonalization-exponent',
          statement: statement.exponent,
          expected: 6,
          obtained: law?.exponent ?? null,
          sample: `${speed.diagonalization.length} sizes; ${times}`,
          rule: { tag: 'equals', value: 6, tolerance: 1 },
          comment: law === null ? 'too few sizes' : ['standard error ', law.exponentError],
        },
      ],
      tables: [
        {
          id: 'table-speed',
          caption: 'Seconds for one energy.',
          columns: [
            { label: 'N' },
            { label: 'EFNN', unit: 's' },
            { label: 'diagonalization', unit: 's' },
            { label: 'ratio' },
          ],
          rows: [...new Set([...speed.diagonalization, ...speed.forward].map(({ size }) => size))]
            .toSorted((a, b) => a - b)
            .map((size) => {
              const [slow, fast] = [secondsAt(speed.diagonalization, size), secondsAt(speed.forward, size)];
              return [size, fast, slow, ratioOf(slow, fast)];
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
              { family: 'paper: EFNN', points: publishedPoints(published.forward) },
              { family: 'paper: diagonalization', points: publishedPoints(published.diagonalization) },
            ],
          },
        },
      ],
    },
  ];
};
