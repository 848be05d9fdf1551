/** Options about a system, its parameters and its energies, as the table of systems has them. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import type { OrderError, RecipeOrder } from '../dataset/recipe.ts';
import { systemNames, systems } from '../dataset/systems.ts';
import { usageError, type UsageError } from './command-error.ts';
import { numberValue } from './option-value.ts';

/** Their texts, as the command line has them; beside these, the parameters by their symbols. */
export interface SystemTexts {
  readonly method?: string;
  readonly tolerance?: string;
}

/** The symbols of all parameters, each once. */
export const parameterSymbols: readonly string[] = [
  ...new Set(systemNames.flatMap((name) => systems[name].parameters.map(({ symbol }) => symbol))),
];

/** What a symbol means to each system that has it, with its default. */
export const parameterMeaning = (symbol: string): string =>
  systemNames
    .flatMap((name) =>
      systems[name].parameters
        .filter((parameter) => parameter.symbol === symbol)
        .map(({ meaning, default: usual }) => `${meaning} (${name}; default: ${usual})`),
    )
    .join('; ');

/** Method, tolerance and parameters in the words of an order. */
export const energyOrder = (
  texts: SystemTexts,
): E.Either<UsageError, Pick<RecipeOrder, 'method' | 'tolerance' | 'parameters'>> =>
  pipe(
    Object.entries(texts),
    E.traverseArray(([option, text]: readonly [string, unknown]) =>
      typeof text === 'string' && (option === 'tolerance' || parameterSymbols.includes(option))
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
  usageError(field === 'system' ? message : `--${field}: ${message}`);
