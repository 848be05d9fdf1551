/** Channels of several fields, one after the other. */
import { meaningOf, type ValueId } from '../../program/program.ts';
import { promisedField } from '../../program/promised-type.ts';
import { beyond } from './place.ts';
import type { Context } from './context.ts';

/** Writes the parts of a concatenation one after the other, each into its own channels. */
export const concatenationOf =
  ({ program, values: { timeOf, store, close, view, copy } }: Context) =>
  (id: ValueId, parts: readonly ValueId[]): void => {
    const time = timeOf(id);
    const to = store(id);
    const counts = parts.map((part) => promisedField(meaningOf(program.types)(part)).channels);
    parts.forEach((part, index) => {
      const before = counts.slice(0, index).reduce((sum, count) => sum + count, 0);
      const place = beyond(to.place, before * to.strides.channel);
      copy(time, view(part, time), { ...to, place });
    });
    close(id);
  };
