/**
 * A program compiled for one lattice size and for chunks of so many samples: a module, and the map of its memory.
 *
 *     | shared | sums of group 0, 1, .. | arena of thread 0, 1, .. | staged numbers of samples |
 *
 * The samples of a run are cut into chunks, and the chunks into groups. Each group adds up its sums by itself, and
 * sums of groups are added in their order, so that the result does not depend on which thread has computed which
 * group, to the last bit. One thread takes groups of one chunk together, which changes no bit and saves their sums. What a thread
 * keeps of a group lies behind the arena of the thread.
 */
import type { Arithmetic } from '../../assembler/arithmetic.ts';
import { advance, call, i32, timesOf, when, type Expression, type Local } from '../../assembler/expression.ts';
import { assembleModule, defineFunction, type FunctionDefinition } from '../../assembler/module.ts';
import type { VectorBits } from '../../assembler/wide-vector.ts';
import type { TypedProgram } from '../../program/typecheck.ts';
import type { Place } from './place.ts';
import { cacheLineBytes } from '../schedule/memory-plan.ts';
import { bytesPerNumber, bytesPerReal, bytesPerVector, type Grid } from './grid.ts';
import { asOneGroup, groupsOf, mostGroupsFor, type Group } from './groups.ts';
import { clear } from './kernels/clear.ts';
import { groupSums } from './kernels/fold.ts';
import { lower, type Lowered } from './lowering.ts';
import { independentParts, type PartsFor } from './parts.ts';
import type { Correlations } from './setting.ts';
import { spacePlan, type SpacePlan } from './spaces.ts';
import { buffersOf, isPlace, type Operand, type Schedule, type Step } from './steps.ts';

/** A module's bytes, and the map of the memory that it works on; sizes and addresses in bytes. */
export interface CompiledProgram {
  readonly lowered: Lowered;
  /** Samples in a chunk. */
  readonly samples: number;
  readonly module: Uint8Array<ArrayBuffer>;
  /** The groups that so many chunks of a portion are cut into. */
  readonly groupsOf: (chunks: number) => readonly Group[];
  /** Most chunks whose samples are staged at once. */
  readonly mostChunks: number;
  readonly sumsBytes: number;
  /** In how many parts threads may share what depends on parameters alone; none where nothing does. */
  readonly prepareParts: number;
  /** In how many parts they may share the adding of the sums of so many groups. */
  readonly combineParts: (groups: number) => number;
  /** Where the sums of a group are, and the arena of a thread. */
  readonly sumsAt: (group: number) => number;
  readonly arenaAt: (thread: number) => number;
  readonly stagedAt: number;
  /** Where a shared place is, in bytes from the start of memory. */
  readonly addressOf: (place: Place) => number;
  /** Where a place of sums is, in bytes from the start of the sums of its group. */
  readonly offsetOf: (place: Place) => number;
}

/** The functions that a module exports; all take the arena of a thread first. */
export const exported = {
  /** Computes a part of what depends on parameters alone: which one. */
  prepare: 'prepare',
  /** Computes a group: its sums, its first sample, how many chunks, how many samples are staged. */
  group: 'group',
  /** Adds sums of all groups to those of the first: where these are, how many other groups, how many vectors of sums. */
  combine: 'combine',
};

interface Variables {
  readonly arena: Local<'i32'>;
  readonly sums: Local<'i32'>;
  readonly first: Local<'i32'>;
  readonly capacity: Local<'i32'>;
}

interface MemoryMap {
  readonly memory: SpacePlan;
  readonly stagedAt: number;
}

/** Nothing lies at address 0, so that no place is mistaken for none; the first begins where the next cache line does. */
const sharedAt = cacheLineBytes;

const offsetIn = ({ offsets }: SpacePlan, { buffer, offset }: Place): number => {
  const start = offsets.get(buffer.id);
  if (start === undefined) {
    throw new RangeError(`buffer ${buffer.id} has no place: no step touches it`);
  }
  return start + offset;
};

const plus = (base: Expression<'i32'>, bytes: number): Expression<'i32'> => i32.add(base, i32.constant(bytes));

/** An operand's address; steps before all chunks have shared operands alone. */
const address = ({ memory, stagedAt }: MemoryMap, variables: Variables | null, operand: Operand): Expression<'i32'> => {
  if (isPlace(operand) && operand.buffer.space === 'shared') {
    return i32.constant(sharedAt + offsetIn(memory, operand));
  }
  if (variables === null) {
    throw new RangeError('a step before all chunks touches the memory of a chunk');
  }
  const { arena, sums, first, capacity } = variables;
  if (isPlace(operand)) {
    const { space } = operand.buffer;
    const beforeGroup = space === 'group' ? memory.bytes.arena : 0;
    return plus(space === 'sums' ? sums : arena, beforeGroup + offsetIn(memory, operand));
  }
  const { before, length } = operand;
  const numbers = (count: Expression<'i32'>, each: number) => i32.multiply(count, i32.constant(each * bytesPerReal));
  return plus(i32.add(numbers(capacity, before), numbers(first, length)), stagedAt);
};

const calls = (map: MemoryMap, variables: Variables | null, steps: readonly Step[]) =>
  steps.map(({ kernel, operands }) => call(kernel, ...operands.map((operand) => address(map, variables, operand))));

