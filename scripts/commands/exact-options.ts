/** Options about exact energies that `generate` and `energy` share. */
import { sequenceS } from 'fp-ts/lib/Apply.js';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Command } from 'commander';

import { unitLength } from '../../src/exact/energy-by-poles.ts';
import { energyMethods, type ExactMethod } from '../../src/exact/energy-method.ts';
import { defaultTolerance, poleExpansion } from '../../src/exact/pole-expansion.ts';
import { doubleExchange, publishedDoubleExchange, type DoubleExchange } from '../../src/hamiltonian/double-exchange.ts';
import { usageError, usageErrorIn, type UsageError } from '../exit.ts';
import { alternatives, numberValue, optional } from '../../src/command/option-value.ts';

export interface ExactTexts {
  readonly method?: string;
  readonly tolerance?: string;
  readonly t?: string;
  readonly J?: string;
  readonly mu?: string;
  readonly T?: string;
}

const { t, J, mu, T } = publishedDoubleExchange;

/** Adds --method, --tolerance, --t, --J, --mu and --T. */
export const withExactOptions = (command: Command): Command =>
  command
    .option('--method <name>', 'how exact energies are found: diagonalize or poles (default: diagonalize)')
    .option('--tolerance <number>', `largest error of the energy per site, by poles (default: ${defaultTolerance})`)
    .option('--t <number>', `hopping amplitude (default: ${t})`)
    .option('--J <number>', `coupling of electrons and spins (default: ${J})`)
    .option('--mu <number>', `chemical potential (default: ${mu})`)
    .option('--T <number>', `temperature, above 0 (default: ${T})`);

/** The model that the options describe, the paper's where they are silent. */
export const modelOf = (texts: ExactTexts): E.Either<UsageError, DoubleExchange> =>
  pipe(
    sequenceS(E.Apply)({
      t: optional(numberValue, t)('t', texts.t),
      J: optional(numberValue, J)('J', texts.J),
      mu: optional(numberValue, mu)('mu', texts.mu),
      T: optional(numberValue, T)('T', texts.T),
    }),
    E.chain((parameters) => pipe(doubleExchange(parameters), E.mapLeft(usageErrorIn('parameters')))),
  );

/** The method that was asked for. */
export const methodOf = ({ method = 'diagonalize' }: ExactTexts): E.Either<UsageError, ExactMethod> =>
  isAvailable(method)
    ? E.right(method)
    : E.left(
        usageError(
          `--method: expected ${alternatives(Object.keys(energyMethods))}, came '${method}': use --method diagonalize`,
        ),
      );

const isAvailable = (name: string): name is ExactMethod => Object.hasOwn(energyMethods, name);

/** The tolerance, where one was asked for: of poles alone, and above 0. */
export const toleranceOf = ({
  method,
  tolerance,
}: ExactTexts): E.Either<UsageError, { readonly tolerance?: number }> => {
  if (tolerance === undefined) {
    return E.right({});
  }
  return method === 'poles'
    ? pipe(
        numberValue('tolerance', tolerance),
        E.filterOrElse(
          (value) => value > 0,
          () => usageError(`--tolerance: expected a number above 0, came '${tolerance}': try ${defaultTolerance}`),
        ),
        E.map((value) => ({ tolerance: value })),
      )
    : E.left(usageError(`--tolerance: expected for --method poles alone, came ${tolerance}: add --method poles`));
};

/** How energies are to be computed, as far as it can be impossible. */
interface Exactness {
  readonly model: DoubleExchange;
  readonly method: ExactMethod;
  readonly accuracy: { readonly tolerance?: number };
}

/** Refuses what poles cannot reach for any spins, before work begins. */
export const reachable = ({ model, method, accuracy: { tolerance } }: Exactness): E.Either<UsageError, unknown> =>
  method === 'poles'
    ? pipe(poleExpansion(model, tolerance, unitLength), E.mapLeft(usageErrorIn('--method poles')))
    : E.right(method);

/**
 * Rough cost of one exact energy on an N x N lattice, in seconds: by diagonalization it grows as N^6, by poles as N^4.
 * Low temperatures take up to twice as many poles.
 */
export const secondsPerEnergy = (size: number, withForces: boolean, method: ExactMethod = 'diagonalize'): number =>
  method === 'diagonalize' ? (withForces ? 2e-8 : 6e-9) * size ** 6 : (withForces ? 4e-7 : 1.6e-7) * size ** 4;
