/** The kernels of a program's stages: for each cluster the tuned one where there is one, and the generic one elsewhere. */
import type { ValueId } from '../../program/program.ts';
import type { Setting } from './access.ts';
import { pointKernel } from './points.ts';
import type { Cluster, Stage } from './stages.ts';
import { partialSum, sumsKernel, totalsKernel, type CutsFor, type PartialSum, type Parts } from './sums.ts';
import { tiledCorrelation } from './tiled-correlation.ts';
import { tiledKernelGradient } from './tiled-kernel-gradient.ts';
import { isValue, type Unit } from './units.ts';
import type { Kernel } from './wgsl.ts';

/** A kernel, and what it does with memory. */
export interface Planned {
  readonly kernel: Kernel;
  /** The values that it reads from memory, and those that it stores there. */
  readonly reads: readonly ValueId[];
  readonly stores: readonly ValueId[];
  /** The parts that it stores of a sum over the batch, with the output that they belong to. */
  readonly parts: { readonly of: ValueId; readonly stored: Parts } | null;
}

const partialSumOf = (
  setting: Setting,
  { value, work }: Unit & { readonly work: { readonly tag: 'term' } },
  cutsFor: CutsFor,
): PartialSum => {
  const tiled = work.of.tag === 'kernelGradient' ? tiledKernelGradient(setting, value, work.of, cutsFor) : null;
  return tiled ?? partialSum(setting, value, work.of, cutsFor);
};

const kernelOf = (setting: Setting, cluster: Cluster, isStored: (value: ValueId) => boolean): Kernel => {
  const [first] = cluster;
  if (first?.work.tag === 'sums') {
    return sumsKernel(setting, first.value, first.work.of);
  }
  if (cluster.some(({ work }) => work.tag === 'total')) {
    return totalsKernel(setting, cluster, isStored);
  }
  return tiledCorrelation(setting, cluster, isStored) ?? pointKernel(setting, cluster, isStored);
};

/** The values that others than their own cluster read, or that read at other points: those have to be in memory. */
const storedIn = (stages: readonly Stage[], outputs: readonly ValueId[]): ReadonlySet<ValueId> => {
  const stored = new Set(outputs);
  for (const cluster of stages.flat()) {
    const own = new Set(cluster.filter(isValue).map(({ value }) => value));
    cluster
      .flatMap(({ reads }) => reads)
      .filter(({ value, isHere }) => !isHere || !own.has(value))
      .forEach(({ value }) => stored.add(value));
  }
  return stored;
};

/** The kernels of each stage. */
export const kernelsOf = (
  setting: Setting,
  stages: readonly Stage[],
  cutsFor: CutsFor,
): readonly (readonly Planned[])[] => {
  const stored = storedIn(stages, Object.values(setting.program.outputs));
  const isStored = (value: ValueId): boolean => stored.has(value);
  const planned = (cluster: Cluster): Planned => {
    const own = new Set(cluster.filter(isValue).map(({ value }) => value));
    const reads = [...new Set(cluster.flatMap((unit) => unit.reads.map(({ value }) => value)))].filter(
      (value) => !own.has(value),
    );
    const [unit] = cluster;
    if (unit?.work.tag === 'term') {
      const { kernel, parts } = partialSumOf(setting, { ...unit, work: unit.work }, cutsFor);
      return { kernel, reads, stores: [], parts: { of: unit.work.output, stored: parts } };
    }
    return {
      kernel: kernelOf(setting, cluster, isStored),
      reads,
      stores: [...own].filter(isStored),
      parts: null,
    };
  };
  return stages.map((stage) => stage.map(planned));
};
