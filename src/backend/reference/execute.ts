/** Carries out a program that is laid out: the shared values once, then chunk after chunk of samples, and gathers the outputs. */
import type { Reals } from '../../number/reals.ts';
import { meaningOf, outputsOf, valueId } from '../../program/program.ts';
import type { TypedProgram } from '../../program/typecheck.ts';
import type { Arrays, Arguments } from '../backend.ts';
import { isSummed } from '../schedule/batch-sum.ts';
import type { Block } from './block.ts';
import { addSamples } from '../schedule/entrywise.kernel.ts';
import type { LaidOutProgram } from './laid-out-program.ts';

/** Puts the arguments of `samples` samples, from `first` on, where the steps will read them. */
const load = (block: Block, numbers: Reals, first: number, samples: number): void => {
  block.numbers.set(numbers.subarray(first * block.length, (first + samples) * block.length));
};

/** An output that is being gathered: told of each chunk, and at last of the whole batch. */
interface Gathered {
  readonly numbers: Float64Array;
  readonly addChunk: (first: number, samples: number) => void;
  readonly finish: () => void;
}

const nothing = (): void => undefined;

/** One value for each sample, one after the other. */
const gatherSamples = ({ holds, numbers, length }: Block, batch: number): Gathered => {
  const gathered = new Float64Array(batch * length);
  return {
    numbers: gathered,
    addChunk: (first, samples) => {
      for (let s = 0; s < (holds === 'run' ? samples : 0); s += 1) {
        gathered.set(numbers, (first + s) * length);
      }
      if (holds === 'sample') {
        gathered.set(numbers.subarray(0, samples * length), first * length);
      }
    },
    finish: nothing,
  };
};

/** The sum of the values of all samples. */
const gatherSum = ({ holds, numbers, length }: Block, batch: number): Gathered => {
  const sum = new Float64Array(length);
  return {
    numbers: sum,
    addChunk:
      holds === 'sample'
        ? (_, samples) => {
            addSamples(sum, numbers, samples);
          }
        : nothing,
    finish: () => {
      const copies = holds === 'run' ? batch : 1;
      if (holds !== 'sample') {
        sum.set(numbers.map((x) => copies * x));
      }
    },
  };
};

const gather = (block: Block, batch: number): Gathered =>
  isSummed(block.type) ? gatherSum(block, batch) : gatherSamples(block, batch);

/** The outputs of a program for a batch whose arguments have been checked. */
export const execute = (
  program: TypedProgram,
  laidOut: LaidOutProgram,
  { parameters, inputs, batch }: Arguments,
): Arrays => {
  const { blocks, chunk } = laidOut;
  const blockAt = (index: number): Block => meaningOf(blocks)(valueId(index));
  blocks.filter(({ holds }) => holds === 'sum').forEach(({ numbers }) => numbers.fill(0));
  program.equations.forEach((equation, index) => {
    const given = equation.tag === 'parameter' ? parameters[equation.name] : undefined;
    if (given !== undefined) {
      load(blockAt(index), given, 0, 1);
    }
  });
  laidOut.shared(1);
  const arriving = program.equations.flatMap((equation, index) => {
    const given = equation.tag === 'input' ? inputs[equation.name] : undefined;
    return given === undefined ? [] : [{ block: blockAt(index), given }];
  });
  const gathered = Object.entries(outputsOf(program)(blocks)).map(([name, block]) => ({
    name,
    ...gather(block, batch),
  }));
  for (let first = 0; first < batch; first += chunk) {
    const samples = Math.min(chunk, batch - first);
    arriving.forEach(({ block, given }) => load(block, given, first, samples));
    laidOut.perChunk(samples);
    gathered.forEach(({ addChunk }) => addChunk(first, samples));
  }
  return Object.fromEntries(
    gathered.map(({ name, numbers, finish }) => {
      finish();
      return [name, numbers] as const;
    }),
  );
};
