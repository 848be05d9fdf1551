/** Inputs and parameters: where callers put them, and the steps that bring them into memory. */
import type { ValueId } from '../../program/program.ts';
import { lengthOf, type ValueType } from '../../program/value-type.ts';
import type { Place } from './place.ts';
import type { Arrays } from './arrays.ts';
import type { Context } from './context.ts';
import type { Staged } from './steps.ts';

/** Where a parameter is put before a run. */
export interface PlacedParameter {
  readonly name: string;
  readonly place: Place;
  readonly length: number;
}

/** An array of the resident data: where it is written once, and how many numbers of each sample it has. */
export interface PlacedData {
  readonly name: string;
  readonly place: Place;
  readonly length: number;
}

/** Where a run finds its samples: staged, or at places in data that are resident. */
export type Inputs =
  | { readonly tag: 'staged'; readonly arrays: readonly Staged[] }
  | { readonly tag: 'resident'; readonly places: Staged; readonly data: readonly PlacedData[] };

/** What is declared, by name and type. */
interface Declaration {
  readonly name: string;
  readonly type: ValueType;
}

/** Notes the steps of what a program declares. */
export interface Declared {
  readonly input: (id: ValueId, declaration: Declaration) => void;
  readonly parameter: (id: ValueId, declaration: Declaration) => void;
  /** The inputs so far, each name once. */
  readonly inputs: () => Inputs;
  readonly parameters: () => readonly PlacedParameter[];
}

/** Notes the steps that bring inputs into memory. */
type DeclaredInputs = Pick<Declared, 'input' | 'inputs'>;

const stagedInputs = (numbersOf: (type: ValueType) => number, { staged, load }: Arrays): DeclaredInputs => {
  const arrays = new Map<string, Staged>();
  return {
    input: (id, { name, type }) => {
      const known = arrays.get(name) ?? staged(name, numbersOf(type));
      arrays.set(name, known);
      load(id, known);
    },
    inputs: () => ({ tag: 'staged', arrays: [...arrays.values()] }),
  };
};

/** Of `count` samples that are resident; what is staged of a sample is its place among them. */
const residentInputs = (
  numbersOf: (type: ValueType) => number,
  { staged, floats, gather }: Arrays,
  count: number,
): DeclaredInputs => {
  const data = new Map<string, PlacedData>();
  const places = staged('', 1);
  return {
    input: (id, { name, type }) => {
      const length = numbersOf(type);
      const known = data.get(name) ?? { name, place: floats(count * length), length };
      data.set(name, known);
      gather(id, known.place, places);
    },
    inputs: () => ({ tag: 'resident', places, data: [...data.values()] }),
  };
};

/** The declarations of one lowering. */
export const declaredOf = ({ chunkGrid, residentSamples }: Context, arrays: Arrays): Declared => {
  const numbersOf = lengthOf(chunkGrid.size);
  const parameters = new Array<PlacedParameter>();
  const inputs =
    residentSamples === null ? stagedInputs(numbersOf, arrays) : residentInputs(numbersOf, arrays, residentSamples);
  return {
    ...inputs,
    parameter: (id, { name, type }) => {
      const length = numbersOf(type);
      const place = arrays.shared(length);
      parameters.push({ name, place, length });
      arrays.load(id, place);
    },
    parameters: () => parameters,
  };
};
