/**
 * The storage of each value, and the views of it that later steps read.
 *
 * Values that depend on parameters alone are computed once a run, by themselves (`samples` 1), and spread over the
 * samples where they meet values of samples. A `broadcast`, a `fill` of a field and a `slice` are views: rows that
 * all planes share, or a part of the planes of another value.
 */
import { isStencil } from '../../program/operation.ts';
import { meaningOf, type ValueId } from '../../program/program.ts';
import { promisedField, promisedKernel } from '../../program/promised-type.ts';
import type { TypedProgram } from '../../program/typecheck.ts';
import { lengthOf, type FieldType, type ValueType } from '../../program/value-type.ts';
import type { BindingTime } from '../schedule/binding-time.ts';
import { beyond, placeIn } from '../schedule/buffer.ts';
import {
  bytesPerNumber,
  fieldLayout,
  layoutOf,
  lineBytes,
  noStrides,
  runLayout,
  type Extents,
  type Grid,
  type Layout,
  type Strides,
} from './grid.ts';
import type { Arithmetic } from './kernels/arithmetic.ts';
import { halo } from './kernels/halo.ts';
import { pointwise, type Node } from './kernels/pointwise.ts';
import { transfer } from './kernels/transfer.ts';
import type { Recorder, View } from './steps.ts';

/** Where values lie, and the steps that bring each into the form that a reader asks for. */
export interface Values {
  readonly timeOf: (id: ValueId) => BindingTime;
  /** The lattice and the samples that values of a binding time are computed on. */
  readonly gridOf: (time: BindingTime) => Grid;
  /** Memory of a layout, and the view of all of it. */
  readonly allocated: (time: BindingTime, layout: Layout) => View;
  /** Memory for a value, with the halo that its readers need. */
  readonly store: (id: ValueId) => View;
  /** Fills the halo of a stored value, once it is there. */
  readonly close: (id: ValueId) => void;
  /** A value as the steps of a binding time read it; its halo may be missing. */
  readonly view: (id: ValueId, time: BindingTime) => View;
  /** A field with a halo `width` wide at least. */
  readonly haloed: (id: ValueId, time: BindingTime, width: number) => View;
  /** A scalar, repeated `repeats` times for each sample, as a row that all planes share. */
  readonly row: (scalar: ValueId, time: BindingTime, repeats: number) => View;
  /** Computes an expression of fields at every entry of a view. */
  readonly sweep: (
    time: BindingTime,
    extents: Extents,
    nodes: readonly Node[],
    fields: readonly View[],
    to: View,
    adds: boolean,
  ) => void;
  /** What `make` makes, once for each key. */
  readonly once: (key: string, make: () => View) => View;
}

const radius = (size: number): number => (size - 1) / 2;

/** The widest halo that the readers of each value ask for. */
export const halosOf = ({ equations, types }: TypedProgram): readonly number[] => {
  const halos = equations.map(() => 0);
  const widen = (field: ValueId, size: number): void => {
    halos[field] = Math.max(halos[field] ?? 0, radius(size));
  };
  for (const equation of equations) {
    if (isStencil(equation)) {
      widen(
        equation.field,
        equation.tag === 'kernelGradient' ? equation.size : promisedKernel(meaningOf(types)(equation.kernel)).size,
      );
    }
  }
  return halos;
};

/** The distances between neighbours in a field, outermost first: components, channels, rows, columns, samples. */
export const fieldSteps = ({ samples }: Grid, { component, channel, row }: Strides): readonly number[] => [
  component,
  channel,
  row,
  samples * bytesPerNumber,
  bytesPerNumber,
];

