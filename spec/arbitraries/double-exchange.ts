/** Parameters of the double exchange model. */
import fc from 'fast-check';

import { doubleExchange, type DoubleExchange, type Twist } from '../../src/hamiltonian/double-exchange.ts';
import { right } from '../right.ts';
import { interval } from './interval.ts';

/** Couplings of either sign and temperatures from `coldest` to 2, in order-of-magnitude steps. */
export const modelsAbove = (coldest: number): fc.Arbitrary<DoubleExchange> =>
  fc
    .record({ t: interval(-2, 2), J: interval(-16, 16), mu: interval(-9, 9), T: fc.constantFrom(coldest, 0.1, 0.7, 2) })
    .map((parameters) => right(doubleExchange({ ...parameters, T: Math.max(coldest, parameters.T) })));

export const models: fc.Arbitrary<DoubleExchange> = modelsAbove(0.01);

export const twists: fc.Arbitrary<Twist> = fc.record({
  x: interval(-Math.PI, Math.PI),
  y: interval(-Math.PI, Math.PI),
});

/** Parameters for the pole expansion: temperatures evenly in their logarithm, from 0.02 to 2. */
export const polesModels: fc.Arbitrary<DoubleExchange> = fc
  .record({
    t: interval(-2, 2),
    J: interval(-16, 16),
    mu: interval(-9, 9),
    logT: interval(Math.log(0.02), Math.log(2)),
  })
  .map(({ t, J, mu, logT }) => right(doubleExchange({ t, J, mu, T: Math.exp(logT) })));
