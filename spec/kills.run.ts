/** `npm run kills -- --rounds 200 --seed 1`: kills each long command so many times in all, and says what became of it. */
import { parseArgs } from 'node:util';

import { killables, killed } from './kills.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string' }, seed: { type: 'string' } } });
const [rounds, seed] = [Number(values.rounds ?? 30), Number(values.seed ?? Date.now() % 1e6)];

console.log(`seed ${seed}`);
for (const one of killables) {
  const { kills, endings, different } = await killed(one, Math.ceil(rounds / killables.length), seed);
  console.log(
    `${one.name}: killed ${kills} times, ended ${endings} times, other bytes or a failure ${different} times`,
  );
  process.exitCode = different > 0 ? 1 : process.exitCode;
}
