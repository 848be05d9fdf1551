/**
 * A program on one lattice size as stages of kernels, and the map of the memory that they work on, for any number of samples.
 *
 *     memory:  | what depends on parameters alone, copies, sums over the batch, their parts | values of samples |
 *     state:   | parameters, in the order of the program | what else a resident keeps |
 *
 * All distances are in numbers of four bytes. A value of samples lies behind what is shared, at a distance that grows with
 * the samples: values whose lifetimes do not meet share their place.
 */
import { meaningOf, valueId, type ValueId } from '../../program/program.ts';
import type { TypedProgram } from '../../program/typecheck.ts';
import { lengthOf } from '../../program/value-type.ts';
import { isSummed } from '../schedule/batch-sum.ts';
import type { BindingTime } from '../schedule/binding-time.ts';
import { byLifetime, inLine, type Buffer, type Placement } from '../schedule/memory-plan.ts';
import { passesOf } from '../schedule/passes.ts';
import { sampleStart, type Setting } from './access.ts';
import { kernelsOf, type Planned } from './kernels.ts';
import { stagesOf } from './stages.ts';
import { lengthOfParts, sharedSumKernel, wholeSumKernel, type CutsFor, type Parts } from './sums.ts';
import { unitsOf } from './units.ts';
import { constantOf, prelude, stageCode, whole, type Grid } from './wgsl.ts';

/** Where an argument or a result lies: `at` from the beginning, or, of samples, `samples * at` behind what is shared. */
export interface Place {
  readonly at: number;
  readonly of: 'sample' | 'all';
  /** How many numbers there are, for each sample or for all together. */
  readonly length: number;
}

/** An argument by its name. */
export interface Named extends Place {
  readonly name: string;
}

/** An output, and how its numbers make up what is handed back for a batch. */
export interface Result extends Named {
  /** One value for each sample; the sum over the batch; or a value that all samples share, and each has. */
  readonly holds: 'samples' | 'sum' | 'shared';
}

/** Numbers that go from memory and to it, if each array is read and written once by each kernel that does so. */
export interface Traffic {
  readonly perSample: number;
  readonly once: number;
}

/** Kernels that are dispatched together. */
export interface PlannedStage {
  readonly grids: readonly Grid[];
  readonly traffic: Traffic;
}

/** Kernels as a shader, and how they are dispatched. */
export interface Dispatches {
  readonly shader: string;
  readonly stages: readonly PlannedStage[];
}

/** What a program is on a lattice: the text of its kernels, how widely each runs, and where its numbers lie. */
export interface Plan extends Dispatches {
  /** In `state`. */
  readonly parameters: readonly Named[];
  /** In `memory`, as the results. */
  readonly inputs: readonly Named[];
  readonly results: readonly Result[];
  /** How many numbers of `state` the parameters take. */
  readonly parameterLength: number;
  /** How many numbers of `memory` all samples share, and how many each sample needs. */
  readonly sharedLength: number;
  readonly sampleLength: number;
}

/** How much of what a GPU has a plan may take, and how. */
export interface Planning {
  /** Most cuts of a batch that a sum is taken in. */
  readonly mostCuts: number;
}

/** Cuts that keep a large GPU busy: some hundred workgroups for each sum. */
export const usualPlanning: Planning = { mostCuts: 64 };

/** Most numbers that the parts of a sum take: cuts of large sums are fewer, because their many results keep a GPU busy. */
const mostOfParts = 2 ** 20;

/** The cuts of a batch for a sum of so many results. */
export const cutsWithin =
  ({ mostCuts }: Planning): CutsFor =>
  (results) =>
    Math.max(1, Math.min(mostCuts, Math.floor(mostOfParts / results)));

/** The numbers in each array of four-byte numbers that lie one after the other. */
const ofNumbers = (place: Placement): { readonly at: (id: ValueId) => number; readonly length: number } => ({
  at: (id) => place.offsets.get(id) ?? 0,
  length: place.bytes,
});

/** Lengths count as bytes do: a place in numbers is a place in bytes with an alignment of one. */
const bufferOf = (id: number, length: number): Buffer => ({ id, bytes: length });

const constant = (name: string, value: number): string => `const ${name} = ${whole(value)};`;

