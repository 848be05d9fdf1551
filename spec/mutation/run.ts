/**
 * Mutates a sample of one room and counts what its laws kill: `npm run mutation -- --room program --sample 0.1 --seed 1`.
 * A run that was cut off goes on where it stopped. Writes `results/mutation.json` and `results/mutation.md`.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';

import type { PartialStrykerOptions } from '@stryker-mutator/api/core';
import { Stryker } from '@stryker-mutator/core';
import type { z } from 'zod';

import { isRoom, rooms } from './rooms.ts';
import {
  equivalentsSchema,
  scoreOf,
  scoresMarkdown,
  scoresSchema,
  type MutantResult,
  type RoomScore,
} from './score.ts';

const root = join(import.meta.dirname, '../..');
const results = join(root, 'results');

const refuse = (message: string): never => {
  console.error(message);
  return process.exit(2);
};

const { values } = parseArgs({
  options: {
    room: { type: 'string' },
    sample: { type: 'string', default: '0.1' },
    seed: { type: 'string', default: '1' },
  },
});
const room = values.room ?? '';
const fraction = Number(values.sample);
const seed = Number(values.seed);

if (!isRoom(room)) {
  refuse(`expected --room to be one of ${Object.keys(rooms).join(', ')}, got "${room}"; name one`);
}
if (!(fraction > 0 && fraction <= 1) || !Number.isSafeInteger(seed)) {
  refuse(`expected --sample in (0, 1] and an integer --seed, got ${values.sample} and ${values.seed}; give both so`);
}

const read = async <A>(name: string, schema: z.ZodType<A>, absent: string): Promise<A> =>
  schema.parse(JSON.parse(await readFile(join(results, name), 'utf8').catch(() => absent)));

process.env['EFNN_MUTATED_ROOM'] = room;
await mkdir(join(root, 'reports/mutation'), { recursive: true });

const options: PartialStrykerOptions = {
  mutate: [`src/${room}/**/*.ts`],
  testRunner: 'whole-files',
  vitest: { configFile: 'spec/mutation/vitest.config.mjs', related: true },
  plugins: ['./spec/mutation/whole-files.mjs', './spec/mutation/sample.mjs'],
  checkers: ['sample'],
  sample: { fraction, seed },
  coverageAnalysis: 'off',
  // The wording of messages is nobody's law.
  mutator: { excludedMutations: ['StringLiteral'] },
  // One of them hands out the sample, which takes no time.
  concurrency: 3,
  timeoutMS: 120_000,
  dryRunTimeoutMinutes: 30,
  incremental: true,
  incrementalFile: `reports/mutation/${room}-${fraction}-${seed}.json`,
  ignorePatterns: ['reports', 'efnn-report', 'coverage'],
  reporters: ['clear-text', 'progress-append-only'],
  clearTextReporter: { logTests: false, allowColor: false, reportTests: false, reportMutants: false },
  tempDirName: 'reports/.stryker',
  // The plugin of the sample reads its own option.
  warnings: false,
};

/** What no test met was killed by none. */
const statuses: Readonly<Record<string, MutantResult['status']>> = {
  Killed: 'Killed',
  Timeout: 'Timeout',
  Survived: 'Survived',
  NoCoverage: 'Survived',
};

const outcomes = await new Stryker(options).runMutationTest();
const ran = outcomes.flatMap(({ fileName, location, mutatorName, replacement, status }): readonly MutantResult[] => {
  const known = statuses[status];
  return known === undefined
    ? []
    : [
        {
          file: relative(root, fileName),
          line: location.start.line,
          mutator: mutatorName,
          replacement,
          status: known,
        },
      ];
});

const equivalents = await read('mutation-equivalents.json', equivalentsSchema, '[]');
const before: Readonly<Record<string, RoomScore>> = await read('mutation.json', scoresSchema, '{}');
const scores = { ...before, [room]: scoreOf({ fraction, seed }, ran, equivalents) };
await writeFile(join(results, 'mutation.json'), `${JSON.stringify(scores, null, 2)}\n`);
await writeFile(join(results, 'mutation.md'), scoresMarkdown(Object.keys(rooms), scores));
