/**
 * Which units one dispatch does, and which of them one invocation does after each other at its point.
 *
 * Within a dispatch nobody waits for anybody, so what is read anywhere but at the point itself has to be there from an
 * earlier one. A unit runs in the first stage that this allows. Units of a stage that read each other's results at their
 * point make up a cluster, which computes all of them there.
 */
import type { ValueId } from '../../program/program.ts';
import { isValue, type Unit } from './units.ts';

/** Units that are done point by point, one after the other. */
export type Cluster = readonly Unit[];

/** Clusters that do not wait for each other. */
export type Stage = readonly Cluster[];

/** The stages of units that stand in an order in which they can be done. */
export const stagesOf = (units: readonly Unit[]): readonly Stage[] => {
  const clusterOf = new Map<Unit, Unit[]>();
  const stageOf = new Map<Unit, number>();
  const makerOf = new Map<ValueId, Unit>();

  for (const unit of units) {
    const needed = unit.reads.flatMap(({ value, isHere }) => {
      const maker = makerOf.get(value);
      return maker === undefined
        ? []
        : [
            {
              maker,
              stage: stageOf.get(maker) ?? 0,
              isHere: isHere && maker.space !== null && maker.space === unit.space,
            },
          ];
    });
    const stage = needed.reduce((first, each) => Math.max(first, each.isHere ? each.stage : each.stage + 1), 0);
    const cluster = [unit];
    clusterOf.set(unit, cluster);
    stageOf.set(unit, stage);
    for (const { maker, isHere, stage: made } of needed) {
      const other = clusterOf.get(maker);
      if (isHere && made === stage && other !== undefined && other !== clusterOf.get(unit)) {
        const joined = [...other, ...(clusterOf.get(unit) ?? [])];
        joined.forEach((each) => clusterOf.set(each, joined));
      }
    }
    if (isValue(unit)) makerOf.set(unit.value, unit);
  }

  const order = new Map(units.map((unit, index) => [unit, index]));
  const inOrder = (cluster: readonly Unit[]): Cluster =>
    cluster.toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  const stages = Array.from(
    { length: Math.max(0, ...[...stageOf.values()].map((stage) => stage + 1)) },
    () => new Set<readonly Unit[]>(),
  );
  units.forEach((unit) => stages[stageOf.get(unit) ?? 0]?.add(clusterOf.get(unit) ?? [unit]));
  return stages.map((clusters) => [...clusters].map(inOrder));
};
