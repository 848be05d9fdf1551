/**
 * The command `train` and the jobs of `reproduce` on a GPU that is lost in the middle: they end with a reason, and go on from
 * the last epoch that had ended.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type * as Webgpu from 'webgpu';

import { openFolder } from '../scripts/reproduction/folder.ts';
import { outcomesOf } from '../scripts/reproduction/jobs.ts';
import { sha256 } from '../scripts/sha256.ts';
import { recipeOf } from '../src/dataset/recipe.ts';
import { sample } from '../src/lattice/sampler.ts';
import type { LabelsJob, LatticeJob } from '../src/study/job.ts';
import { checkpointPath, readCheckpoint } from '../src/training/checkpoint.ts';
import { labelledBy, shortPlan, smallNetwork } from './arbitraries/trainings.ts';
import { captured, type Captured } from './captured.ts';
import { gpu, hasNoAdapter } from './gpu.ts';
import { verify, type Law } from './law.ts';
import { changedDevice } from './laws/webgpu-residents.ts';
import { right } from './right.ts';

vi.setConfig({ testTimeout: 300_000 });

/** What devices have been asked to do, and after how many submissions the one that does it is lost. */
const use = vi.hoisted(() => ({ submits: 0, most: Infinity }));

/** A device that is destroyed after its last submission, as by a driver that is reset. */
const losing = (device: GPUDevice): GPUDevice =>
  changedDevice(device, {
    queue: new Proxy(device.queue, {
      get: (target, key) => {
        if (key === 'submit') {
          return (commands: readonly GPUCommandBuffer[]) => {
            target.submit(commands);
            use.submits += 1;
            if (use.submits === use.most) {
              device.destroy();
            }
          };
        }
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === 'function'
          ? (...all: readonly unknown[]): unknown => Reflect.apply(value, target, all)
          : value;
      },
    }),
  });

vi.mock('webgpu', async (original) => {
  const { create, ...others } = await original<typeof Webgpu>();
  return {
    ...others,
    create: (flags: string[]) => {
      const adapters = create(flags);
      return {
        requestAdapter: async () => {
          const adapter = await adapters.requestAdapter();
          return adapter === null
            ? null
            : {
                ...{ limits: adapter.limits, info: adapter.info },
                requestDevice: async (descriptor?: GPUDeviceDescriptor) =>
                  losing(await adapter.requestDevice(descriptor)),
              };
        },
      };
    },
  };
});

/** Each look at the clock is so many seconds after the one before: with 11 each epoch leaves a checkpoint, with 0 none does. */
const clock = { seconds: 0, step: 11 };
vi.spyOn(performance, 'now').mockImplementation(() => {
  clock.seconds += clock.step;
  return 1000 * clock.seconds;
});

const folder = await mkdtemp(join(tmpdir(), 'efnn-lost-device-'));

