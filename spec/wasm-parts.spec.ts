/** Parts of a step, which threads share: no part touches what another does, so that no bit depends on them. */
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';

import { evenParts, independentParts } from '../src/backend/wasm/parts.ts';
import { callHere } from '../src/backend/wasm/shared-module.ts';
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
import { right } from './right.ts';

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

/** Wide enough for threads to share preparation, sums and weights. */
const network = denseEfnn(64);
const batch = 1000;

/** A training of that network, on a team. */
const trainingBy = async (
  team: Team,
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
  const samples = randomSamples(network, 1, 2 * batch);
  return { training: right(await residentTraining(backend, settings)(program, [samples], start)()), start };
};

/** The weights after two epochs. */
const weightsBy = async (team: Team): Promise<TrainingState['adam']['weights']> => {
  const { training, start } = await trainingBy(team);
  const ended = right(await training.epoch(right(await training.epoch(start)()))());
  training.release();
  return ended.adam.weights;
};

describe('a training of a wide network', () => {
  it('has the same bits on one thread, on two and on three', async () => {
    const [one, two, three] = [await weightsBy(alone), await weightsBy(teamOf(2)), await weightsBy(teamOf(3))];
    expect(two).toEqual(one);
    expect(three).toEqual(one);
  });

  it('shares preparation, sums and weights, and forgets their modules when it is released', async () => {
    const shared = new Set<string | undefined>();
    const { watched, given, forgotten } = watching({
      ...alone,
      threads: 3,
      compute: (calls) => {
        calls.forEach(({ of: { names }, function: called }) => shared.add(names[called]));
        return alone.compute(calls);
      },
    });
    const { training, start } = await trainingBy(watched);
    expect(E.isRight(await training.epoch(start)())).toBe(true);
    expect([...shared].toSorted()).toEqual(['combine', 'group', 'prepare', 'step0', 'step1']);
    training.release();
    await expect.poll(() => forgotten.size).toBe(given.size);
  });
});
