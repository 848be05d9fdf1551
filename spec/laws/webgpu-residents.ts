/** What trainings on a GPU keep where, how often they ask for something, and how they end. */
import fc from 'fast-check';
import { isLeft } from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { Backend, BackendError } from '../../src/backend/backend.ts';
import { constant, inputField, record, scale } from '../../src/program/expression.ts';
import { network, networkProgram } from '../../src/network/network.ts';
import { initialWeights } from '../../src/network/initial-weights.ts';
import { adam } from '../../src/training/adam.ts';
import type { LabelledSamples } from '../../src/training/batch.ts';
import {
  initialTraining,
  residentTraining,
  type ResidentTraining,
  type TrainingState,
} from '../../src/training/train.ts';
import { smallIntegers } from '../arbitraries/program.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';

/** How often a device was asked for a buffer, to run commands, and to hand numbers back. */
export interface Counts {
  readonly buffers: number;
  /** Of the buffers, those that were given back. */
  readonly destroyed: number;
  readonly submits: number;
  readonly readbacks: number;
}

/** A device that counts, and what it has counted so far. */
export interface CountingDevice {
  readonly device: GPUDevice;
  readonly counts: () => Counts;
}

const boundTo = (target: object, key: string | symbol): unknown => {
  const value: unknown = Reflect.get(target, key, target);
  return typeof value === 'function'
    ? (...all: readonly unknown[]): unknown => Reflect.apply(value, target, all)
    : value;
};

/** A device that does what another does, but for these of its properties. */
export const changedDevice = (device: GPUDevice, changes: Readonly<Record<string, unknown>>): GPUDevice =>
  new Proxy(device, {
    get: (target, key) => (typeof key === 'string' ? changes[key] : undefined) ?? boundTo(target, key),
  });

/** A device that does what another does, and counts. */
export const counting = (device: GPUDevice): CountingDevice => {
  const counted = new Map<keyof Counts, number>();
  const count = (what: keyof Counts): void => {
    counted.set(what, (counted.get(what) ?? 0) + 1);
  };
  const queue = new Proxy(device.queue, {
    get: (target, key) => {
      if (key === 'submit') {
        count('submits');
      }
      return boundTo(target, key);
    },
  });
  const createBuffer = (descriptor: GPUBufferDescriptor): GPUBuffer => {
    count('buffers');
    const buffer = device.createBuffer(descriptor);
    const mapAsync = buffer.mapAsync.bind(buffer);
    const destroy = buffer.destroy.bind(buffer);
    const isThere = new Set([buffer]);
    Object.defineProperty(buffer, 'destroy', {
      value: () => {
        if (isThere.delete(buffer)) {
          count('destroyed');
        }
        destroy();
      },
    });
    Object.defineProperty(buffer, 'mapAsync', {
      value: async (...range: Parameters<GPUBuffer['mapAsync']>) => {
        count('readbacks');
        return mapAsync(...range);
      },
    });
    return buffer;
  };
  const of = (what: keyof Counts): number => counted.get(what) ?? 0;
  return {
    device: changedDevice(device, { queue, createBuffer }),
    counts: () => ({
      ...{ buffers: of('buffers'), destroyed: of('destroyed') },
      ...{ submits: of('submits'), readbacks: of('readbacks') },
    }),
  };
};

const [latticeSize, count] = [4, 12] as const;

const numbers = (seed: number, length: number): Float64Array =>
  Float64Array.from(smallIntegers(seed, length), (n) => n / 4);

const samplesOf = (seed: number): LabelledSamples => ({
  count,
  latticeSize,
  spins: numbers(seed, count * 3 * latticeSize * latticeSize),
  energies: numbers(seed + 1, count),
  forces: null,
});

const program = right(
  networkProgram(network('efnn', { tag: 'lattice', channels: 2, layers: 1, kernel: 3, pairHead: false })),
);

/** The program y = 2 x. */
export const doubled = record({ y: scale(constant(2))(inputField('x', 1, 1)) });

/** The state before the first epoch of the training with a seed. */
export const startOf = (seed: number): TrainingState => initialTraining(initialWeights(seed)(program));

/** A small training, some steps in an epoch. */
export const trainingOn = (backend: Backend, seed: number, batch: number): TaskEither<BackendError, ResidentTraining> =>
  residentTraining(backend, {
    epochs: 4,
    batch,
    schedule: { tag: 'decay', rate: 1e-2, factor: 1, every: 1 },
    adam,
    loss: { weight: 1, forceWeight: null },
    seed: 1,
    frozen: [],
  })(program, [samplesOf(seed)], startOf(seed));

/** A backend on a device that counts. */
export interface CountedBackend {
  readonly backend: Backend;
  readonly counts: () => Counts;
}

interface Epochs {
  readonly seed: number;
  readonly batch: number;
}

const epochs: fc.Arbitrary<Epochs> = fc.record({
  seed: fc.nat(999),
  batch: fc.constantFrom(3, 4, 6),
});

