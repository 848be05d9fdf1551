/**
 * `npm run fuzz -- --files 1000000 --seed 1 --out results/fuzz.json`: mutated files for every reader, under a watch. What was
 * found is printed, and written where a file is named; `--first 734223 --files 1` reads that one file again.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { promised, watched } from './fuzz-watch.ts';
import { targets } from './fuzz.ts';

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: `${Date.now() % 2 ** 31}` },
    first: { type: 'string', default: '0' },
    out: { type: 'string' },
  },
});
const [count, seed, first] = [Number(values.files), Number(values.seed), Number(values.first)];
console.log(
  `${count} files from ${first} on, seed ${seed} (npm run fuzz -- --seed ${seed} --first I --files 1 reads one)`,
);
const { faults, slowestMilliseconds } = await watched(
  new URL('fuzz.ts', import.meta.url),
  { seed, first, count },
  promised,
);
const figures = {
  node: process.version,
  files: count,
  seed,
  readers: targets.map(({ name }) => name),
  faults: faults.slice(0, 20),
  slowestMilliseconds,
  memoryMebibytes: Math.ceil(process.resourceUsage().maxRSS / 1024),
};
console.log(JSON.stringify(figures, null, 2));
if (values.out !== undefined) {
  writeFileSync(values.out, `${JSON.stringify(figures, null, 2)}\n`);
}
// Memory that was used and given back between two looks of the watch.
const isTooMuch = figures.memoryMebibytes * 2 ** 20 > promised.memoryBytes;
process.exitCode = faults.length === 0 && !isTooMuch ? 0 : 1;