/** The shader of stages, behind constants that say where values lie. */
export const shaderOf = (
  constants: readonly string[],
  stages: readonly (readonly Pick<Planned, 'kernel'>[])[],
): string =>
  [
    ...constants,
    prelude,
    ...stages.map((kernels, index) =>
      stageCode(
        index,
        kernels.map(({ kernel }) => kernel),
      ),
    ),
  ].join('\n');

/** The values that the caller passes in, with their names. */
export const argumentIds = (
  program: TypedProgram,
  tag: 'input' | 'parameter',
): readonly (readonly [name: string, id: ValueId])[] =>
  program.equations.flatMap((equation, index) =>
    equation.tag === tag ? [[equation.name, valueId(index)] as const] : [],
  );

/** The sums over the batch, each in the first stage in which all of its parts are there. */
const withSums = (setting: Setting, stages: readonly (readonly Planned[])[]): readonly (readonly Planned[])[] => {
  const { program, times } = setting;
  const termsOf = new Map<ValueId, { readonly stage: number; readonly terms: readonly Parts[] }>();
  stages.forEach((kernels, stage) => {
    kernels.forEach(({ parts }) => {
      if (parts !== null) {
        termsOf.set(parts.of, { stage, terms: [...(termsOf.get(parts.of)?.terms ?? []), parts.stored] });
      }
    });
  });
  const sums = [...termsOf].map(([output, { stage, terms }]) => ({
    stage: stage + 1,
    planned: { kernel: wholeSumKernel(output, terms), reads: [], stores: [], parts: null },
  }));
  const makers = new Map(
    stages.flatMap((kernels, stage) => kernels.flatMap(({ stores }) => stores.map((id) => [id, stage + 1] as const))),
  );
  const shared = [...new Set(Object.values(program.outputs))]
    .filter((id) => isSummed(meaningOf(program.types)(id)) && meaningOf(times)(id) === 'run')
    .map((output) => ({
      stage: makers.get(output) ?? 0,
      planned: { kernel: sharedSumKernel(setting, output), reads: [output], stores: [], parts: null },
    }));
  const all = [...sums, ...shared];
  const count = Math.max(stages.length, ...all.map(({ stage }) => stage + 1));
  return Array.from({ length: count }, (_, index) => [
    ...(stages[index] ?? []),
    ...all.filter(({ stage }) => stage === index).map(({ planned }) => planned),
  ]);
};

