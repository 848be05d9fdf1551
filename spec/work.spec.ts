/** How labelling is cut into jobs, and how choices are listed. */
import { alternatives } from '../src/dataset/alternatives.ts';
import { batches, threadsFor, unitsPerJob } from '../src/dataset/work.ts';
import { verify } from './law.ts';
import { jobsAreTheUnits, jobsTakeThreeTenths, threadsStartForLongWork, wordsAreListed } from './laws/work.ts';

verify(jobsTakeThreeTenths, unitsPerJob, {
  'no unit at all': (seconds) => Math.round(0.3 / seconds),
  'half as long': (seconds) => unitsPerJob(2 * seconds),
  'cut, not rounded': (seconds) => Math.max(1, Math.floor(0.3 / seconds)),
});

verify(jobsAreTheUnits, batches, {
  'one job': (units) => [units],
  'one unit a job': (units) => units.map((unit) => [unit]),
  'the rest is left out': (units, seconds) => batches(units, seconds).slice(0, -1),
});

verify(threadsStartForLongWork, threadsFor, {
  'always all': (threads) => threads,
  'from two seconds on': (threads, seconds) => (seconds >= 2 ? threads : 1),
});

verify(wordsAreListed, alternatives, {
  'commas alone': (words) => words.join(', '),
  'every comma is an or': (words) => words.join(' or '),
});
