/**
 * `npm run kills -- --rounds 200 --seed 1`: kills the long commands so many times in all, says what became of them, and
 * writes that to `results/kills.json`. `--command train` asks for one of them, whose row alone is written anew.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';

import { z } from 'zod';

import { killables, killed, type Killable } from './kills.ts';

const rowSchema = z.object({
  name: z.string(),
  command: z.string(),
  node: z.string(),
  seed: z.number(),
  endings: z.number(),
  kills: z.number(),
  faults: z.array(z.string()),
});

/** What is killed: a command of efnn, or a program of its own with its argument. */
const commandOf = ({ program, command }: Killable): string =>
  program === undefined ? command : `${basename(program)} ${command}`;

const { values } = parseArgs({
  options: { rounds: { type: 'string' }, seed: { type: 'string' }, command: { type: 'string' } },
});
const [rounds, seed] = [Number(values.rounds ?? 30), Number(values.seed ?? Date.now() % 1e6)];
const chosen = killables.filter(({ name }) => values.command === undefined || name === values.command);

if (chosen.length === 0) {
  console.error(`expected --command ${killables.map(({ name }) => name).join(', ')}, got ${String(values.command)}`);
  process.exit(2);
}

console.log(`seed ${seed}`);
// Side by side: each command has folders of its own, and is killed by its own work, not by the clock.
const found = await Promise.all(
  chosen.map(async (one) => {
    const outcome = await killed(one, Math.ceil(rounds / chosen.length), seed);
    console.log(`${one.name}: killed ${outcome.kills} times, ended ${outcome.endings} times`);
    outcome.faults.forEach((fault) => {
      console.log(`  ${fault}`);
    });
    return { name: one.name, command: commandOf(one), node: process.version, seed, ...outcome };
  }),
);
const place = join(import.meta.dirname, '..', 'results', 'kills.json');
const before = z.object({ commands: z.array(rowSchema) }).parse(JSON.parse(await readFile(place, 'utf8'))).commands;
// Rows of commands that were not asked for stay as they were found, with their own seed.
const commands = killables.flatMap(({ name }) => [...found, ...before].find((one) => one.name === name) ?? []);
const kills = commands.reduce((sum, one) => sum + one.kills, 0);
await writeFile(place, `${JSON.stringify({ kills, commands }, null, 2)}\n`);
process.exitCode = found.some(({ faults }) => faults.length > 0) ? 1 : 0;