export const stepsAskForLittle: Law<CountedBackend, Epochs> = {
  statement:
    'after its first step a training makes no buffer, and each step is one submission and one readback at most; the state is one more for each epoch',
  cases: epochs,
  runs: 4,
  holds:
    ({ backend, counts }) =>
    async ({ seed, batch }) => {
      const training = right(await trainingOn(backend, seed, batch)());
      const first = right(await training.epoch(startOf(seed))());
      const before = counts();
      right(await training.epoch(first)());
      const after = counts();
      training.release();
      const steps = count / batch;
      return (
        after.buffers === before.buffers &&
        after.submits - before.submits <= steps + 1 &&
        after.readbacks - before.readbacks <= steps + 1 &&
        after.submits > before.submits
      );
    },
};

const left = ({ buffers, destroyed }: Counts): number => buffers - destroyed;

/** A release waits for its turn, which begins when all that is under way has ended. */
const turnsAreOver = async (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, 0));

export const releasesLeaveNothing: Law<CountedBackend, Epochs> = {
  statement: 'a training that was released has left no buffer but those that all programs on a device share',
  cases: epochs,
  runs: 2,
  holds:
    ({ backend, counts }) =>
    async ({ seed, batch }) => {
      const released = async (): Promise<number> => {
        const training = right(await trainingOn(backend, seed, batch)());
        right(await training.epoch(startOf(seed))());
        training.release();
        await turnsAreOver();
        return left(counts());
      };
      const shared = await released();
      return shared > 0 && (await released()) === shared && (await released()) === shared;
    },
};

export const failuresLeaveNothing: Law<CountedBackend, Epochs> = {
  statement: 'a training that finds no memory on its device is an error, and leaves no buffer there',
  cases: epochs,
  runs: 2,
  holds:
    ({ backend, counts }) =>
    async ({ seed, batch }) => {
      const before = counts();
      const training = await trainingOn(backend, seed, batch)();
      return isLeft(training) && counts().buffers > before.buffers && left(counts()) === 0;
    },
};

/** What a device may object to, the most telling first. */
const objections = ['out-of-memory', 'internal', 'validation'] as const;

type Objections = readonly (typeof objections)[number][];

/** A device that objects to whatever is done with it. */
const objecting = (device: GPUDevice, all: Objections): GPUDevice => {
  const open = new Array<string>();
  return changedDevice(device, {
    pushErrorScope: (filter: GPUErrorFilter) => {
      open.push(filter);
      device.pushErrorScope(filter);
    },
    popErrorScope: async () => {
      const filter = open.pop();
      const own = await device.popErrorScope();
      return all.some((one) => one === filter) ? { message: `it is ${filter}` } : own;
    },
  });
};

/** A word of the advice that an objection calls for, which no other has. */
const called = { 'out-of-memory': 'smaller batches', internal: 'driver', validation: 'report' } as const;

/** A backend on a device that objects. */
export interface Objected {
  readonly device: GPUDevice;
  readonly backendOn: (device: GPUDevice) => Backend;
}

export const objectionsAreAdvised: Law<Objected, Objections> = {
  statement:
    'what a device objects to is told with advice for this objection alone; where it objects to several things, of the first: memory, ' +
    'itself, what it was asked',
  cases: fc.subarray([...objections], { minLength: 1 }),
  runs: 7,
  holds:
    ({ device, backendOn }) =>
    async (all) => {
      const { run } = right(await backendOn(objecting(device, all)).compile(doubled)());
      const said = await run({ parameters: {}, inputs: { x: Float64Array.of(3) }, latticeSize: 1, batch: 1 })();
      const [first] = all;
      return (
        isLeft(said) &&
        said.left.message.includes(`it is ${first}`) &&
        objections.every((one) => said.left.message.includes(called[one]) === (one === first))
      );
    },
};

/** Two backends of one kind: one that is lost in the middle of a training, and one that goes on. */
export interface LosingBackends {
  readonly lost: Backend;
  readonly lose: () => Promise<unknown>;
  readonly other: Backend;
}

/** All numbers of a state. */
const shown = (state: TrainingState): string =>
  JSON.stringify([
    state.epoch,
    state.loss,
    state.adam.step,
    ...[state.adam.weights, state.adam.firstMoment, state.adam.secondMoment].map((arrays) =>
      Object.entries(arrays).map(([name, values]) => [name, ...values]),
    ),
  ]);

export const lostTrainingsGoOn: Law<() => Promise<LosingBackends>, number> = {
  statement:
    'a training whose device is lost is an error that says how to go on, and another device goes on from the last state to the same bits',
  cases: fc.nat(999),
  runs: 1,
  holds: (backends) => async (seed) => {
    const { lost, lose, other } = await backends();
    const whole = right(await trainingOn(other, seed, 4)());
    const afterFirst = right(await whole.epoch(startOf(seed))());
    const end = right(await whole.epoch(afterFirst)());
    whole.release();

    const interrupted = right(await trainingOn(lost, seed, 4)());
    const checkpoint = right(await interrupted.epoch(startOf(seed))());
    await lose();
    const said = await interrupted.epoch(checkpoint)();
    interrupted.release();

    const resumed = right(await trainingOn(other, seed, 4)());
    const resumedEnd = right(await resumed.epoch(checkpoint)());
    resumed.release();
    return (
      isLeft(said) &&
      ['lost', 'last state', '--resume'].every((word) => said.left.message.includes(word)) &&
      shown(resumedEnd) === shown(end)
    );
  },
};
