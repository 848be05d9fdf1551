/**
 * A program on one lattice size as kernels, and the map of the memory that they work on, for any number of samples.
 *
 *     | what samples share: parameters, what depends on them alone, sums over the batch | values of samples |
 *
 * All distances are in numbers of four bytes. A value of samples lies behind what is shared, at a distance that grows with
 * the samples: values whose lifetimes do not meet share their place.
 */
import { meaningOf, valueId, type ValueId } from '../../program/program.ts';
import type { TypedProgram } from '../../program/typecheck.ts';
import { lengthOf } from '../../program/value-type.ts';
import { isSummed } from '../schedule/batch-sum.ts';
import type { BindingTime } from '../schedule/binding-time.ts';
import { byLifetime, inLine, type Buffer } from '../schedule/memory-plan.ts';
import { passesOf, type Pass, type PassOfItsOwn } from '../schedule/passes.ts';
import type { Sweep } from '../schedule/sweep.ts';
import { addressOf, constantOf, entryOf, readerOf, sampleStart } from './access.ts';
import {
  concatenationBody,
  copyBody,
  correlationBody,
  expressionBody,
  kernelGradientBody,
  termsOfKernelGradient,
  type Setting,
} from './bodies.ts';
import { entryKernel, prelude, sumKernel, whole, type Kernel, type Sum } from './wgsl.ts';

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
  /** One value for each sample; a sum over the samples of a portion; or a value that all share, asked for as a sum or each. */
  readonly holds: 'samples' | 'sum' | 'shared sum' | 'shared each';
}

/** What a program is on a lattice: the text of its kernels, when and how widely each runs, and where its numbers lie. */
export interface Plan {
  readonly shader: string;
  readonly kernels: readonly Pick<Kernel, 'time' | 'grid'>[];
  readonly parameters: readonly Named[];
  readonly inputs: readonly Named[];
  readonly results: readonly Result[];
  /** How many numbers all samples share, and how many each sample needs. */
  readonly sharedLength: number;
  readonly sampleLength: number;
}

/** The name of the entry point of a kernel. */
export const entryPointOf = (index: number): string => `kernel${index}`;

const bytesPerNumber = 4;

/** A kernel, the value or the sum that it stores, and the values that it reads. */
interface Noted {
  readonly kernel: Kernel;
  readonly touched: readonly ValueId[];
}

/** Writes the kernels of a program in the order in which they run. */
const kernelsOf = (program: TypedProgram, latticeSize: number): readonly Noted[] => {
  const { times, passes, terms } = passesOf(program);
  const timeOf = meaningOf(times);
  const typeOf = meaningOf(program.types);
  const sites = latticeSize * latticeSize;
  const lengthAt = (id: ValueId): number => lengthOf(latticeSize)(typeOf(id));
  const newReader = readerOf(program, times, latticeSize);
  const noted = new Array<Noted>();
  const sumsBegun = new Set<ValueId>();

  const note = (stores: readonly ValueId[], make: (setting: Setting, name: string) => Kernel): void => {
    const reader = newReader();
    const kernel = make({ program, latticeSize, reader }, entryPointOf(noted.length));
    noted.push({ kernel, touched: [...stores, ...reader.readSoFar()] });
  };
  const noteEntries = (stores: ValueId, body: (setting: Setting) => string): void => {
    const [time, length] = [timeOf(stores), lengthAt(stores)];
    note([stores], (setting, name) =>
      entryKernel(name, time, length, body(setting), addressOf(stores, time, length, 'sample', 'result')),
    );
  };
  type Terms = Pick<Sum, 'results' | 'terms' | 'body'>;
  /** Adds to the sum of an output over the batch, which the first of its terms begins. */
  const noteTerm = (output: ValueId, sum: (setting: Setting) => Terms): void => {
    const isAdded = sumsBegun.has(output);
    sumsBegun.add(output);
    const target = `${constantOf.sum(output)} + result`;
    note([], (setting, name) => sumKernel(name, 'sample', { ...sum(setting), overBatch: true, target, isAdded }));
  };
  const noteSum = (stores: ValueId, sum: (setting: Setting) => Terms): void => {
    const output = terms.get(stores);
    if (output !== undefined) {
      noteTerm(output, sum);
      return;
    }
    const [time, length] = [timeOf(stores), lengthAt(stores)];
    const target = addressOf(stores, time, length, 'sample', 'result');
    note([stores], (setting, name) =>
      sumKernel(name, time, { ...sum(setting), overBatch: false, target, isAdded: false }),
    );
  };

  const sweep = ({ stores, of, over, expression }: Sweep): void => {
    switch (of) {
      case 'each':
        noteEntries(stores, (setting) => expressionBody(setting, expression, entryOf(over, sites, 'sample', 'result')));
        break;
      case 'total':
        noteSum(stores, (setting) => ({
          results: 1,
          terms: lengthOf(latticeSize)(over),
          body: expressionBody(setting, expression, entryOf(over, sites, 'sample', 'term')),
        }));
        break;
      case 'sites': {
        const components = over.tag === 'field' ? over.components : 1;
        noteSum(stores, (setting) => ({
          results: lengthAt(stores),
          terms: components * sites,
          body: expressionBody(setting, expression, {
            tag: 'field',
            sample: 'sample',
            component: `(term / ${whole(sites)})`,
            channel: 'result',
            site: `(term % ${whole(sites)})`,
          }),
        }));
      }
    }
  };
  const ofItsOwn = (stores: ValueId, operation: PassOfItsOwn): void => {
    switch (operation.tag) {
      case 'input':
      case 'parameter':
        break;
      case 'kernelGradient':
        noteSum(stores, (setting) => ({
          results: lengthAt(stores),
          terms: termsOfKernelGradient(setting, operation),
          body: kernelGradientBody(setting, operation),
        }));
        break;
      case 'concat':
        noteEntries(stores, (setting) => concatenationBody(setting, stores, operation));
    }
  };
  const pass = (each: Pass): void => {
    switch (each.tag) {
      case 'sweep':
        sweep(each.sweep);
        break;
      case 'correlation':
        noteEntries(each.stores, (setting) => correlationBody(setting, each.stores, each.correlation, each.start));
        break;
      case 'operation':
        ofItsOwn(each.stores, each.operation);
    }
  };

  passes.forEach(pass);
  const stored = new Set(passes.map(({ stores }) => stores));
  for (const id of new Set(Object.values(program.outputs))) {
    const entry = entryOf(typeOf(id), sites, 'sample', 'result');
    if (timeOf(id) === 'sample' && isSummed(typeOf(id))) {
      if (!sumsBegun.has(id)) {
        noteTerm(id, (setting) => ({ results: lengthAt(id), terms: 1, body: copyBody(setting, id, entry) }));
      }
    } else if (!stored.has(id)) {
      noteEntries(id, (setting) => copyBody(setting, id, entry));
    }
  }
  return noted;
};

