/** Where the numbers of a value lie while a program runs. */
import { biasType, fieldType, kernelType, lengthOf, type ValueType } from '../../program/value-type.ts';

/** Does one piece of work for the first `samples` samples of a chunk. */
export type Step = (samples: number) => void;

/** A second form of a value that some operation needs: a field with its periodic margin, a kernel reflected. */
export interface View {
  readonly numbers: Float64Array;
  /** Brings the view up to date with its value. */
  readonly refresh: Step;
}

/** The numbers of one value while a program runs, float64, with its type and how they are shared among samples. */
export interface Block {
  readonly type: ValueType;
  /**
   * `run`: the value is shared by all samples; `sample`: there is one for each sample of the chunk, one after the other;
   * `sum`: what is computed is added to what is there, for all samples.
   */
  readonly holds: 'run' | 'sample' | 'sum';
  /** How many numbers one value has. */
  readonly length: number;
  /** How far the value of the next sample is: `length`, or 0 where samples share one. */
  readonly stride: number;
  readonly numbers: Float64Array;
  /** The views that later operations have asked for; they are refreshed as soon as the value is computed. */
  readonly views: Map<string, View>;
}

/**
 * The same integer, held as one. V8 holds the results of `**` and `Math.sqrt` as floating-point numbers even where they are
 * integers, and a loop that indexes by such a number runs at half its speed.
 */
export const index = (n: number): number => n | 0;

/** The same type, its extents fit to index by. */
const indexable = (type: ValueType): ValueType => {
  switch (type.tag) {
    case 'field':
      return fieldType(index(type.components), index(type.channels));
    case 'kernel':
      return kernelType(index(type.outputs), index(type.inputs), index(type.size));
    case 'bias':
      return biasType(index(type.channels));
    case 'scalar':
      return type;
  }
};

/** A block for a value on an N x N lattice, for chunks of up to `chunk` samples. */
export const block = (type: ValueType, holds: Block['holds'], latticeSize: number, chunk: number): Block => {
  const length = index(lengthOf(latticeSize)(type));
  const samples = holds === 'sample' ? chunk : 1;
  return {
    type: indexable(type),
    holds,
    length,
    stride: holds === 'sample' ? length : 0,
    numbers: new Float64Array(samples * length),
    views: new Map(),
  };
};

/** The view of a block under a name, of so many numbers; made when it is first asked for. */
export const viewOf = (
  { views, numbers }: Block,
  name: string,
  length: number,
  refresh: (view: Float64Array, numbers: Float64Array, samples: number) => void,
): Float64Array => {
  const known = views.get(name);
  if (known !== undefined) {
    return known.numbers;
  }
  const view = new Float64Array(length);
  views.set(name, {
    numbers: view,
    refresh: (samples) => {
      refresh(view, numbers, samples);
    },
  });
  return view;
};
