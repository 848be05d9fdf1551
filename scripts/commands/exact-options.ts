/** Options about exact energies that `generate` and `energy` share. */
import { sequenceS } from 'fp-ts/lib/Apply.js';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Command } from 'commander';

import { energyMethods, type ExactMethod } from '../../src/exact/energy-method.ts';
import { doubleExchange, publishedDoubleExchange, type DoubleExchange } from '../../src/hamiltonian/double-exchange.ts';
import { usageError, usageErrorIn, type UsageError } from '../exit.ts';
import { alternatives, numberValue, optional } from '../option-value.ts';

export interface ExactTexts {
  readonly method?: string;
  readonly t?: string;
  readonly J?: string;
  readonly mu?: string;
  readonly T?: string;
}

const { t, J, mu, T } = publishedDoubleExchange;

/** Adds --method, --t, --J, --mu and --T. */
export const withExactOptions = (command: Command): Command =>
  command
    .option('--method <name>', 'how exact energies are found: diagonalize or poles (default: diagonalize)')
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
export const methodOf = ({ method = 'diagonalize' }: ExactTexts): E.Either<UsageError, ExactMethod> => {
  if (isAvailable(method)) {
    return E.right(method);
  }
  const available = alternatives(Object.keys(energyMethods));
  return E.left(
    usageError(
      method === 'poles'
        ? `--method: expected ${available}, came poles, which is not available yet: use --method diagonalize`
        : `--method: expected ${available}, came '${method}': use --method diagonalize`,
    ),
  );
};

const isAvailable = (name: string): name is ExactMethod => Object.hasOwn(energyMethods, name);

/** Rough cost of one exact energy by diagonalization on an N x N lattice, in seconds: it grows as N^6. */
export const secondsPerEnergy = (size: number, withForces: boolean): number => (withForces ? 6e-8 : 3e-8) * size ** 6;