/** The values of a program whose binding times are `times`, on a grid for the samples of a chunk. */
export const valuesOf = (
  { equations, types }: TypedProgram,
  times: readonly BindingTime[],
  chunkGrid: Grid,
  arithmetic: Arithmetic,
  { buffer, step }: Recorder,
  halos: readonly number[],
): Values => {
  const N = chunkGrid.size;
  const typeOf = meaningOf(types);
  const haloOf = (id: ValueId): number => halos[id] ?? 0;
  const timeOf = meaningOf(times);
  const gridOf = (time: BindingTime): Grid => (time === 'run' ? { size: N, samples: 1 } : chunkGrid);
  const allocated = (time: BindingTime, { extents, strides, origin, bytes }: Layout): View => ({
    place: beyond(placeIn(buffer(time === 'run' ? 'shared' : 'arena', bytes), 0), origin),
    extents,
    strides,
  });

  const stored = new Map<ValueId, View>();
  const store = (id: ValueId): View => {
    const view = allocated(timeOf(id), layoutOf(gridOf(timeOf(id)), typeOf(id), haloOf(id)));
    stored.set(id, view);
    return view;
  };
  const memo = new Map<string, View>();
  const once = (key: string, make: () => View): View => {
    const view = memo.get(key) ?? make();
    memo.set(key, view);
    return view;
  };

  const wrap = (time: BindingTime, grid: Grid, { place, extents, strides }: View, width: number): void => {
    if (width > 0) {
      const { components, channels } = extents;
      step(time, halo, { grid, components, channels, strides, width }, [place]);
    }
  };

  const sweep: Values['sweep'] = (time, extents, nodes, fields, to, adds) => {
    const read = fields.map(({ strides }) => strides);
    const shape = { extents, fields: read, nodes, result: to.strides, adds, arithmetic };
    step(time, pointwise, shape, [...fields.map(({ place }) => place), to.place]);
  };

  /** Each group of `size` neighbouring numbers, `repeats` times: every group a row of its own, or all in one run. */
  const repeated = (
    time: BindingTime,
    from: View,
    { groups, size, repeats }: { readonly groups: number; readonly size: number; readonly repeats: number },
    layout: Layout,
  ): View => {
    const to = allocated(time, layout);
    const numbers = size * repeats;
    const groupBytes = layout.strides.channel === 0 ? numbers * bytesPerNumber : layout.strides.channel;
    const shape = {
      counts: [groups, repeats, size],
      from: [size * bytesPerNumber, 0, bytesPerNumber],
      to: [groupBytes, size * bytesPerNumber, bytesPerNumber],
    };
    step(time, transfer, shape, [from.place, to.place]);
    return to;
  };

  /** How often a number of a value is repeated for readers of a binding time, where each sample reads it `repeats` times. */
  const repeatsFor = (id: ValueId, time: BindingTime, repeats: number): number =>
    timeOf(id) === time ? repeats : repeats * chunkGrid.samples;

  const row: Values['row'] = (scalar, time, count) => {
    const own = timeOf(scalar);
    const repeats = repeatsFor(scalar, time, count);
    const { samples } = gridOf(own);
    return once(`row ${scalar} ${repeats}`, () =>
      repeated(own, view(scalar, own), { groups: 1, size: samples, repeats }, runLayout(repeats * samples)),
    );
  };

  /** For each channel of a bias a row. */
  const channelRows = (bias: ValueId, time: BindingTime, channels: number): View => {
    const own = timeOf(bias);
    const repeats = repeatsFor(bias, time, N);
    const { samples } = gridOf(own);
    const rowNumbers = repeats * samples;
    return once(`rows ${bias} ${repeats}`, () =>
      repeated(
        own,
        view(bias, own),
        { groups: channels, size: samples, repeats },
        {
          extents: { components: 1, channels, rows: 1, rowNumbers },
          strides: { component: 0, channel: lineBytes(rowNumbers), row: 0 },
          origin: 0,
          bytes: channels * lineBytes(rowNumbers),
        },
      ),
    );
  };

  /** A field that depends on parameters alone, for each of the samples of a chunk. */
  const spreadField = (from: View, type: FieldType): View => {
    const to = allocated('run', fieldLayout(chunkGrid, type, 0));
    const [component = 0, channel = 0, rowStep = 0, column = 0] = fieldSteps(gridOf('run'), from.strides);
    const shape = {
      counts: [type.components, type.channels, N, N, chunkGrid.samples],
      from: [component, channel, rowStep, column, 0],
      to: fieldSteps(chunkGrid, to.strides),
    };
    step('run', transfer, shape, [from.place, to.place]);
    return to;
  };

  const spread = (id: ValueId, type: ValueType): View =>
    once(`spread ${id}`, () => {
      const own = view(id, 'run');
      const length = lengthOf(N)(type);
      const { samples } = chunkGrid;
      return type.tag === 'field'
        ? spreadField(own, type)
        : repeated('run', own, { groups: length, size: 1, repeats: samples }, runLayout(length * samples));
    });

  const view: Values['view'] = (id, time) => {
    const equation = meaningOf(equations)(id);
    const type = typeOf(id);
    if (equation.tag === 'fill') {
      if (type.tag !== 'field') {
        return row(equation.scalar, time, lengthOf(N)(type));
      }
      const { extents } = fieldLayout(gridOf(time), type, 0);
      return { ...row(equation.scalar, time, N), extents, strides: noStrides };
    }
    if (equation.tag === 'broadcast') {
      const field = promisedField(type);
      const { extents } = fieldLayout(gridOf(time), field, 0);
      return { ...channelRows(equation.bias, time, field.channels), extents };
    }
    if (equation.tag === 'slice') {
      const { place, extents, strides } = view(equation.field, time);
      return {
        place: beyond(place, equation.from * strides.channel),
        extents: { ...extents, channels: promisedField(type).channels },
        strides,
      };
    }
    return timeOf(id) === time ? own(id) : spread(id, type);
  };

  /** A value as it is stored. Constants are written where somebody reads them from memory, others have been stored. */
  const own = (id: ValueId): View => {
    const known = stored.get(id);
    if (known !== undefined) {
      return known;
    }
    const equation = meaningOf(equations)(id);
    if (equation.tag !== 'constant') {
      throw new RangeError(`value ${id}, ${equation.tag}, is read before it is computed`);
    }
    const to = store(id);
    sweep('run', to.extents, [{ tag: 'constant', value: equation.value }], [], to, false);
    return to;
  };

  const haloed: Values['haloed'] = (id, time, width) => {
    const known = timeOf(id) === time ? stored.get(id) : undefined;
    if (width === 0 || known !== undefined) {
      return known ?? view(id, time);
    }
    return once(`haloed ${id} ${time}`, () => {
      const from = view(id, time);
      const to = allocated(timeOf(id), fieldLayout(gridOf(time), promisedField(typeOf(id)), haloOf(id)));
      sweep(timeOf(id), to.extents, [{ tag: 'entry', field: 0, offset: 0 }], [from], to, false);
      wrap(timeOf(id), gridOf(time), to, haloOf(id));
      return to;
    });
  };

  return {
    timeOf,
    gridOf,
    allocated,
    store,
    close: (id) => {
      wrap(timeOf(id), gridOf(timeOf(id)), own(id), haloOf(id));
    },
    view,
    haloed,
    row,
    sweep,
    once,
  };
};