/**
 * The steps of a run in parts: none touches what another writes. What no step writes is no reason to stay together: parameters, and
 * constants that fill a buffer, rather than lie between other numbers.
 */
const preparationOf = (
  { schedule: { steps, constants }, parameters }: Lowered,
  partsFor: PartsFor,
): readonly (readonly Step[])[] => {
  const filled = constants.filter(({ stride }) => stride === bytesPerNumber);
  const given = new Set([...filled, ...parameters].map(({ place }) => place.buffer.id));
  const weighed = steps.run.map((step) => {
    const touched = buffersOf(step).filter(({ id }) => !given.has(id));
    return { step, touches: touched.map(({ id }) => id), weight: touched.reduce((sum, { bytes }) => sum + bytes, 0) };
  });
  const parts = partsFor(weighed.reduce((sum, { weight }) => sum + weight, 0));
  return (parts === 1 ? [weighed] : independentParts(weighed, parts))
    .filter((part) => part.length > 0)
    .map((part) => part.map(({ step }) => step));
};

const prepareFunction = (map: MemoryMap, parts: readonly (readonly Step[])[]): FunctionDefinition =>
  defineFunction(exported.prepare, (scope) => {
    scope.parameter();
    const part = scope.parameter();
    return parts.map((steps, index) => when(i32.equals(part, i32.constant(index)), calls(map, null, steps)));
  });

const clearSums = 'clear sums';
const clearGroup = 'clear what a group keeps';

const groupFunction = (map: MemoryMap, { sample, group }: Schedule['steps'], samples: number): FunctionDefinition =>
  defineFunction(exported.group, (scope) => {
    const [arena, sums, first] = [scope.parameter(), scope.parameter(), scope.parameter()];
    const [chunks, capacity] = [scope.parameter(), scope.parameter()];
    const variables = { arena, sums, first, capacity };
    const { bytes } = map.memory;
    return [
      bytes.sums > 0 ? call(clearSums, sums) : [],
      bytes.group > 0 ? call(clearGroup, plus(arena, bytes.arena)) : [],
      timesOf(scope.local('i32'), chunks, [calls(map, variables, sample), advance(first, samples)]),
      calls(map, variables, group),
    ];
  });

/** Samples are staged in portions of about this many bytes. */
const portionBytes = 2 ** 25;

/**
 * Numbers of each sample that portions are counted by: all inputs, staged or resident, so that where data are decides nothing of how
 * sums over a batch are split.
 */
const numbersPerSample = ({ inputs, stagedLength }: Lowered): number =>
  inputs.tag === 'staged'
    ? stagedLength
    : inputs.data.reduce((sum, { length }) => sum + length, stagedLength - inputs.places.length);

/** Lowers a program, places its buffers and assembles its module, for a grid and for so many threads. */
export const compile = (
  program: TypedProgram,
  grid: Grid,
  arithmetic: Arithmetic,
  bits: VectorBits,
  options: {
    readonly threads: number;
    readonly shared: boolean;
    readonly correlations: Correlations;
    readonly residentSamples: number | null;
    readonly partsFor: PartsFor;
  },
): CompiledProgram => {
  const lowered = lower(program, grid, arithmetic, bits, options.correlations, options.residentSamples);
  const { schedule } = lowered;
  const memory = spacePlan(schedule.buffers, [...schedule.steps.sample, ...schedule.steps.group].map(buffersOf));
  const threadBytes = memory.bytes.arena + memory.bytes.group;
  const mostGroups = mostGroupsFor(memory.bytes.sums);
  const sumsStart = sharedAt + memory.bytes.shared;
  const arenaStart = sumsStart + mostGroups * memory.bytes.sums;
  const stagedAt = arenaStart + options.threads * threadBytes;
  const map = { memory, stagedAt };
  const preparation = preparationOf(lowered, options.partsFor);
  const module = assembleModule({
    functions: [
      ...schedule.kernels,
      clear(clearSums, Math.max(1, memory.bytes.sums / bytesPerVector)),
      clear(clearGroup, Math.max(1, memory.bytes.group / bytesPerVector)),
      prepareFunction(map, preparation),
      groupFunction(map, schedule.steps, grid.samples),
      groupSums(exported.combine, memory.bytes.sums),
    ],
    exports: Object.values(exported),
    shared: options.shared,
  });
  const chunkBytes = grid.samples * numbersPerSample(lowered) * bytesPerReal;
  return {
    lowered,
    samples: grid.samples,
    module,
    // What a group keeps beside its sums would be that of all chunks.
    groupsOf: (chunks) => {
      const groups = groupsOf(chunks, mostGroups);
      return options.threads === 1 && lowered.hasOneTermASum && memory.bytes.group === 0 ? asOneGroup(groups) : groups;
    },
    mostChunks: Math.max(mostGroups, Math.floor(portionBytes / Math.max(1, chunkBytes))),
    sumsBytes: memory.bytes.sums,
    prepareParts: preparation.length,
    combineParts: (groups) => options.partsFor(groups * memory.bytes.sums),
    sumsAt: (group) => sumsStart + group * memory.bytes.sums,
    arenaAt: (thread) => arenaStart + thread * threadBytes,
    stagedAt,
    addressOf: (place) => sharedAt + offsetIn(memory, place),
    offsetOf: (place) => offsetIn(memory, place),
  };
};
