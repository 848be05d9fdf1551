/** Computes exact energies and forces by poles, of the configuration shown and of those that a training learns from. */
import * as E from 'fp-ts/lib/Either.js';

import { defaultTolerance, energyMethod, hasFused } from 'efnn/exact';
import { publishedDoubleExchange, sample, type SpinConfiguration } from 'efnn/physics';

import { joined } from './joined.ts';
import type { Energy, ExactQuestion, FromExact, LabelOrder, Labels } from './messages.ts';

const say = (message: FromExact): void => {
  postMessage(message);
};

const energyAndForces = energyMethod('poles', defaultTolerance, hasFused() ? 'fused' : 'separate').energyAndForces(
  publishedDoubleExchange,
);

const measured = (spins: SpinConfiguration): Energy => {
  const start = performance.now();
  const found = energyAndForces(spins);
  if (E.isLeft(found)) {
    throw new RangeError(found.left.message);
  }
  const { energy, forces } = found.right;
  return { energy, forces: Float64Array.from(forces), milliseconds: performance.now() - start };
};

const labelled = ({ size, seed, first, count }: LabelOrder): Labels => {
  const configurations = Array.from({ length: count }, (_, b) => sample('sphere')(size, seed, first + b));
  const energies = configurations.map(measured);
  return {
    spins: joined(configurations.map(({ components }) => components)),
    energies: Float64Array.from(energies, ({ energy }) => energy),
    forces: joined(energies.map(({ forces }) => forces)),
  };
};

/** The answer to a question, or what was thrown. */
const tried = <A>(id: number, how: () => A) => {
  try {
    return { tag: 'answer', id, value: how() } as const;
  } catch (error) {
    return { tag: 'failure', id, message: error instanceof Error ? error.message : String(error) } as const;
  }
};

self.onmessage = ({ data }: MessageEvent<ExactQuestion | LabelOrder>): void => {
  say(
    data.tag === 'energy'
      ? { tag: 'energy', answer: tried(data.id, () => measured({ size: data.size, components: data.spins })) }
      : { tag: 'labels', answer: tried(data.id, () => labelled(data)) },
  );
};
