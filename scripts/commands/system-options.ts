/** Options about a system, its parameters and its energies, as the table of systems has them. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Command } from 'commander';

import type { OrderError, RecipeOrder } from '../../src/dataset/recipe.ts';
import { systemNames, systems } from '../../src/dataset/systems.ts';
import { defaultTolerance } from '../../src/exact/pole-expansion.ts';
import { usageError, type UsageError } from '../../src/command/command-error.ts';
import { numberValue } from '../../src/command/option-value.ts';

/** What the options of `withSystemOptions` leave; beside these, the parameters by their symbols. */
export interface SystemTexts {
  readonly method?: string;
  readonly tolerance?: string;
}

const symbols: readonly string[] = [
  ...new Set(systemNames.flatMap((name) => systems[name].parameters.map(({ symbol }) => symbol))),
];

/** What a symbol means to each system that has it, with its default. */
const meaningOf = (symbol: string): string =>
  systemNames
    .flatMap((name) =>
      systems[name].parameters
        .filter((parameter) => parameter.symbol === symbol)
        .map(({ meaning, default: usual }) => `${meaning} (${name}; default: ${usual})`),
    )
    .join('; ');

/** Adds --method, --tolerance, and one option for each parameter of a system. */
export const withSystemOptions = (command: Command): Command =>
  symbols.reduce(
    (added, symbol) => added.option(`--${symbol} <number>`, meaningOf(symbol)),
    command
      .option('--method <name>', 'how exact energies are found: diagonalize or poles (default: diagonalize)')
      .option('--tolerance <number>', `largest error of the energy per site, by poles (default: ${defaultTolerance})`),
  );

/** Method, tolerance and parameters in the words of an order. */
export const orderIn = (
  texts: SystemTexts,
): E.Either<UsageError, Pick<RecipeOrder, 'method' | 'tolerance' | 'parameters'>> =>
  pipe(
    Object.entries(texts),
    E.traverseArray(([option, text]: readonly [string, unknown]) =>
      typeof text === 'string' && (option === 'tolerance' || symbols.includes(option))
        ? pipe(
            numberValue(option, text),
            E.map((value) => [[option, value] as const]),
          )
        : E.right([]),
    ),
    E.map((found) => {
      const { tolerance, ...parameters } = Object.fromEntries(found.flat());
      return { parameters, tolerance, method: texts.method };
    }),
  );

/** A refused order as the mistake of the option that it was made in. */
export const usageErrorOf = ({ field, message }: OrderError): UsageError =>
  usageError(field === '' || field === 'system' ? message : `--${field}: ${message}`);
