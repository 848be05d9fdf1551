/** Runs a machine on the samples of a run: parameters in, portion after portion of samples through, outputs out. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';

import type { ValueId } from '../../program/program.ts';
import type { Arrays, BackendError, Samples } from '../backend.ts';
import { copyNumbers, copySamples, type PlacedSamples } from '../schedule/gather.ts';
import { bytesPerReal } from './grid.ts';
import { latest } from './latest.ts';
import { reserve, type Machine } from './machine.ts';
import type { Plan, SampleRange } from './portions.ts';
import type { Result } from './results.ts';
import { callHere, type Call } from './shared-module.ts';
import type { Staged } from './steps.ts';
import type { Team } from './team.ts';

/** What a program is run on. */
export interface Run {
  readonly parameters: Arrays;
  readonly samples: Samples | PlacedSamples;
}

/** Outputs that are being gathered, as float64. */
export type Gathered = ReadonlyMap<ValueId, Float64Array>;

/** How many numbers an output has for a whole batch. */
const lengthFor = (result: Result, batch: number): number => {
  switch (result.tag) {
    case 'sums':
      return result.length;
    case 'staged':
      return batch * result.staged.length;
    case 'shared':
      return (result.asked === 'sum' ? 1 : batch) * result.length;
  }
};

/** Arrays for the outputs of a batch. */
export type MakeGathered = (results: ReadonlyMap<ValueId, Result>, batch: number) => Gathered;

/** New arrays for each run, which are the caller's. */
export const newArrays: MakeGathered = (results, batch) =>
  new Map([...results].map(([id, result]) => [id, new Float64Array(lengthFor(result, batch))]));

/** Sizes of batches whose arrays are kept: an epoch has two, that of its last batch among them. */
const mostBatches = 4;

/** Arrays that are made once for each size of batch, and good until the next run; those that are given are used for all of them. */
export const keptArrays = (given: Gathered): MakeGathered => {
  const kept = latest<number, Gathered>(mostBatches);
  return (results, batch) => {
    const gathered = kept(
      batch,
      () => new Map([...newArrays(new Map([...results].filter(([id]) => !given.has(id))), batch), ...given]),
    );
    // What is the same for all samples is added up from zero.
    for (const [id, { tag }] of results) {
      if (tag === 'shared') {
        gathered.get(id)?.fill(0);
      }
    }
    return gathered;
  };
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

const takeSums = (machine: Machine, gathered: Gathered, first: number): void => {
  for (const { id, numbers } of machine.views().sums) {
    const to = gathered.get(id);
    if (to !== undefined) {
      addOrCopy(to, numbers, first === 0);
    }
  }
};

const none = new Float64Array(0);

const setParameters = (machine: Machine, parameters: Arrays): void => {
  for (const { name, numbers } of machine.views().parameters) {
    const given = parameters[name] ?? none;
    copyNumbers(numbers, 0, given, 0, given.length);
  }
};

const setInputs = (machine: Machine, samples: Run['samples'], range: SampleRange, capacity: number): void => {
  const { numbers } = machine.views();
  const { inputs } = machine.compiled.lowered;
  if (inputs.tag === 'staged') {
    for (const staged of inputs.arrays) {
      copySamples(samples, staged, range, numbers, stagedStart(machine, staged, capacity));
    }
    return;
  }
  if (!('places' in samples)) {
    throw new RangeError('a machine of resident samples is given others: run those on a machine without data');
  }
  const { places } = samples;
  const { first, count } = range;
  numbers.set(
    count === places.length ? places : places.slice(first, first + count),
    stagedStart(machine, inputs.places, capacity),
  );
};

const takeStaged = (machine: Machine, gathered: Gathered, { first, count }: SampleRange, capacity: number): void => {
  const { numbers } = machine.views();
  for (const [id, result] of machine.compiled.lowered.results) {
    if (result.tag === 'staged') {
      const { length } = result.staged;
      const start = stagedStart(machine, result.staged, capacity);
      gathered.get(id)?.set(numbers.subarray(start, start + count * length), first * length);
    }
  }
};

/** What is the same for all samples: for each of them, or added up over them. */
const takeShared = ({ compiled, views }: Machine, gathered: Gathered, { first, count }: SampleRange): void => {
  const { numbers } = views();
  for (const [id, result] of compiled.lowered.results) {
    const to = gathered.get(id);
    if (result.tag === 'shared' && to !== undefined) {
      const start = compiled.addressOf(result.place) / bytesPerReal;
      const value = numbers.subarray(start, start + result.length);
      if (result.asked === 'sum') {
        value.forEach((number, index) => {
          to[index] = to[index]! + count * number;
        });
      } else {
        for (let sample = first; sample < first + count; sample += 1) {
          to.set(value, sample * result.length);
        }
      }
    }
  }
};

/** Does calls, none of which needs what another does: by the team where there are several, else here and at once. */
const carryOut = async (calls: readonly Call[], team: Team): Promise<Either<BackendError, void>> => {
  if (team.threads > 1 && calls.length > 1) {
    return team.compute(calls)();
  }
  calls.forEach(callHere);
  return E.right(undefined);
};

/** Computes all samples of a run, and puts or adds their outputs where they belong. */
export const execute = async (
  { parameters, samples }: Run,
  { cuts, preparation, stages }: Plan,
  gathered: Gathered,
  team: Team,
): Promise<Either<BackendError, void>> => {
  for (const { machine, chunks } of cuts) {
    const { compiled } = machine;
    reserve(machine, Math.min(chunks, compiled.mostChunks) * compiled.samples);
    setParameters(machine, parameters);
  }
  const prepared = await carryOut(preparation, team);
  if (E.isLeft(prepared)) {
    return prepared;
  }
  for (const { portions, calls, combination } of stages) {
    for (const { machine, range, capacity } of portions) {
      setInputs(machine, samples, range, capacity);
    }
    const computed = await team.compute(calls)();
    if (E.isLeft(computed)) {
      return computed;
    }
    const combined = await carryOut(combination, team);
    if (E.isLeft(combined)) {
      return combined;
    }
    for (const { machine, range, capacity } of portions) {
      takeSums(machine, gathered, range.first);
      takeStaged(machine, gathered, range, capacity);
      takeShared(machine, gathered, range);
    }
  }
  return E.right(undefined);
};
