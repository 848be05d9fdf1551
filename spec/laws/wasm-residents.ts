/** What residents of the wasm backend take of memory, and what becomes of them where there is too little. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';

import type { Arrays, Backend, BackendError, Residency, Resident } from '../../src/backend/backend.ts';
import { compile } from '../../src/backend/wasm/compiled-program.ts';
import type { SharedModule } from '../../src/backend/wasm/shared-module.ts';
import { alone, type Team } from '../../src/backend/wasm/team.ts';
import {
  add,
  correlate,
  inputField,
  kernelGradient,
  parameterKernel,
  record,
  total,
} from '../../src/program/expression.ts';
import { smallIntegers, typed } from '../arbitraries/program.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';

const x = inputField('x', 1, 1);
const K = parameterKernel('K', 1, 1, 3);
const y = correlate(K)(x);
const program = typed(record({ loss: total(y), G: kernelGradient(3, x, y) }));
const update = record({ K: add(K, parameterKernel('G', 1, 1, 3)) });

const residencyOn = (size: number, batch: number, seed: number): Residency => {
  const numbers = new Float64Array(batch * size * size);
  const different = Float64Array.from(smallIntegers(seed, 997)).subarray(0, numbers.length);
  numbers.set(different);
  // Each copy doubles what there is.
  Array.from({ length: Math.ceil(Math.log2(numbers.length / different.length)) }).forEach((_, times) =>
    numbers.copyWithin(different.length * 2 ** times, 0, different.length * 2 ** times),
  );
  return {
    update,
    state: { K: Float64Array.from(smallIntegers(seed + 1, 9)) },
    latticeSize: size,
    data: { inputs: { x: numbers }, batch },
    observed: ['loss'],
  };
};

/** N of the lattice, where it does not matter. */
const size = 4;

/** Places among so many samples, near and far. */
const placesAmong = (batch: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => (index * 7919 + 11) % batch);

/** Makes a resident and takes a step on some places, and keeps the resident, which is then released. */
const makeStepRelease = async (
  backend: Backend,
  residency: Residency,
  places: readonly number[],
): Promise<{ readonly seen: Arrays; readonly state: Arrays; readonly kept: unknown }> => {
  const executable = right(await backend.compile(program)());
  const resident = right(await executable.resident(residency)());
  const loss = right(await resident.step({ samples: { places }, scalars: {} })());
  const seen = Object.fromEntries(Object.entries(loss).map(([name, numbers]) => [name, numbers.slice()]));
  const state = right(await resident.read());
  resident.release();
  return { seen, state, kept: { executable, resident } };
};

/** Bytes of the data of a resident in the memory of each of its two machines, and how many residents come and go. */
const [dataBytes, residentCount] = [2 ** 24, 8] as const;

setFlagsFromString('--expose-gc');
const collectGarbage: unknown = runInNewContext('gc');

/** Whether something comes true once garbage is collected, and threads have ended that were told to. */
const isSoon = async (holds: () => boolean): Promise<boolean> => {
  for (const _ of Array(40).keys()) {
    if (typeof collectGarbage === 'function') {
      Reflect.apply(collectGarbage, undefined, []);
    }
    if (holds()) {
      return true;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
};

export const releasesGiveMemoryBack: Law<Backend, number> = {
  statement: 'residents that are released hold no memory, even of those who keep them',
  cases: fc.nat({ max: 999 }),
  runs: 2,
  holds: (backend) => async (seed) => {
    const residency = residencyOn(16, dataBytes / (4 * 16 * 16), seed);
    const places = placesAmong(residency.data?.batch ?? 1, 64);
    const before = process.memoryUsage().rss;
    const kept = new Array<unknown>();
    for (const _ of Array(residentCount).keys()) {
      kept.push(await makeStepRelease(backend, residency, places));
    }
    const isBack = await isSoon(() => process.memoryUsage().rss - before < (residentCount / 2) * 2 * dataBytes);
    return kept.length === residentCount && isBack;
  },
};

/** A team that notes which modules it is given, and those of them that it is told to forget. */
export const watching = (team: Team) => {
  const [given, forgotten] = [new Set<SharedModule>(), new Set<SharedModule>()];
  const watched: Team = {
    ...team,
    compute: (calls) => {
      calls.forEach(({ of }) => given.add(of));
      return team.compute(calls);
    },
    forget: (isForgotten) => {
      [...given].filter(isForgotten).forEach((module) => forgotten.add(module));
      team.forget(isForgotten);
    },
  };
  return { watched, given, forgotten };
};

export const releasesForgetTheirMachines: Law<
  (team: Team) => Backend,
  { readonly seed: number; readonly sizes: readonly number[] }
> = {
  statement: 'a release has threads forget the machines of its steps, and none of a run or of another resident',
  cases: fc.record({
    seed: fc.nat({ max: 999 }),
    sizes: fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 12 }),
  }),
  runs: 20,
  holds:
    (backendOf) =>
    async ({ seed, sizes }) => {
      const { watched, given, forgotten } = watching(alone);
      const executable = right(await backendOf(watched).compile(program)());
      const residency = residencyOn(size, 100, seed);
      const made = async (): Promise<Resident> => right(await executable.resident(residency)());
      const steps = async (resident: Resident): Promise<void> => {
        for (const count of sizes) {
          right(await resident.step({ samples: { places: placesAmong(100, count) }, scalars: {} })());
        }
      };
      const [released, stays] = [await made(), await made()];
      await steps(released);
      const expected = new Set(given);
      await steps(stays);
      right(
        await executable.run({
          parameters: residency.state,
          latticeSize: size,
          inputs: { x: new Float64Array(size * size) },
          batch: 1,
        })(),
      );
      released.release();
      // A release hands nothing back: what is asked after it is refused when it is done.
      await released.read();
      return forgotten.size === expected.size && [...forgotten].every((machine) => expected.has(machine));
    },
};

