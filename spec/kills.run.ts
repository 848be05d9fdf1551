/**
 * `npm run kills -- --rounds 200 --seed 1`: kills each long command so many times in all, says what became of it, and
 * writes that to `results/kills.json`. `--command train` asks for one of them, and writes nothing.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { killables, killed } from './kills.ts';

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
    return { name: one.name, command: one.command, ...outcome };
  }),
);
if (values.command === undefined) {
  const kills = found.reduce((sum, one) => sum + one.kills, 0);
  const results = { node: process.version, seed, kills, commands: found };
  await writeFile(join(import.meta.dirname, '..', 'results', 'kills.json'), `${JSON.stringify(results, null, 2)}\n`);
}
process.exitCode = found.some(({ faults }) => faults.length > 0) ? 1 : 0;
