/** The job behind the figure of the theory: divergent series, each summed by each method from the same coefficients. */
import { toNullable } from 'fp-ts/lib/Option.js';

import { divergentSeries } from '../continued/divergent-series.ts';
import { methods } from '../continued/resummation.ts';
import type { ResummationJob } from './job.ts';
import type { ResultOf } from './result.ts';

/** Where the sums are compared, half a decade apart; 1 among them. */
const points = [0.01, 0.0316, 0.1, 0.316, 1, 3.16, 10];

/** Every series at every point, exactly and by every method. */
export const resummation = ({ orders }: ResummationJob): ResultOf<'resummation'> => ({
  tag: 'resummation',
  sums: divergentSeries.flatMap(({ name, exponent, coefficients, sum }) =>
    orders.flatMap((order) => {
      const known = { coefficients: coefficients(order), exponent };
      const found = methods.map((method) => ({ method: method.name, at: method.sum(known) }));
      return points.map((x) => ({
        series: name,
        order,
        x,
        exact: sum(x),
        values: found.map(({ method, at }) => ({ method, value: toNullable(at(x)) })),
      }));
    }),
  ),
});
