/**
 * The memory of each value. What depends on parameters alone is computed once a run, by itself (`samples` 1); all else
 * for the samples of a chunk, side by side.
 */
import { meaningOf, type ValueId } from '../../program/program.ts';
import type { BindingTime } from '../schedule/binding-time.ts';
import { beyond, placeIn } from './place.ts';
import { layoutOf, type Grid, type Layout } from './grid.ts';
import { halosOf } from './halos.ts';
import { halo } from './kernels/halo.ts';
import type { Setting } from './setting.ts';
import type { View } from './steps.ts';
import type { Sweeps } from './sweeps.ts';

/** Where values are stored, with the halos that their readers need. */
export interface Storage {
  readonly timeOf: (id: ValueId) => BindingTime;
  /** The lattice and the samples that values of a binding time are computed on. */
  readonly gridOf: (time: BindingTime) => Grid;
  /** The width of the halo that the readers of a value need. */
  readonly haloOf: (id: ValueId) => number;
  /** Memory of a layout, and the view of all of it. */
  readonly allocated: (time: BindingTime, layout: Layout) => View;
  /** Memory for a value, with its halo. */
  readonly store: (id: ValueId) => View;
  /** A value that has been stored; undefined for any other. */
  readonly stored: (id: ValueId) => View | undefined;
  /** A value as it is stored. Constants are written where somebody first reads them, others have been stored. */
  readonly own: (id: ValueId) => View;
  /** Fills the halo of a view, `width` sites wide. */
  readonly wrap: (time: BindingTime, grid: Grid, view: View, width: number) => void;
  /** Fills the halo of a stored value, once it is there. */
  readonly close: (id: ValueId) => void;
}

/** The storage of one lowering, in which nothing is stored yet. */
export const storageOf = (setting: Setting, { sweep }: Sweeps): Storage => {
  const { program, times, chunkGrid, record } = setting;
  const halos = halosOf(setting);
  const haloOf = meaningOf(halos);
  const timeOf = meaningOf(times);
  const gridOf = (time: BindingTime): Grid => (time === 'run' ? { size: chunkGrid.size, samples: 1 } : chunkGrid);
  const known = new Map<ValueId, View>();

  const allocated: Storage['allocated'] = (time, { extents, strides, origin, bytes }) => ({
    place: beyond(placeIn(record.buffer(time === 'run' ? 'shared' : 'arena', bytes), 0), origin),
    extents,
    strides,
  });
  const store: Storage['store'] = (id) => {
    const layout = layoutOf(gridOf(timeOf(id)), meaningOf(program.types)(id), haloOf(id));
    const view = allocated(timeOf(id), layout);
    known.set(id, view);
    return view;
  };
  const own: Storage['own'] = (id) => {
    const view = known.get(id);
    if (view !== undefined) {
      return view;
    }
    const equation = meaningOf(program.equations)(id);
    if (equation.tag !== 'constant') {
      throw new RangeError(`value ${id}, ${equation.tag}, is read before it is computed`);
    }
    const to = store(id);
    sweep('run', to.extents, { fields: [], expression: [{ tag: 'constant', value: equation.value }] }, to, false);
    return to;
  };
  const wrap: Storage['wrap'] = (time, grid, { place, extents, strides }, width) => {
    if (width > 0) {
      const { components, channels } = extents;
      record.step(time, halo, { grid, components, channels, strides, width }, [place]);
    }
  };
  return {
    timeOf,
    gridOf,
    haloOf,
    allocated,
    store,
    stored: (id) => known.get(id),
    own,
    wrap,
    close: (id) => {
      wrap(timeOf(id), gridOf(timeOf(id)), own(id), haloOf(id));
    },
  };
};
