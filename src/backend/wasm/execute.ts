/** Runs a machine on the samples of a run: parameters in, portion after portion of samples through, outputs out. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';

import type { Reals } from '../../number/reals.ts';
import type { ValueId } from '../../program/program.ts';
import type { BackendError, Arguments } from '../backend.ts';
import { copyNumbers } from '../schedule/gather.ts';
import { bytesPerReal } from './grid.ts';
import { groupsOf, type Group } from './groups.ts';
import { reserve, type Machine } from './machine.ts';
import type { Result } from './results.ts';
import type { Staged } from './steps.ts';
import type { Team } from './team.ts';

/** Outputs that are being gathered, as float64. */
export type Gathered = ReadonlyMap<ValueId, Float64Array>;

/** An output array for a whole batch. */
export const emptyResult = (result: Result, batch: number): Float64Array => {
  switch (result.tag) {
    case 'sums':
      return new Float64Array(result.length);
    case 'staged':
      return new Float64Array(batch * result.staged.length);
    case 'shared':
      return new Float64Array((result.asked === 'sum' ? 1 : batch) * result.length);
  }
};

const stagedStart = ({ compiled }: Machine, { before }: Staged, capacity: number): number =>
  compiled.stagedAt / bytesPerReal + before * capacity;

/** Adds to what is there; where nothing is there yet, copying is faster. */
const addOrCopy = (to: Float64Array, from: Float64Array, isFirst: boolean): void => {
  if (isFirst) {
    to.set(from);
    return;
  }
  for (let i = 0; i < from.length; i += 1) {
    to[i] = to[i]! + from[i]!;
  }
};

const takeSums = (machine: Machine, groups: readonly Group[], gathered: Gathered, first: number): void => {
  const { compiled, memory, combine } = machine;
  if (groups.length > 1) {
    combine(compiled.sumsAt(0), groups.length - 1);
  }
  for (const [id, result] of compiled.lowered.results) {
    const to = gathered.get(id);
    if (result.tag === 'sums' && to !== undefined) {
      const sums = new Float64Array(memory.buffer, compiled.sumsAt(0) + compiled.offsetOf(result.place), result.length);
      addOrCopy(to, sums, first === 0);
    }
  }
};

const none = new Float64Array(0);

const setParameters = ({ compiled, memory }: Machine, parameters: Arguments['parameters']): void => {
  const numbers = new Float64Array(memory.buffer);
  for (const { name, place } of compiled.lowered.parameters) {
    const given = parameters[name] ?? none;
    copyNumbers(numbers, compiled.addressOf(place) / bytesPerReal, given, 0, given.length);
  }
};

const setInputs = (
  machine: Machine,
  inputs: Arguments['inputs'],
  first: number,
  samples: number,
  capacity: number,
): void => {
  const numbers = new Float64Array(machine.memory.buffer);
  for (const staged of machine.compiled.lowered.inputs) {
    const given: Reals | undefined = inputs[staged.name];
    if (given !== undefined) {
      const portion = given.subarray(first * staged.length, (first + samples) * staged.length);
      numbers.set(portion, stagedStart(machine, staged, capacity));
    }
  }
};

const takeStaged = (machine: Machine, gathered: Gathered, first: number, samples: number, capacity: number): void => {
  const numbers = new Float64Array(machine.memory.buffer);
  for (const [id, result] of machine.compiled.lowered.results) {
    if (result.tag === 'staged') {
      const { length } = result.staged;
      const start = stagedStart(machine, result.staged, capacity);
      gathered.get(id)?.set(numbers.subarray(start, start + samples * length), first * length);
    }
  }
};

/** What is the same for all samples: for each of them, or added up over them. */
const takeShared = ({ compiled, memory }: Machine, gathered: Gathered, first: number, samples: number): void => {
  const numbers = new Float64Array(memory.buffer);
  for (const [id, result] of compiled.lowered.results) {
    const to = gathered.get(id);
    if (result.tag === 'shared' && to !== undefined) {
      const start = compiled.addressOf(result.place) / bytesPerReal;
      const value = numbers.subarray(start, start + result.length);
      if (result.asked === 'sum') {
        value.forEach((number, index) => {
          to[index] = to[index]! + samples * number;
        });
      } else {
        for (let sample = first; sample < first + samples; sample += 1) {
          to.set(value, sample * result.length);
        }
      }
    }
  }
};

/** Computes the samples from `first` on, whole chunks, and puts or adds their outputs where they belong. */
export const execute = async (
  machine: Machine,
  { parameters, inputs }: Pick<Arguments, 'parameters' | 'inputs'>,
  { first, chunks }: { readonly first: number; readonly chunks: number },
  gathered: Gathered,
  team: Team,
): Promise<Either<BackendError, void>> => {
  const { compiled } = machine;
  const capacity = Math.min(chunks, compiled.mostChunks) * compiled.samples;
  reserve(machine, capacity);
  setParameters(machine, parameters);
  machine.prepare();
  for (let done = 0; done < chunks; done += compiled.mostChunks) {
    const portion = Math.min(compiled.mostChunks, chunks - done);
    const [from, samples] = [first + done * compiled.samples, portion * compiled.samples];
    const groups = groupsOf(portion, compiled.mostGroups);
    setInputs(machine, inputs, from, samples, capacity);
    const ended = await team.compute(machine, groups, capacity)();
    if (E.isLeft(ended)) {
      return ended;
    }
    takeSums(machine, groups, gathered, from);
    takeStaged(machine, gathered, from, samples, capacity);
    takeShared(machine, gathered, from, samples);
  }
  return E.right(undefined);
};
