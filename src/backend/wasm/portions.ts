/** How the samples of a run are computed: in portions, each staged at once, by calls. */
import { cacheLineBytes } from '../schedule/memory-plan.ts';
import { exported } from './compiled-program.ts';
import { bytesPerVector } from './grid.ts';
import { range } from './kernels/arithmetic.ts';
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
}

/** Portions that are computed together, so that threads are told once. */
export interface Stage {
  readonly portions: readonly Portion[];
  /** Compute their groups. */
  readonly calls: readonly Call[];
  /** Add the sums of the groups of each machine to those of the first. */
  readonly combination: readonly Call[];
}

/** How a batch is computed, stage after stage. */
export interface Plan {
  readonly cuts: readonly MachineCut[];
  /** Compute what depends on parameters alone. */
  readonly preparation: readonly Call[];
  readonly stages: readonly Stage[];
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

/** The portions of a cut one after the other, each with its calls. */
const portionsOf = ({ machine, first, chunks }: MachineCut): readonly Stage[] => {
  const { mostChunks, groupsOf, samples, sumsAt } = machine.compiled;
  const capacity = Math.min(chunks, mostChunks) * samples;
  const call = callsOf(machine.module, exported.group);
  return range(Math.ceil(chunks / mostChunks)).map((index) => {
    const portion = Math.min(mostChunks, chunks - index * mostChunks);
    const groups = groupsOf(portion);
    return {
      portions: [
        { machine, range: { first: first + index * mostChunks * samples, count: portion * samples }, capacity },
      ],
      calls: groups.map((group) => call(sumsAt(group.index), group.first * samples, group.chunks, capacity)),
      combination: combinationOf(machine, groups.length),
    };
  });
};

const together = (stages: readonly Stage[]): Stage => ({
  portions: stages.flatMap(({ portions }) => portions),
  calls: stages.flatMap(({ calls }) => calls),
  combination: stages.flatMap(({ combination }) => combination),
});

/**
 * The portions of the first cut are computed one after the other, the last of them together with the other cuts, which are one portion
 * each.
 *
 * @throws RangeError for another cut of several portions, since they would be staged at the same place.
 */
export const planOf = (cuts: readonly MachineCut[]): Plan => {
  const [first = [], ...others] = cuts.map(portionsOf);
  if (others.some(({ length }) => length > 1)) {
    throw new RangeError('expected one portion of each cut but the first, got more: give the largest cut first');
  }
  return {
    cuts,
    preparation: cuts.flatMap(({ machine }) => machine.preparation),
    stages: [...first.slice(0, -1), together([...first.slice(-1), ...others.flat()])],
  };
};