/** What the caller passes in under its name. */
const argumentIds = (program: TypedProgram, tag: 'input' | 'parameter'): readonly (readonly [string, ValueId])[] =>
  program.equations.flatMap((equation, index) =>
    equation.tag === tag ? [[equation.name, valueId(index)] as const] : [],
  );

/** Plans a program on a lattice: what WebGPU needs to know of it, before there is a device. */
export const planOf = (program: TypedProgram, latticeSize: number): Plan => {
  const { times } = passesOf(program);
  const timeOf = meaningOf(times);
  const typeOf = meaningOf(program.types);
  const lengthAt = (id: ValueId): number => lengthOf(latticeSize)(typeOf(id));
  const noted = kernelsOf(program, latticeSize);

  const [parameters, inputs] = [argumentIds(program, 'parameter'), argumentIds(program, 'input')];
  const outputs = Object.entries(program.outputs);
  const holdsOf = (id: ValueId): Result['holds'] => {
    const asSum = isSummed(typeOf(id));
    if (timeOf(id) === 'run') {
      return asSum ? 'shared sum' : 'shared each';
    }
    return asSum ? 'sum' : 'samples';
  };

  const bufferOf = (id: ValueId): Buffer => ({ id, bytes: lengthAt(id) * bytesPerNumber });
  const ofTime = (time: BindingTime, ids: readonly ValueId[]): readonly ValueId[] =>
    [...new Set(ids)].filter((id) => timeOf(id) === time);
  const touched = [
    [...parameters, ...inputs].map(([, id]) => id),
    ...noted.map((each) => each.touched),
    outputs.flatMap(([, id]) => (holdsOf(id) === 'sum' ? [] : [id])),
  ];
  const sumIds = [...new Set(outputs.flatMap(([, id]) => (holdsOf(id) === 'sum' ? [id] : [])))];
  // A value and the sum of a value over the batch never share an id here: the one is known once a run, the other not.
  const shared = inLine(bytesPerNumber)([...ofTime('run', touched.flat()), ...sumIds].map(bufferOf));
  const ofSamples = byLifetime(bytesPerNumber)(
    ofTime('sample', touched.flat()).map(bufferOf),
    touched.map((ids) => ofTime('sample', ids).map(bufferOf)),
  );
  const numbersTo = (offsets: ReadonlyMap<number, number>, id: ValueId): number =>
    (offsets.get(id) ?? 0) / bytesPerNumber;
  const placeOf = (id: ValueId): Place =>
    timeOf(id) === 'sample'
      ? { at: numbersTo(ofSamples.offsets, id), of: 'sample', length: lengthAt(id) }
      : { at: numbersTo(shared.offsets, id), of: 'all', length: lengthAt(id) };
  const resultOf = (name: string, id: ValueId): Result => {
    const holds = holdsOf(id);
    const sum: Place = { at: numbersTo(shared.offsets, id), of: 'all', length: lengthAt(id) };
    return { name, holds, ...(holds === 'sum' ? sum : placeOf(id)) };
  };
  const constant = (name: string, value: number): string => `const ${name} = ${whole(value)};`;
  const sharedLength = shared.bytes / bytesPerNumber;

  return {
    shader: [
      constant(sampleStart, sharedLength),
      ...sumIds.map((id) => constant(constantOf.sum(id), numbersTo(shared.offsets, id))),
      ...ofTime('run', touched.flat()).map((id) => constant(constantOf.value(id), numbersTo(shared.offsets, id))),
      ...ofTime('sample', touched.flat()).map((id) => constant(constantOf.value(id), numbersTo(ofSamples.offsets, id))),
      prelude,
      ...noted.map(({ kernel }) => kernel.code),
    ].join('\n'),
    kernels: noted.map(({ kernel: { time, grid } }) => ({ time, grid })),
    parameters: parameters.map(([name, id]) => ({ name, ...placeOf(id) })),
    inputs: inputs.map(([name, id]) => ({ name, ...placeOf(id) })),
    results: outputs.map(([name, id]) => resultOf(name, id)),
    sharedLength,
    sampleLength: ofSamples.bytes / bytesPerNumber,
  };
};