/** What machines of so many threads have in memory beside data, if samples are staged: just below 4 GiB. */
const mostBytes = 2 ** 32;
const threadsThatFit = (samples: number): number => {
  const bytesOn = (threads: number): number => {
    const options = {
      threads,
      shared: true,
      correlations: 'direct',
      residentSamples: null,
      partsFor: () => 1,
    } as const;
    const { stagedAt, mostChunks, lowered } = compile(program, { size, samples }, 'separate', 128, options);
    return stagedAt + mostChunks * samples * lowered.stagedLength * Float64Array.BYTES_PER_ELEMENT;
  };
  const [one, two] = [bytesOn(1), bytesOn(2)];
  // A page less, for what is read beyond the last number.
  return 1 + Math.floor((mostBytes - 2 ** 16 - one) / (two - one));
};

/** Samples of a step, and their bytes as float32. */
const [batch, sampleBytes] = [24, 4 * size * size] as const;

export const largeDataAreStaged: Law<
  (threads: number) => Backend,
  { readonly seed: number; readonly dataBytes: number }
> = {
  statement:
    'where threads leave no memory to data beside them, samples are staged step by step: to the bit as from data that are there',
  cases: fc.record({ seed: fc.nat({ max: 999 }), dataBytes: fc.constantFrom(2 ** 16, 2 ** 26) }),
  runs: 4,
  holds: (backendWith) => async (example) => {
    const residency = residencyOn(size, example.dataBytes / sampleBytes, example.seed);
    const places = placesAmong(residency.data?.batch ?? 1, batch);
    const [few, many] = [
      await makeStepRelease(backendWith(1), residency, places),
      await makeStepRelease(backendWith(threadsThatFit(batch)), residency, places),
    ];
    return JSON.stringify([few.seen, few.state]) === JSON.stringify([many.seen, many.state]);
  },
};

/** The n-th memory that is asked for is refused, as where there is none left. */
const withoutMemory = async <A>(n: number, act: () => Promise<A>): Promise<A> => {
  const { Memory } = WebAssembly;
  const asked = new Array<WebAssembly.MemoryDescriptor>();
  const refusing = new Proxy(Memory, {
    construct: (target, given: [WebAssembly.MemoryDescriptor]) => {
      if (asked.push(...given) === n) {
        throw new RangeError('WebAssembly.Memory(): could not allocate memory');
      }
      return new target(...given);
    },
  });
  Reflect.set(WebAssembly, 'Memory', refusing);
  try {
    return await act();
  } finally {
    Reflect.set(WebAssembly, 'Memory', Memory);
  }
};

export const refusedMemoryIsAnError: Law<Backend, number> = {
  statement:
    'a memory that the engine refuses, to the update or to the program, is an error that says so, and nothing is thrown',
  cases: fc.constantFrom(1, 2),
  holds: (backend) => async (n) => {
    const residency = residencyOn(size, batch, n);
    const answer = await withoutMemory(n, async () => {
      const executable = right(await backend.compile(program)());
      const stepped = pipe(
        executable.resident(residency),
        TE.chain((resident) => resident.step({ samples: { places: [0, 1] }, scalars: {} })),
      );
      return stepped().catch((): E.Either<BackendError, Arrays> => E.right({}));
    });
    return E.isLeft(answer) && answer.left.message.includes('could not allocate memory');
  },
};
