/** How kernels read values: where an entry lies in memory, seen through values that are never stored. */
import { interpret, uniform } from '../../program/operation.ts';
import { meaningOf, type ValueId } from '../../program/program.ts';
import { promisedField } from '../../program/promised-type.ts';
import type { TypedProgram } from '../../program/typecheck.ts';
import { lengthOf, type FieldType, type ValueType } from '../../program/value-type.ts';
import type { BindingTime } from '../schedule/binding-time.ts';
import { real, whole, type Code } from './wgsl.ts';

/** An entry of a value in a sample: of a field by component, channel and site, of other values by its number. */
export type Entry =
  | {
      readonly tag: 'field';
      readonly sample: Code;
      readonly component: Code;
      readonly channel: Code;
      readonly site: Code;
    }
  | { readonly tag: 'numbered'; readonly sample: Code; readonly number: Code };

/** The only entry of a scalar. */
export const only = (sample: Code): Entry => ({ tag: 'numbered', sample, number: '0u' });

/** The entry of a number, counted through a value of some type on a lattice of so many sites. */
export const entryOf = (type: ValueType, sites: number, sample: Code, number: Code): Entry =>
  type.tag === 'field'
    ? {
        tag: 'field',
        sample,
        component: `(${number} / ${whole(type.channels * sites)})`,
        channel: `(${number} / ${whole(sites)} % ${whole(type.channels)})`,
        site: `(${number} % ${whole(sites)})`,
      }
    : { tag: 'numbered', sample, number };

const numberIn = (
  type: FieldType,
  sites: number,
  { component, channel, site }: Entry & { readonly tag: 'field' },
): Code => `(${component} * ${whole(type.channels)} + ${channel}) * ${whole(sites)} + ${site}`;

/** The name of the constant which says where what samples share ends. */
export const sampleStart = 'sampleStart';

/** The name of the constant which says where a value lies, or the sum of an output over the batch. */
export const constantOf = { value: (id: ValueId): string => `at${id}`, sum: (id: ValueId): string => `sum${id}` };

/** Where the entry of a number lies in memory: samples lie one after the other, behind what they share. */
export const addressOf = (id: ValueId, time: BindingTime, length: number, sample: Code, number: Code): Code =>
  time === 'sample'
    ? `${sampleStart} + ${constantOf.value(id)} * run.samples + ${sample} * ${whole(length)} + ${number}`
    : `${constantOf.value(id)} + ${number}`;

/** Reads entries for one kernel: `read` is the expression of an entry, `readSoFar` what lies in memory and was asked for. */
export interface Reader {
  readonly read: (id: ValueId, entry: Entry) => Code;
  readonly readSoFar: () => readonly ValueId[];
}

/** Makes a reader of a program's values. */
export const readerOf = (program: TypedProgram, times: readonly BindingTime[], latticeSize: number) => (): Reader => {
  const sites = latticeSize * latticeSize;
  const known = new Set<ValueId>();
  const read = (id: ValueId, entry: Entry): Code => {
    const type = meaningOf(program.types)(id);
    const stored = (): Code => {
      known.add(id);
      const number = entry.tag === 'field' ? numberIn(promisedField(type), sites, entry) : entry.number;
      return `memory[${addressOf(id, meaningOf(times)(id), lengthOf(latticeSize)(type), entry.sample, number)}]`;
    };
    const ofChannel = (number: Code): Entry => ({ tag: 'numbered', sample: entry.sample, number });
    return interpret<ValueId, Code>({
      ...uniform<ValueId, Code>(stored),
      constant: ({ value }) => real(value),
      fill: ({ scalar }) => read(scalar, only(entry.sample)),
      broadcast: ({ bias }) => read(bias, ofChannel(entry.tag === 'field' ? entry.channel : entry.number)),
      slice: ({ field, from }) =>
        read(field, entry.tag === 'field' ? { ...entry, channel: `(${entry.channel} + ${whole(from)})` } : entry),
    })(meaningOf(program.equations)(id));
  };
  return { read, readSoFar: () => [...known] };
};
