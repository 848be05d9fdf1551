/**
 * The views of values that later steps read.
 *
 * A `broadcast`, a `fill` of a field and a `slice` are views alone: rows that all planes share, or a part of the planes
 * of another value. Values that depend on parameters alone are spread over the samples where they meet values of samples.
 */
import { meaningOf, type ValueId } from '../../program/program.ts';
import { promisedField } from '../../program/promised-type.ts';
import { lengthOf } from '../../program/value-type.ts';
import type { BindingTime } from '../schedule/binding-time.ts';
import { beyond } from './place.ts';
import { fieldLayout, noStrides, type Extents } from './grid.ts';
import type { Setting } from './setting.ts';
import { spreadingOf, type Once, type Spreading } from './spreading.ts';
import type { View } from './steps.ts';
import { storageOf, type Storage } from './storage.ts';
import { sweepsOf, type Sweeps } from './sweeps.ts';

/** Where values lie, and the steps that bring each into the form that a reader asks for. */
export interface Values
  extends Sweeps, Pick<Spreading, 'row'>, Pick<Storage, 'timeOf' | 'gridOf' | 'allocated' | 'store' | 'close'> {
  /** A value as the steps of a binding time read it; its halo may be missing. */
  readonly view: (id: ValueId, time: BindingTime) => View;
  /** A field with a halo `width` wide at least. */
  readonly haloed: (id: ValueId, time: BindingTime, width: number) => View;
  readonly once: Once;
}

const onceEach = (): Once => {
  const made = new Map<string, View>();
  return (key, make) => {
    const view = made.get(key) ?? make();
    made.set(key, view);
    return view;
  };
};

/** The values of one lowering. */
export const valuesOf = (setting: Setting): Values => {
  const { program, chunkGrid } = setting;
  const typeOf = meaningOf(program.types);
  const sweeps = sweepsOf(setting);
  const storage = storageOf(setting, sweeps);
  const { timeOf, gridOf, haloOf, allocated, store, stored, own, wrap, close } = storage;
  const once = onceEach();
  const spreading = spreadingOf(setting, storage, once, (id, time) => view(id, time));

  /** What a sweep over a field of this value's type runs through. */
  const extentsOf = (id: ValueId, time: BindingTime): Extents =>
    fieldLayout(gridOf(time), promisedField(typeOf(id)), 0).extents;

  const view: Values['view'] = (id, time) => {
    const equation = meaningOf(program.equations)(id);
    const type = typeOf(id);
    if (equation.tag === 'fill') {
      const N = chunkGrid.size;
      return type.tag === 'field'
        ? { ...spreading.row(equation.scalar, time, N), extents: extentsOf(id, time), strides: noStrides }
        : spreading.row(equation.scalar, time, lengthOf(N)(type));
    }
    if (equation.tag === 'broadcast') {
      const rows = spreading.channelRows(equation.bias, time, promisedField(type).channels);
      return { ...rows, extents: extentsOf(id, time) };
    }
    if (equation.tag === 'slice') {
      const { place, strides } = view(equation.field, time);
      return { place: beyond(place, equation.from * strides.channel), extents: extentsOf(id, time), strides };
    }
    return timeOf(id) === time ? own(id) : spreading.spread(id);
  };

  const haloed: Values['haloed'] = (id, time, width) => {
    const known = timeOf(id) === time ? stored(id) : undefined;
    if (width === 0 || known !== undefined) {
      return known ?? view(id, time);
    }
    return once(`haloed ${id} ${time}`, () => {
      const from = view(id, time);
      const to = allocated(timeOf(id), fieldLayout(gridOf(time), promisedField(typeOf(id)), haloOf(id)));
      sweeps.copy(timeOf(id), from, to);
      wrap(timeOf(id), gridOf(time), to, haloOf(id));
      return to;
    });
  };

  return { timeOf, gridOf, allocated, store, close, row: spreading.row, ...sweeps, view, haloed, once };
};
