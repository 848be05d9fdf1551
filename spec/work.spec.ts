/** How labelling is cut into jobs, and how choices are listed. */
import { alternatives } from '../src/dataset/alternatives.ts';
import { batches, threadsFor, unitsPerJob } from '../src/dataset/work.ts';
import { referenceRecipe, secondsPerSample } from '../src/dataset/recipe.ts';
import { secondsOf } from '../src/provenance/run.ts';
import { verify } from './law.ts';
import {
  checksAreCosted,
  jobsAreTheUnits,
  jobsTakeAsLongAsTheirStart,
  jobsTakeThreeTenths,
  threadsStartForLongWork,
  wordsAreListed,
} from './laws/work.ts';

verify(jobsTakeThreeTenths, unitsPerJob, {
  'no unit at all': (seconds) => Math.round(0.3 / seconds),
  'half as long': (seconds) => unitsPerJob(2 * seconds),
  'cut, not rounded': (seconds) => Math.max(1, Math.floor(0.3 / seconds)),
});

verify(jobsTakeAsLongAsTheirStart, unitsPerJob, {
  'however long its start': (seconds) => unitsPerJob(seconds),
  'as long beside its start': (seconds, preparation = 0) => unitsPerJob(seconds, preparation + 0.3),
});

verify(jobsAreTheUnits, batches, {
  'one job': (units) => [units],
  'one unit a job': (units) => units.map((unit) => [unit]),
  'the rest is left out': (units, seconds) => batches(units, seconds).slice(0, -1),
});

verify(threadsStartForLongWork, threadsFor, {
  'always all': (threads) => threads,
  'from two seconds on': (threads, seconds) => (seconds >= 2 ? threads : 0),
  'one thread is this one': (threads, seconds) => (threads === 1 ? 0 : threadsFor(threads, seconds)),
});

verify(checksAreCosted, secondsOf, {
  'checks are free': (run, configurations) =>
    secondsOf({ ...run, part: { ...run.part, checks: null } }, configurations),
  'checks cost their share': ({ recipe, part }, configurations) =>
    secondsOf({ recipe, part: { ...part, checks: null } }, configurations) +
    (part.checks === null ? 0 : (configurations / part.checks.every) * secondsPerSample(referenceRecipe(recipe))),
  'couplings are there': ({ recipe }, configurations) => configurations * secondsPerSample(recipe),
});

verify(wordsAreListed, alternatives, {
  'commas alone': (words) => words.join(', '),
  'every comma is an or': (words) => words.join(' or '),
});
