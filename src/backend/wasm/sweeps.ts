/** Steps that go through fields entry by entry. */
import type { BindingTime } from '../schedule/binding-time.ts';
import type { EntryExpression } from '../schedule/entry-expression.ts';
import type { Extents } from './grid.ts';
import { entryItself, type FieldEntry } from './kernels/entries.ts';
import { pointwise } from './kernels/pointwise.ts';
import type { Setting } from './setting.ts';
import type { View } from './steps.ts';

/** An expression in the entries of some fields. */
export interface LocatedExpression {
  /** What the expression reads. */
  readonly fields: readonly View[];
  readonly expression: EntryExpression<FieldEntry>;
}

/** Notes the steps of sweeps. */
export interface Sweeps {
  /** Computes an expression at every entry of a view, and stores it there or adds it to what is there. */
  readonly sweep: (time: BindingTime, extents: Extents, what: LocatedExpression, to: View, adds: boolean) => void;
  /** Copies a view to another of the same extents. */
  readonly copy: (time: BindingTime, from: View, to: View) => void;
}

/** The sweeps of one lowering. */
export const sweepsOf = ({
  arithmetic,
  bits,
  record: { step },
}: Pick<Setting, 'arithmetic' | 'bits' | 'record'>): Sweeps => {
  const sweep: Sweeps['sweep'] = (time, extents, { fields, expression }, to, adds) => {
    const read = fields.map(({ strides }) => strides);
    const shape = { extents, fields: read, expression, result: to.strides, adds, arithmetic, bits };
    step(time, pointwise, shape, [...fields.map(({ place }) => place), to.place]);
  };
  return {
    sweep,
    copy: (time, from, to) => {
      sweep(time, from.extents, { fields: [from], expression: entryItself }, to, false);
    },
  };
};
