/** A plugin of Stryker which lets a seeded fraction of the mutants run; the others count as not compiled: in no score. */
import { createHash } from 'node:crypto';

import { commonTokens, declareFactoryPlugin, PluginKind, tokens } from '@stryker-mutator/api/plugin';

/** A number in [0, 1) for each mutant and seed, which no other mutant changes. */
const lot = (seed, { fileName, location, mutatorName, replacement }) => {
  const path = fileName.slice(fileName.lastIndexOf('src/'));
  const text = JSON.stringify([seed, path, location, mutatorName, replacement]);
  return createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;
};

const samplerOf = ({ sample: { fraction, seed } }) => ({
  init: async () => {},
  group: async (mutants) => [mutants.map(({ id }) => id)],
  check: async (mutants) =>
    Object.fromEntries(
      mutants.map((mutant) => [
        mutant.id,
        lot(seed, mutant) < fraction ? { status: 'passed' } : { status: 'compileError', reason: 'not in the sample' },
      ]),
    ),
});
samplerOf.inject = tokens(commonTokens.options);

export const strykerPlugins = [declareFactoryPlugin(PluginKind.Checker, 'sample', samplerOf)];
