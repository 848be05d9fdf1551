/**
 * `npm run kills -- --rounds 200 --seed 1`: kills each long command so many times in all, says what became of it, and
 * writes that to `results/kills.json`. `--command train` asks for one of them, and writes nothing.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { killables, killed, type Killed } from './kills.ts';

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
const found = new Array<Killed & { readonly command: string }>();
for (const one of chosen) {
  const outcome = await killed(one, Math.ceil(rounds / chosen.length), seed);
  found.push({ command: one.command, ...outcome });
  console.log(`${one.name}: killed ${outcome.kills} times, ended ${outcome.endings} times`);
  outcome.faults.forEach((fault) => {
    console.log(`  ${fault}`);
  });
}
if (values.command === undefined) {
  const results = { node: process.version, seed, commands: found };
  await writeFile(join(import.meta.dirname, '..', 'results', 'kills.json'), `${JSON.stringify(results, null, 2)}\n`);
}
process.exitCode = found.some(({ faults }) => faults.length > 0) ? 1 : 0;
