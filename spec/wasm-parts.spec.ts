/** Parts of a step, which threads share: no part touches what another does, so that no bit depends on them. */
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';

import { assembleModule } from '../src/assembler/module.ts';
import { clear } from '../src/backend/wasm/kernels/clear.ts';
import { evenParts, independentParts } from '../src/backend/wasm/parts.ts';
import { callFunction, callHere, callsOf, newMemory, sharedModule } from '../src/backend/wasm/shared-module.ts';
import { alone, teamOf, type Team } from '../src/backend/wasm/team.ts';
import { backendOn } from '../src/backend/wasm/wasm.ts';
import { denseEfnn, randomSamples, subjectOf } from '../src/bench/subject.ts';
import { adam } from '../src/training/adam.ts';
import { initialTraining, residentTraining, type ResidentTraining, type TrainingState } from '../src/training/train.ts';
import { verify } from './law.ts';
import {
  independentItemsFillAllParts,
  partsAreIndependent,
  partsCoverItems,
  preparationsDoNotMeet,
} from './laws/wasm-parts.ts';
import { watching } from './laws/wasm-residents.ts';
import { messageOf, right } from './right.ts';

verify(partsCoverItems, evenParts, {
  'what does not divide is left out': (items, parts) => {
    const count = Math.floor(items / parts);
    return Array.from({ length: parts }, (_, part) => ({ first: part * count, count }));
  },
  'the last has all that is left': (items, parts) => {
    const count = Math.floor(items / parts);
    return Array.from({ length: parts }, (_, part) => ({
      first: part * count,
      count: part < parts - 1 ? count : items - part * count,
    }));
  },
});

verify(partsAreIndependent, independentParts, {
  'in turns': (items, parts) =>
    Array.from({ length: parts }, (_, part) => items.filter((__, place) => place % parts === part)),
  'the last one first': (items, parts) => independentParts(items.toReversed(), parts),
});

verify(independentItemsFillAllParts, independentParts, {
  'all in the first': (items, parts) => [items, ...Array.from({ length: parts - 1 }, () => [])],
});

verify(
  preparationsDoNotMeet,
  (calls) => {
    calls.toReversed().forEach(callHere);
  },
  {
    'the last part is left out': (calls) => {
      calls.slice(0, -1).forEach(callHere);
    },
  },
);

describe('calls of a module', () => {
  const module = sharedModule(
    assembleModule({ functions: [clear('clear', 1)], exports: ['clear'], shared: false }),
    newMemory(1, 1, false),
    {
      names: ['clear'],
      arenaAt: () => 0,
    },
  );
  it('of a name or of a place that threads do not call are refused', () => {
    expect(() => callsOf(module, 'prepare')).toThrow('expected one of the functions clear, got prepare');
    expect(() => callFunction(module, 1, 0, 0, 0, 0)).toThrow('expected one of 1 functions, got that of index 1');
    expect(() => callFunction(module, 0, 0, 0, 0, 0)).not.toThrow();
  });
});

/** Wide enough for threads to share preparation, sums and weights. */
const network = denseEfnn(64);

/** Chunks of one size, and one more that is smaller; what is left of an epoch is one chunk. */
const batches = [1000, 1001];

/** A training of that network, on a team, in batches of so many samples. */
const trainingBy = async (
  team: Team,
  batch: number,
): Promise<{ readonly training: ResidentTraining; readonly start: TrainingState }> => {
  const { program, weights } = right(await subjectOf(network)());
  const start = initialTraining(weights);
  const settings = {
    epochs: 2,
    batch,
    schedule: { tag: 'decay', rate: 1e-3, factor: 1, every: 1 },
    adam,
    loss: { weight: 1, forceWeight: null },
    seed: 1,
    frozen: [],
  } as const;
  const backend = backendOn(team, 'separate', 'direct', 256);
  const samples = randomSamples(network, 1, 2000);
  return { training: right(await residentTraining(backend, settings)(program, [samples], start)()), start };
};

/** The weights after two epochs. */
const weightsBy = async (team: Team, batch: number): Promise<TrainingState['adam']['weights']> => {
  const { training, start } = await trainingBy(team, batch);
  const ended = right(await training.epoch(right(await training.epoch(start)()))());
  training.release();
  return ended.adam.weights;
};

/** A team of so many threads whose work is done here; it notes the functions that it is told of, and fails at one of them. */
const noting = (threads: number, failing?: string) => {
  const shared = new Set<string>();
  const team: Team = {
    ...alone,
    threads,
    compute: (calls) => {
      const names = calls.map(({ of, function: called }) => of.names[called] ?? '');
      names.forEach((name) => shared.add(name));
      return names.some((name) => name === failing)
        ? () => Promise.reject(new RangeError('out of luck'))
        : alone.compute(calls);
    },
  };
  return { team, shared };
};

describe.each(batches)('a training of a wide network in batches of %i', (batch) => {
  it('has the same bits on one thread, on two and on three', async () => {
    const [one, two, three] = [
      await weightsBy(alone, batch),
      await weightsBy(teamOf(2), batch),
      await weightsBy(teamOf(3), batch),
    ];
    expect(two).toEqual(one);
    expect(three).toEqual(one);
  });

  it.each([2, 3])(
    'shares preparation, sums and weights between %i, and forgets their modules at its release',
    async (threads) => {
      const { team, shared } = noting(threads);
      const { watched, given, forgotten } = watching(team);
      const { training, start } = await trainingBy(watched, batch);
      expect(E.isRight(await training.epoch(start)())).toBe(true);
      expect([...shared].toSorted()).toEqual(['combine', 'group', 'prepare', 'step0', 'step1']);
      expect(new Set([...given].map(({ id }) => id)).size).toBe(given.size);
      training.release();
      await expect.poll(() => forgotten.size).toBe(given.size);
    },
  );

  it.each(['prepare', 'group', 'combine', 'step1'])(
    'fails where threads do, at %s, and not by throwing',
    async (failing) => {
      const { training, start } = await trainingBy(noting(2, failing).team, batch);
      expect(messageOf(await training.epoch(start)())).toContain('out of luck');
    },
  );
});
