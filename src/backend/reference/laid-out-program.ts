/** A program laid out for one lattice size: a block of numbers for each value, and the steps that compute them. */
import { interpret, mapOperands } from '../../program/operation.ts';
import { meaningOf, valueId, type Program, type ValueId } from '../../program/program.ts';
import type { TypedProgram } from '../../program/typecheck.ts';
import type { ValueType } from '../../program/value-type.ts';
import { batchSums } from '../schedule/batch-sum.ts';
import { bindingTimes, type BindingTime } from '../schedule/binding-time.ts';
import { block, index, type Block, type Step } from './block.ts';
import type { OperationTable } from './operations.ts';

/**
 * A program on one lattice size, ready to run: the block of each of its values, by id, and the steps that fill them.
 */
export interface LaidOutProgram {
  /** How many samples are computed together. */
  readonly chunk: number;
  readonly blocks: readonly Block[];
  /** What is computed once a run. */
  readonly shared: Step;
  /** What is computed once a chunk of samples. */
  readonly perChunk: Step;
}

/** Dense products read each weight once for a whole chunk; on a lattice the weights stay at hand anyway. */
const samplesTogether = (latticeSize: number): number => index(Math.max(1, 16 / (latticeSize * latticeSize)));

/** The block of each value. Sums that are added up together share the numbers of the output that they belong to. */
const blocksFor = (
  { types }: TypedProgram,
  times: readonly BindingTime[],
  sums: ReadonlyMap<ValueId, ValueId>,
  latticeSize: number,
  chunk: number,
): readonly Block[] => {
  const accumulator = (type: ValueType): Block => block(type, 'sum', latticeSize, chunk);
  const accumulators = new Map(
    [...new Set(sums.values())].map((output) => [output, accumulator(meaningOf(types)(output))] as const),
  );
  return types.map((type, index) => {
    const output = sums.get(valueId(index));
    const shared = output === undefined ? undefined : accumulators.get(output);
    return shared ?? block(type, meaningOf(times)(valueId(index)), latticeSize, chunk);
  });
};

const inSequence =
  (steps: readonly Step[]): Step =>
  (samples) => {
    for (const step of steps) {
      step(samples);
    }
  };

/** Lays a program out. Views are asked for while the steps are made, and refreshed right after their value. */
export const laidOutFor =
  (table: OperationTable, program: TypedProgram) =>
  (size: number): LaidOutProgram => {
    const latticeSize = index(size);
    const chunk = samplesTogether(latticeSize);
    const times = bindingTimes(program);
    const blocks = blocksFor(program, times, batchSums(program, times), latticeSize, chunk);
    const steps = stepsOf(table, program, blocks, latticeSize);
    const stepsAt = (time: BindingTime): readonly Step[] =>
      steps.flatMap((step, index) => {
        const views = [...meaningOf(blocks)(valueId(index)).views.values()];
        return times[index] === time ? [step, ...views.map(({ refresh }) => refresh)] : [];
      });
    return { chunk, blocks, shared: inSequence(stepsAt('run')), perChunk: inSequence(stepsAt('sample')) };
  };

const stepsOf = (
  table: OperationTable,
  { equations }: Program,
  blocks: readonly Block[],
  latticeSize: number,
): readonly Step[] =>
  equations.map((equation, index) =>
    interpret(table)(mapOperands(meaningOf(blocks))(equation))(meaningOf(blocks)(valueId(index)), latticeSize),
  );
