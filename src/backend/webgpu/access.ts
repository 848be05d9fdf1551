/** How kernels read values: where an entry lies in memory, seen through values that are never stored. */
import { interpret, uniform } from '../../program/operation.ts';
import { meaningOf, type ValueId } from '../../program/program.ts';
import { promisedField } from '../../program/promised-type.ts';
import type { TypedProgram } from '../../program/typecheck.ts';
import { lengthOf, type FieldType, type ValueType } from '../../program/value-type.ts';
import type { BindingTime } from '../schedule/binding-time.ts';
import { real, whole, type ArrayName, type Code, type Names } from './wgsl.ts';

/**
 * An entry of a value in a sample: of a field by component, channel and site, of other values by its number. It `isHere`
 * where the kernel is: values that it has computed there are at hand.
 */
export type Entry =
  | {
      readonly tag: 'field';
      readonly sample: Code;
      readonly component: Code;
      readonly channel: Code;
      readonly site: Code;
      readonly isHere: boolean;
    }
  | { readonly tag: 'numbered'; readonly sample: Code; readonly number: Code; readonly isHere: boolean };

/** The only entry of a scalar. */
export const only = (sample: Code): Entry => ({ tag: 'numbered', sample, number: '0u', isHere: false });

/** The entry of a number, counted through a value of some type on a lattice of so many sites. */
export const entryOf = (type: ValueType, sites: number, sample: Code, number: Code): Entry =>
  type.tag === 'field'
    ? {
        tag: 'field',
        sample,
        component: `(${number} / ${whole(type.channels * sites)})`,
        channel: `(${number} / ${whole(sites)} % ${whole(type.channels)})`,
        site: `(${number} % ${whole(sites)})`,
        isHere: false,
      }
    : { tag: 'numbered', sample, number, isHere: false };

const numberIn = (type: ValueType, sites: number, entry: Entry): Code => {
  if (entry.tag === 'numbered') {
    return entry.number;
  }
  const { channels }: FieldType = promisedField(type);
  return `(${entry.component} * ${whole(channels)} + ${entry.channel}) * ${whole(sites)} + ${entry.site}`;
};

/** What kernels of a program are written for. */
export interface Setting {
  readonly program: TypedProgram;
  /** When each value is known. */
  readonly times: readonly BindingTime[];
  readonly latticeSize: number;
  /** The array that holds a value. */
  readonly arrayOf: (id: ValueId) => ArrayName;
}

/** What the text of a kernel is written from. */
export interface Writing extends Setting {
  readonly names: Names;
}

/** The name of the constant which says where what samples share ends. */
export const sampleStart = 'sampleStart';

/** Where an entry lies of a value that begins at a constant: samples lie one after the other, behind what they share. */
export const placeAt = (
  { program, times, latticeSize }: Writing,
  id: ValueId,
  entry: Entry,
  array: ArrayName,
  at: Code,
): Code => {
  const type = meaningOf(program.types)(id);
  const number = numberIn(type, latticeSize * latticeSize, entry);
  const address =
    meaningOf(times)(id) === 'sample'
      ? `${sampleStart} + ${at} * portion.samples + ${entry.sample} * ${whole(lengthOf(latticeSize)(type))} + ${number}`
      : `${at} + ${number}`;
  return `${array}[${address}]`;
};

/** Where an entry of a value is stored. */
export const placeOf = (writing: Writing, id: ValueId, entry: Entry): Code =>
  placeAt(writing, id, entry, writing.arrayOf(id), writing.names.start('value', id));

/** What a kernel has computed where it is: the name of each component of a value, by the component. */
export type Computed = ReadonlyMap<ValueId, readonly Code[]>;

/** The component of a field at an entry as a literal, and of other values the first. */
const componentOf = (entry: Entry): Code => (entry.tag === 'field' ? entry.component : '0u');

/** The expression of an entry of a value, of which some have been computed where it is. */
export const readEntry = (writing: Writing, computed: Computed) => {
  const equationOf = meaningOf(writing.program.equations);
  const read = (id: ValueId, entry: Entry): Code => {
    const names = entry.isHere ? computed.get(id) : undefined;
    const name = names?.find((_, component) => whole(component) === componentOf(entry));
    const stored = (): Code => name ?? placeOf(writing, id, entry);
    const ofChannel = (number: Code): Entry => ({ tag: 'numbered', sample: entry.sample, number, isHere: false });
    return interpret<ValueId, Code>({
      ...uniform<ValueId, Code>(stored),
      constant: ({ value }) => real(value),
      fill: ({ scalar }) => read(scalar, only(entry.sample)),
      broadcast: ({ bias }) => read(bias, ofChannel(entry.tag === 'field' ? entry.channel : entry.number)),
      slice: ({ field, from }) =>
        read(
          field,
          entry.tag === 'field' ? { ...entry, channel: `(${entry.channel} + ${whole(from)})`, isHere: false } : entry,
        ),
    })(equationOf(id));
  };
  return read;
};

/** Where a value is read from: itself, or what it is a view of, and then at other entries. */
export interface Origin {
  readonly value: ValueId;
  readonly isSameEntry: boolean;
}

/** The origin of a value; a constant has none. */
export const originOf = (program: TypedProgram, id: ValueId): Origin | null => {
  const beyond = (value: ValueId): Origin | null => {
    const found = originOf(program, value);
    return found === null ? null : { ...found, isSameEntry: false };
  };
  return interpret<ValueId, Origin | null>({
    ...uniform<ValueId, Origin | null>(() => ({ value: id, isSameEntry: true })),
    constant: () => null,
    fill: ({ scalar }) => beyond(scalar),
    broadcast: ({ bias }) => beyond(bias),
    slice: ({ field }) => beyond(field),
  })(meaningOf(program.equations)(id));
};
