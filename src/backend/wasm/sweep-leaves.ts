/** Where a sweep finds its leaves in memory: each becomes an entry of a field, so many bytes from where the sweep is. */
import { lengthOf } from '../../program/value-type.ts';
import type { BindingTime } from '../schedule/binding-time.ts';
import { mapLeaves, withFusedProducts } from '../schedule/entry-expression.ts';
import type { Component, Sweep } from '../schedule/sweep.ts';
import { noStrides } from './grid.ts';
import type { FieldEntry } from './kernels/entries.ts';
import type { Setting } from './setting.ts';
import type { View } from './steps.ts';
import type { LocatedExpression } from './sweeps.ts';
import type { Values } from './values.ts';

/** The fields that a sweep reads, in the order of asking: those of one place and alike strides are one. */
const fieldList = () => {
  const fields = new Array<View>();
  const known = new Map<string, number>();
  return {
    fields,
    entryOf: ({ place, extents, strides }: View, component: Component): FieldEntry => {
      const moving = component === 'each' ? strides : { ...strides, component: 0 };
      const key = JSON.stringify([place.buffer.id, place.offset, moving]);
      const field = known.get(key) ?? fields.push({ place, extents, strides: moving }) - 1;
      known.set(key, field);
      return { field, offset: component === 'each' ? 0 : component * strides.component };
    },
  };
};

/** Locates what a sweep reads, as steps of a binding time read it. */
export type Locate = (sweep: Sweep, time: BindingTime) => LocatedExpression;

/** Where products and sums round once, a product that is added is fused with its sum. */
export const locatedBy =
  ({ chunkGrid: { size: N }, arithmetic }: Setting, { view, row }: Values): Locate =>
  ({ over, expression }, time) => {
    const { fields, entryOf } = fieldList();
    const repeats = over.tag === 'field' ? N : lengthOf(N)(over);
    const located = mapLeaves(expression, (leaf) =>
      leaf.tag === 'entry'
        ? entryOf(view(leaf.value, time), leaf.component)
        : entryOf({ ...row(leaf.value, time, repeats), strides: noStrides }, 0),
    );
    return { fields, expression: arithmetic === 'fused' ? withFusedProducts(located) : located };
  };
