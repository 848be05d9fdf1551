/** Options about a system, its parameters and its energies. */
import type { Command } from 'commander';

import { parameterMeaning, parameterSymbols } from '../../src/command/system-options.ts';
import { defaultTolerance } from '../../src/exact/pole-expansion.ts';

/** Adds --method, --tolerance, and one option for each parameter of a system. */
export const withSystemOptions = (command: Command): Command =>
  parameterSymbols.reduce(
    (added, symbol) => added.option(`--${symbol} <number>`, parameterMeaning(symbol)),
    command
      .option('--method <name>', 'how exact energies are found: diagonalize or poles (default: diagonalize)')
      .option('--tolerance <number>', `largest error of the energy per site, by poles (default: ${defaultTolerance})`),
  );
