/**
 * `npm run crashes -- CUTS SEED OUT.json`: a million power cuts of a journal on a simulated disk, from a seed that is
 * printed; what was found is written where a file is named.
 */
import { writeFileSync } from 'node:fs';

import { contents, entry, keeping, opening, wholeLength } from '../src/provenance/journal.ts';
import { digest } from './arbitraries/runs.ts';
import { chanceOf, firstLoss } from './laws/journal.ts';

const [, , cutsText = '1000000', seedText = `${Date.now() % 2 ** 31}`, out] = process.argv;
const [cuts, seed] = [Number(cutsText), Number(seedText)];
const program = {
  opening,
  keeping,
  entry: (content: Uint8Array) => entry(digest, content),
  contents: (journal: Uint8Array) => contents(digest, journal),
  wholeLength,
};
console.log(`${cuts} power cuts, seed ${seed} (npm run crashes -- ${cuts} ${seed} repeats them)`);
const loss = firstLoss(program, cuts, chanceOf(seed));
console.log(
  loss === null ? 'nothing acknowledged was lost, nothing wrong was believed' : `the law broke at power cut ${loss}`,
);
if (out !== undefined) {
  writeFileSync(out, `${JSON.stringify({ cuts, seed, firstLoss: loss }, null, 2)}\n`);
}
process.exitCode = loss === null ? 0 : 1;