afterAll(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

const efnn = (args: string): Promise<Captured> => captured(args.replaceAll('@', `${folder}/`).split(' '));

/** The epochs of all trainings here. */
const epochs = 3;

/** Trains on a GPU that is lost after so many submissions. */
type Train = (most: number, rest: string) => Promise<Captured>;

const train: Train = (most, rest) => {
  use.submits = 0;
  use.most = most;
  return efnn(
    `train --model efnn --layers 1 --neurons 2 --backend webgpu --data @data.npz --batch 20 --epochs ${epochs} ${rest}`,
  );
};

const samples = labelledBy(Array.from({ length: 12 }, (_, i) => sample('sphere')(3, 1, i)));

const labels: LabelsJob = {
  tag: 'labels',
  recipe: right(recipeOf({ system: 'double-exchange', size: 3, seed: 3, forces: true })),
  range: { first: 0, count: 12 },
};

const lattice: LatticeJob = {
  ...{ tag: 'lattice', network: { ...smallNetwork, energyShift: 0 }, plan: { ...shortPlan, epochs } },
  ...{ train: labels, tests: [labels] },
};

/** What a job of a reproduction leaves. */
interface Left {
  /** Why it failed; null where it did not. */
  readonly failure: string | null;
  /** The epochs of the checkpoint that lies there; null where none does. */
  readonly reached: number | null;
  readonly model: Buffer | null;
}

/**
 * Does a training of a reproduction in a folder, on a GPU that is lost after so many submissions; `seconds` lie between
 * two checkpoints.
 */
type Reproduce = (place: string, most: number, seconds: number) => Promise<Left>;

const reproduce: Reproduce = async (place, most, checkpointSeconds) => {
  use.submits = 0;
  use.most = most;
  const into = right(await openFolder(join(folder, place), 'this program')());
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const ended = await outcomesOf(
    into,
    { backend: { name: 'webgpu', threads: 1 }, threads: 1, order: 'most telling first', checkpointSeconds },
    () => TE.right(() => samples),
  )([lattice])();
  stderr.mockRestore();
  const [checkpoint, model] = await Promise.all(
    ['checkpoints', 'models'].map(async (kind) => {
      const names = await readdir(join(into.path, kind));
      const name = names.find((one) => one.endsWith('.safetensors'));
      return name === undefined ? null : readFile(join(into.path, kind, name));
    }),
  );
  return {
    failure: E.isLeft(ended) ? ended.left.message : null,
    reached: checkpoint ? right(readCheckpoint(sha256)(checkpoint)).state.epoch : null,
    model: model ?? null,
  };
};

describe.skipIf(hasNoAdapter)('on an adapter (skipped where there is none: see VK_ICD_FILENAMES)', async () => {
  it('has an adapter', async () => {
    expect(await gpu.requestAdapter()).not.toBeNull();
  });
  if (hasNoAdapter) {
    return;
  }
  await efnn('generate three-spin-binary --samples 40 --seed 2 --out @data.npz');
  const whole = await train(Infinity, '--out @whole.st');
  const [asked, model] = [use.submits, await readFile(join(folder, 'whole.st'))];
  expect([whole.code, asked > epochs]).toEqual([0, true]);

  const lostTrainingsAreResumed: Law<Train, number> = {
    statement:
      'a training whose device is lost after its first epoch ends with code 1, says how to go on, and with --resume does so to the same model from the last ' +
      'epoch that had ended, be it long after a checkpoint was due or before one was',
    // The first submission answers the known question; the first epoch has no more than its share of the others, and one.
    cases: fc.integer({ min: 2 + Math.ceil((asked - 1) / epochs), max: asked - 1 }),
    runs: 2,
    holds: (training) => {
      const isResumed = async (most: number, step: number): Promise<boolean> => {
        clock.step = step;
        // A model that is there is what --resume would end with at once.
        await Promise.all(['lost.st', 'lost.st.manifest.json'].map((name) => rm(join(folder, name), { force: true })));
        const lost = await training(most, '--overwrite --out @lost.st');
        const resumed = await training(Infinity, '--resume --out @lost.st');
        return (
          lost.code === 1 &&
          /^(.*\n)*efnn: expected a GPU that stays, got one that was lost .*--resume\n$/.test(lost.stderr) &&
          resumed.code === 0 &&
          use.submits < asked &&
          (await readFile(join(folder, 'lost.st'))).equals(model)
        );
      };
      return async (most) => (await isResumed(most, 11)) && isResumed(most, 0);
    },
  };

  verify(lostTrainingsAreResumed, train, {
    'no checkpoint is left where none was due': async (most, rest) => {
      const found = await train(most, rest);
      await (clock.step === 0 && found.code === 1
        ? rm(checkpointPath(join(folder, 'lost.st')), { force: true })
        : null);
      return found;
    },
    'no device is lost': (_, rest) => train(Infinity, rest),
    'the training begins again': (most, rest) => train(most, rest.replace('--resume', '--overwrite')),
    'it goes on with another seed': (most, rest) => train(most, rest.replace('--resume', '--resume --seed 2')),
    'the loss is no failure': async (most, rest) => ({ ...(await train(most, rest)), code: 0 }),
  });

  const finished = await reproduce('finished', Infinity, 0);
  const reproduced = use.submits;
  expect([finished.failure, finished.reached]).toEqual([null, null]);

  /** The submissions of an epoch and those before the first and after the last are no more than this. */
  const anEpoch = 1 + Math.ceil(reproduced / epochs);

  const lostJobsAreResumed: Law<Reproduce, number> = {
    statement:
      'a reproduction whose device is lost after the first epoch of a job ends with a reason and leaves a checkpoint of the last epoch that had ended, ' +
      'be one due or not; the next call goes on from there to the same model, and takes the checkpoint away',
    cases: fc.integer({ min: anEpoch, max: reproduced - 1 }),
    runs: 2,
    holds: (job) => {
      const isResumed = async (most: number, seconds: number): Promise<boolean> => {
        await rm(join(folder, 'lost'), { recursive: true, force: true });
        const lost = await job('lost', most, seconds);
        const resumed = await job('lost', Infinity, seconds);
        return (
          lost.failure?.startsWith('expected a GPU that stays, got one that was lost') === true &&
          lost.reached !== null &&
          lost.reached >= Math.floor(most / anEpoch) &&
          use.submits < reproduced &&
          [resumed.failure, resumed.reached].every((one) => one === null) &&
          resumed.model !== null &&
          finished.model?.equals(resumed.model) === true
        );
      };
      return async (most) => (await isResumed(most, 0)) && isResumed(most, Infinity);
    },
  };

  verify(lostJobsAreResumed, reproduce, {
    'no checkpoint is left where none was due': async (place, most, seconds) => {
      const left = await reproduce(place, most, seconds);
      if (seconds === Infinity && left.failure !== null) {
        await rm(join(folder, place, 'checkpoints'), { recursive: true });
      }
      return left;
    },
    'no device is lost': (place, _, seconds) => reproduce(place, Infinity, seconds),
    'it begins again': async (place, most, seconds) => {
      await rm(join(folder, place), { recursive: true, force: true });
      return reproduce(place, most, seconds);
    },
    'the loss is no failure': async (place, most, seconds) => ({
      ...(await reproduce(place, most, seconds)),
      failure: null,
    }),
    'the checkpoint stays': async (place, most, seconds) => ({
      ...(await reproduce(place, most, seconds)),
      reached: epochs,
    }),
  });
});
