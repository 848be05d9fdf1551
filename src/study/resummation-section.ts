/** The figure of the theory in the report: continued functions and others where a power series diverges. */
import { quarticOscillatorSeries } from '../continued/divergent-series.ts';
import { capitalized } from '../report/notation.ts';
import type { Figure, Section, Table } from '../report/report.ts';
import { least, resultOf, type Study } from './outcome.ts';
import type { ResultOf } from './result.ts';

type Sum = ResultOf<'resummation'>['sums'][number];

const distinct = <A>(values: readonly A[]): readonly A[] => [...new Set(values)];

const relativeError = ({ exact, values }: Sum, method: string): number | null => {
  const value = values.find((each) => each.method === method)?.value ?? null;
  return value === null ? null : Math.abs(value / exact - 1);
};

const methodsOf = (sums: readonly Sum[]): readonly string[] =>
  distinct(sums.flatMap(({ values }) => values.map(({ method }) => method)));

/** Relative errors at x = 1, one row a series and order, one column a method. */
const tableOf = (sums: readonly Sum[]): Table => ({
  id: 'table-resummation',
  caption:
    'Relative errors of divergent series at x = 1, each method told the coefficients c_0 to c_n. A dash stands where a ' +
    'method has no real, finite value there: roots take powers of negative numbers.',
  columns: [{ label: 'series' }, { label: 'n' }, ...methodsOf(sums).map((label) => ({ label }))],
  rows: sums
    .filter(({ x }) => x === 1)
    .map((sum) => [sum.series, sum.order, ...methodsOf(sums).map((method) => relativeError(sum, method))]),
});

/** Beyond a hundredfold a method has failed, and would hide the others. */
const greatest = 100;

/** Why curves of some methods end: their errors, or that they have no value. */
const endsInWords = (sums: readonly Sum[]): string => {
  const methodsWith = (ends: (error: number | null) => boolean): string =>
    methodsOf(sums)
      .filter((method) => sums.some((sum) => ends(relativeError(sum, method))))
      .join(', ');
  const [far, absent] = [
    methodsWith((error) => error !== null && error > greatest),
    methodsWith((error) => error === null),
  ];
  return [
    ...(far === '' ? [] : [` Not drawn where the error exceeds ${greatest}: ${far}.`]),
    ...(absent === '' ? [] : [` Without a real, finite value where the curve has ended: ${absent}.`]),
  ].join('');
};

/** Relative errors of one series against x, from the most coefficients. */
const figureOf = (series: string, sums: readonly Sum[], index: number): Figure => ({
  id: `figure-resummation-${index + 1}`,
  title: capitalized(series),
  caption: [
    'Relative error against x, from the coefficients c_0 to c_n with n = ',
    sums[0]?.order ?? 0,
    `.${endsInWords(sums)}`,
  ],
  chart: {
    tag: 'lines',
    x: { label: 'x', scale: 'log' },
    y: { label: 'relative error', scale: 'log' },
    references: [],
    series: methodsOf(sums).map((family) => ({
      family,
      points: sums.flatMap((sum) => {
        const y = relativeError(sum, family);
        return y === null || y > greatest ? [] : [{ x: sum.x, y }];
      }),
    })),
  },
});

/** The section: one claim, and errors series by series. */
export const resummationSection = (study: Study): readonly Section[] => {
  const { sums } = resultOf('resummation')(study) ?? { sums: [] };
  const most = Math.max(...sums.map(({ order }) => order));
  const finest = sums.filter(({ order }) => order === most);
  const oscillator = finest.find(({ series, x }) => series === quarticOscillatorSeries.name && x === 1);
  const deviations = oscillator?.values.map(({ value }) =>
    value === null ? null : Math.abs(value - oscillator.exact),
  );
  return [
    {
      title: 'Continued functions where series diverge (theory of Fig. 5a)',
      paragraphs: [
        'An EFNN is a continued function, and continued functions were invented to sum series that diverge: continued ' +
          'fractions are the Pade staircase, continued exponentials, factors and roots are the self-similar approximants of ' +
          'renormalization. Here every method is told the same coefficients. The small EFNN of two layers is fitted where ' +
          'the partial sum can be trusted and asked beyond: it interpolates there and does not extrapolate far.',
      ],
      claims: [
        {
          id: 'oscillator-resummed',
          statement:
            'The ground state of the quartic oscillator at x = 1, 0.8037706512, by the best of the methods (deviation)',
          expected: 'not stated in the paper',
          obtained: least(deviations ?? []),
          sample: sums.length === 0 ? 'none' : `c_0 to c_${most}`,
          rule: { tag: 'below', bound: 1e-3 },
        },
      ],
      tables: sums.length === 0 ? [] : [tableOf(sums)],
      figures: distinct(finest.map(({ series }) => series)).map((series, index) =>
        figureOf(
          series,
          finest.filter((sum) => sum.series === series),
          index,
        ),
      ),
    },
  ];
};
