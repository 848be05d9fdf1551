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
  readonly inputs: () => readonly Staged[];
  readonly parameters: () => readonly PlacedParameter[];
}

/** The declarations of one lowering. */
export const declaredOf = ({ chunkGrid }: Context, { staged, shared, load }: Arrays): Declared => {
  const numbersOf = lengthOf(chunkGrid.size);
  const parameters = new Array<PlacedParameter>();
  const inputs = new Map<string, Staged>();
  return {
    input: (id, { name, type }) => {
      const known = inputs.get(name) ?? staged(name, numbersOf(type));
      inputs.set(name, known);
      load(id, known);
    },
    parameter: (id, { name, type }) => {
      const length = numbersOf(type);
      const place = shared(length);
      parameters.push({ name, place, length });
      load(id, place);
    },
    inputs: () => [...inputs.values()],
    parameters: () => parameters,
  };
};