/** Plans a program on a lattice: what WebGPU needs to know of it, before there is a device. */
export const planOf = (program: TypedProgram, latticeSize: number, planning: Planning): Plan => {
  const passes = passesOf(program);
  const { times } = passes;
  const equationOf = meaningOf(program.equations);
  const timeOf = meaningOf(times);
  const typeOf = meaningOf(program.types);
  const lengthAt = (id: ValueId): number => lengthOf(latticeSize)(typeOf(id));
  const setting: Setting = {
    program,
    times,
    latticeSize,
    arrayOf: (id) => (equationOf(id).tag === 'parameter' ? 'state' : 'memory'),
  };
  const units = unitsOf(program, passes);
  const stages = withSums(setting, kernelsOf(setting, stagesOf(units), cutsWithin(planning)));

  const [parameters, inputs] = [argumentIds(program, 'parameter'), argumentIds(program, 'input')];
  const outputs = Object.entries(program.outputs);
  const isSum = (id: ValueId): boolean => isSummed(typeOf(id));
  const copies = new Set(units.flatMap(({ value, work }) => (work.tag === 'copy' ? [value] : [])));
  const isKept = (id: ValueId): boolean => !isSum(id) && !copies.has(id);

  const touched = [
    inputs.map(([, id]) => id),
    ...stages.map((kernels) => kernels.flatMap(({ reads, stores }) => [...reads, ...stores])),
    outputs.flatMap(([, id]) => (isKept(id) ? [id] : [])),
  ].map((ids) => ids.filter((id) => equationOf(id).tag !== 'parameter'));
  const ofTime = (time: BindingTime, ids: readonly ValueId[]): readonly Buffer[] =>
    [...new Set(ids)].filter((id) => timeOf(id) === time).map((id) => bufferOf(id, lengthAt(id)));

  const state = ofNumbers(inLine(1)(parameters.map(([, id]) => bufferOf(id, lengthAt(id)))));
  const shared = ofNumbers(inLine(1)(ofTime('run', touched.flat())));
  const sharedCopies = [...copies].filter((id) => timeOf(id) === 'run');
  const sumIds = [...new Set(outputs.map(([, id]) => id).filter(isSum))];
  const parts = stages.flatMap((kernels) =>
    kernels.flatMap((each) => (each.parts === null ? [] : [each.parts.stored])),
  );
  const inCopies = ofNumbers(inLine(1)(sharedCopies.map((id) => bufferOf(id, lengthAt(id)))));
  const inSums = ofNumbers(inLine(1)(sumIds.map((id) => bufferOf(id, lengthAt(id)))));
  const inParts = ofNumbers(inLine(1)(parts.map((each) => bufferOf(each.value, lengthOfParts(each)))));
  const ofSamples = ofNumbers(
    byLifetime(1)(
      ofTime('sample', touched.flat()),
      touched.map((ids) => ofTime('sample', ids)),
    ),
  );
  const sampleCopies = ofNumbers(
    inLine(1)([...copies].filter((id) => timeOf(id) === 'sample').map((id) => bufferOf(id, lengthAt(id)))),
  );

  const copiesAt = shared.length;
  const sumsAt = copiesAt + inCopies.length;
  const partsAt = sumsAt + inSums.length;
  const sharedLength = partsAt + inParts.length;
  const valueAt = (id: ValueId): number => {
    if (equationOf(id).tag === 'parameter') {
      return state.at(id);
    }
    return timeOf(id) === 'sample' ? ofSamples.at(id) : shared.at(id);
  };
  const copyAt = (id: ValueId): number =>
    timeOf(id) === 'sample' ? ofSamples.length + sampleCopies.at(id) : copiesAt + inCopies.at(id);
  const sumAt = (id: ValueId): number => sumsAt + inSums.at(id);
  const placeOf = (id: ValueId): Place => ({
    at: copies.has(id) ? copyAt(id) : valueAt(id),
    of: timeOf(id) === 'sample' ? 'sample' : 'all',
    length: lengthAt(id),
  });
  const resultOf = (name: string, id: ValueId): Result =>
    isSum(id)
      ? { name, holds: 'sum', at: sumAt(id), of: 'all', length: lengthAt(id) }
      : { name, holds: timeOf(id) === 'sample' ? 'samples' : 'shared', ...placeOf(id) };
  const named = ([name, id]: readonly [string, ValueId]): Named => ({ name, ...placeOf(id) });

  const trafficOf = (kernels: readonly Planned[]): Traffic => {
    const values = kernels.flatMap(({ reads, stores }) => [...reads, ...stores]);
    const ofAll = (time: BindingTime): number =>
      values.filter((id) => timeOf(id) === time).reduce((sum, id) => sum + lengthAt(id), 0);
    const ofParts = kernels.reduce(
      (sum, each) => sum + (each.parts === null ? 0 : lengthOfParts(each.parts.stored)),
      0,
    );
    // Parts are stored by one kernel, and read by another.
    return { perSample: ofAll('sample'), once: ofAll('run') + 2 * ofParts };
  };

  return {
    shader: shaderOf(
      [
        constant(sampleStart, sharedLength),
        ...sumIds.map((id) => constant(constantOf.sum(id), sumAt(id))),
        ...parts.map(({ value }) => constant(constantOf.parts(value), partsAt + inParts.at(value))),
        ...[...copies].map((id) => constant(constantOf.copy(id), copyAt(id))),
        ...[...new Set([...parameters.map(([, id]) => id), ...touched.flat()])].map((id) =>
          constant(constantOf.value(id), valueAt(id)),
        ),
      ],
      stages,
    ),
    stages: stages.map((kernels) => ({ grids: kernels.map(({ kernel }) => kernel.grid), traffic: trafficOf(kernels) })),
    parameters: parameters.map(named).map((each, index) => ({ ...each, at: state.at(parameters[index]![1]) })),
    inputs: inputs.map(named),
    results: outputs.map(([name, id]) => resultOf(name, id)),
    parameterLength: state.length,
    sharedLength,
    sampleLength: ofSamples.length + sampleCopies.length,
  };
};
