/** The samples of a run in portions, each staged at once, with the calls that compute them. */
import { memoizeObject } from '../../number/memoize.ts';
import { cacheLineBytes } from '../schedule/memory-plan.ts';
import { exported } from './compiled-program.ts';
import { bytesPerVector } from './grid.ts';
import { latest } from './latest.ts';
import type { Machine } from './machine.ts';
import { evenParts } from './parts.ts';
import { callsOf, type Call } from './shared-module.ts';

/** Neighbouring samples of a run. */
export interface SampleRange {
  readonly first: number;
  readonly count: number;
}

/** The chunks of a run that a machine computes, from the sample `first` on. */
export interface MachineCut {
  readonly machine: Machine;
  readonly first: number;
  readonly chunks: number;
}

/** Neighbouring samples that are staged at once, whole chunks of a machine. */
export interface Portion {
  readonly machine: Machine;
  readonly range: SampleRange;
  /** Samples that there is room for. */
  readonly capacity: number;
  /** Compute its groups. */
  readonly calls: readonly Call[];
  /** Add the sums of its groups to those of the first. */
  readonly combination: readonly Call[];
}

const combinationOf = (machine: Machine, groups: number): readonly Call[] => {
  const { sumsAt, sumsBytes, combineParts } = machine.compiled;
  const call = callsOf(machine.module, exported.combine);
  return groups === 1
    ? []
    : evenParts(sumsBytes / cacheLineBytes, combineParts(groups))
        .filter(({ count }) => count > 0)
        .map(({ first, count }) =>
          call(sumsAt(0) + first * cacheLineBytes, groups - 1, count * (cacheLineBytes / bytesPerVector)),
        );
};

const newPortions = ({ machine, first, chunks }: MachineCut): readonly Portion[] => {
  const { mostChunks, groupsOf, samples, sumsAt } = machine.compiled;
  const capacity = Math.min(chunks, mostChunks) * samples;
  const call = callsOf(machine.module, exported.group);
  return Array.from({ length: Math.ceil(chunks / mostChunks) }, (_, index) => {
    const portion = Math.min(mostChunks, chunks - index * mostChunks);
    const groups = groupsOf(portion);
    return {
      machine,
      range: { first: first + index * mostChunks * samples, count: portion * samples },
      capacity,
      calls: groups.map((group) => call(sumsAt(group.index), group.first * samples, group.chunks, capacity)),
      combination: combinationOf(machine, groups.length),
    };
  });
};

/** Cuts of a machine whose portions are kept: a step has the same as the step before, but for the last of an epoch. */
const mostCuts = 4;

const portionsOn = memoizeObject((_: Machine) => latest<string, readonly Portion[]>(mostCuts));

/** The portions of a cut, one after the other. */
const portionsOf = (cut: MachineCut): readonly Portion[] =>
  portionsOn(cut.machine)(`${cut.first} ${cut.chunks}`, () => newPortions(cut));

/**
 * Portions that are computed together, so that threads are told once: those of the first cut one after the other, the last of them with
 * the others, which are one portion each.
 *
 * @throws RangeError for another cut of several portions, since they would be staged at the same place.
 */
export const roundsOf = (cuts: readonly MachineCut[]): readonly (readonly Portion[])[] => {
  const [first = [], ...others] = cuts.map(portionsOf);
  if (others.some(({ length }) => length > 1)) {
    throw new RangeError('expected one portion of each cut but the first, got more: give the largest cut first');
  }
  const last = first.length - 1;
  return first.map((portion, index) => [portion, ...(index === last ? others.flat() : [])]);
};
