/** The command `train` on a GPU that is lost in the middle: it ends with a reason, and the same command goes on with --resume. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type * as Webgpu from 'webgpu';

import { checkpointPath } from '../src/training/checkpoint.ts';
import { captured, type Captured } from './captured.ts';
import { gpu, hasNoAdapter } from './gpu.ts';
import { verify, type Law } from './law.ts';
import { changedDevice } from './laws/webgpu-residents.ts';

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

/** Trains on a GPU that is lost after so many submissions. */
type Train = (most: number, rest: string) => Promise<Captured>;

const epochs = 3;

const train: Train = (most, rest) => {
  use.submits = 0;
  use.most = most;
  return efnn(
    `train --model efnn --layers 1 --neurons 2 --backend webgpu --data @data.npz --batch 20 --epochs ${epochs} ${rest}`,
  );
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
});
