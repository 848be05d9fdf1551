/**
 * A reproduction of seconds, to be killed: the jobs of Fig. 4c at a preset of its own. It makes labels, fits the pair head and
 * trains one network, by the functions that `efnn reproduce` uses, with a checkpoint every half second.
 */
import { join } from 'node:path';

import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';

import { settle } from '../scripts/exit.ts';
import { watchSignals } from '../scripts/interruption.ts';
import { withLock } from '../scripts/lock.ts';
import { openFolder } from '../scripts/reproduction/folder.ts';
import { outcomesOf } from '../scripts/reproduction/jobs.ts';
import { labelsIn } from '../scripts/reproduction/labels.ts';
import { jobsFor } from '../src/study/job.ts';
import { presets, type Preset } from '../src/study/preset.ts';

const small: Preset = {
  ...presets.quick,
  doubleExchange: {
    sampler: 'sphere',
    train: { size: 6, samples: 400 },
    tests: [{ size: 6, samples: 60 }],
    trainings: [{ architecture: 'efnn', channels: 1, layers: 1, kernel: 5, pairHead: true, seed: 1 }],
    plan: (run) => ({ ...presets.quick.doubleExchange.plan(run), epochs: 150 }),
  },
};

const jobs = jobsFor(small, ['4c']).flatMap((job) => (job.tag === 'speed' ? [] : [job]));

const out = process.argv[2] ?? 'report';

watchSignals();
await settle(
  pipe(
    openFolder(out, 'the same program'),
    TE.chain((folder) =>
      withLock(join(out, 'results.json'))(
        pipe(
          folder.clear,
          TE.chainW(() =>
            outcomesOf(
              folder,
              { backend: { name: 'wasm', threads: 1 }, threads: 1, order: small.order, checkpointSeconds: 0.5 },
              labelsIn(folder, 1),
            )(jobs),
          ),
        ),
      ),
    ),
    TE.map(() => undefined),
  ),
);
