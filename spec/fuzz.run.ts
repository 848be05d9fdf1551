/** Runs the fuzzer: `npm run fuzz -- FILES SEED OUT.json`; what was found is printed, and written where a file is named. */
import { writeFileSync } from 'node:fs';

import { faultOf, mutated, targets } from './fuzz.ts';
import { chanceOf } from './laws/journal.ts';

const [, , filesText = '1000000', seedText = `${Date.now() % 2 ** 31}`, out] = process.argv;
const [files, seed] = [Number(filesText), Number(seedText)];
console.log(`${files} files, seed ${seed} (npm run fuzz -- ${files} ${seed} repeats them)`);
const chance = chanceOf(seed);
const reached = { slowest: 0, faults: new Array<string>() };
for (const index of Array.from({ length: files }).keys()) {
  const target = targets[index % targets.length];
  if (target !== undefined) {
    const bytes = mutated(target.file, chance);
    const start = performance.now();
    const fault = faultOf(target, bytes);
    reached.slowest = Math.max(reached.slowest, performance.now() - start);
    if (fault !== null) {
      reached.faults.push(`file ${index}, ${target.name}: ${fault}`);
    }
  }
}
const figures = {
  files,
  seed,
  readers: targets.map(({ name }) => name),
  faults: reached.faults.slice(0, 20),
  slowestMilliseconds: Math.ceil(reached.slowest),
  memoryMebibytes: Math.ceil(process.resourceUsage().maxRSS / 1024),
};
console.log(JSON.stringify(figures, null, 2));
if (out !== undefined) {
  writeFileSync(out, `${JSON.stringify(figures, null, 2)}\n`);
}
process.exitCode = reached.faults.length === 0 && reached.slowest < 2000 && figures.memoryMebibytes < 1024 ? 0 : 1;
