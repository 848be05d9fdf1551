/**
 * Correlations and kernel gradients as products of spectra. Gradients are summed as spectra over the chunks of a group, and
 * transformed back once a group.
 *
 * One number that is not finite makes all of its sample's planes so, and every gradient that reads them, where tap by tap it
 * would reach its neighbours alone.
 */
import { meaningOf, type ValueId } from '../../program/program.ts';
import { promisedField, promisedKernel } from '../../program/promised-type.ts';
import type { Correlation } from '../schedule/passes.ts';
import type { Sweep } from '../schedule/sweep.ts';
import { torusSpectrum } from '../schedule/torus-spectrum.ts';
import type { Context } from './context.ts';
import type { Correlate } from './correlations.ts';
import type { Differentiate } from './kernel-gradients.ts';
import { bytesPerNumber } from './grid.ts';
import { range } from './kernels/arithmetic.ts';
import { lineSums } from './kernels/fold.ts';
import { product, tileOutputs, type Product } from './kernels/product.ts';
import { gradientCells, spectralGradient } from './kernels/spectral-gradient.ts';
import { gatherTaps } from './kernels/torus-taps.ts';
import { inverse } from './kernels/transform.ts';
import { beyond, placeIn, type Place } from './place.ts';
import { planeBytes, slotBytes } from './spectrum-layout.ts';
import {
  gridOfCells,
  planeOfCells,
  spectralFactor,
  spectralValuesOf,
  torusOffsets,
  type SpectralValues,
} from './spectral-values.ts';
import type { View } from './steps.ts';
import { offsetTable } from './taps.ts';

/** Notes the steps of passes that are taken in spectra. */
export interface SpectralPasses {
  readonly correlation: Correlate;
  readonly gradient: Differentiate;
  /** Notes a field that its transform computes, or the steps that add sums over sites to a sum over the batch. */
  readonly sweep: (sweep: Sweep, sum: Place | null) => void;
}

/** One of the correlations whose sum is transformed back: the spectra that are multiplied, and how. */
interface Term {
  readonly shape: Pick<Product, 'inputs' | 'kernel' | 'conjugate'>;
  readonly kernel: Place;
  readonly field: Place;
}

const correlationsIn = (context: Context, spectra: SpectralValues): Correlate => {
  const { program, spectra: schedule, chunkGrid: grid, arithmetic, bits, record, values } = context;
  const typeOf = meaningOf(program.types);
  const plane = planeBytes(grid);
  /** Sums that go on, to the correlation that starts from them, and the value that they were begun with. */
  const unfinished = new Map<ValueId, { readonly terms: readonly Term[]; readonly start: ValueId | null }>();

  const termOf = ({ tag, kernel, field }: Correlation): Term => {
    const { outputs, inputs } = promisedKernel(typeOf(kernel));
    const slot = gridOfCells(grid, outputs * inputs).samples;
    const shape =
      tag === 'correlate'
        ? { inputs, kernel: { slot, output: inputs, input: 1 }, conjugate: true }
        : { inputs: outputs, kernel: { slot, output: 1, input: inputs }, conjugate: false };
    return { shape, kernel: spectra.kernel(kernel), field: spectra.field(field) };
  };

  /**
   * Notes the steps of a sum of correlations, and of what it starts from. A few outputs are multiplied and transformed back before the
   * next ones, in the same planes, so that these planes stay in the first cache. Since each few read all inputs again, they are as many
   * as there are inputs, in whole tiles.
   */
  const transformedBack = (stores: ValueId, terms: readonly Term[], start: ValueId | null): void => {
    const { components, channels } = promisedField(typeOf(stores));
    const added = start === null ? null : values.view(start, 'sample');
    const to = values.store(stores);
    const tile = tileOutputs[bits];
    const most = tile * Math.max(...terms.map(({ shape }) => Math.ceil(shape.inputs / tile)));
    const spectrum = placeIn(record.buffer('arena', Math.min(channels, most) * plane), 0);
    const few = (component: number, first: number, outputs: number): void => {
      terms.forEach(({ shape, kernel, field }, index) => {
        record.step('sample', product, { ...shape, grid, outputs, adds: index > 0, arithmetic, bits }, [
          beyond(kernel, first * shape.kernel.output * bytesPerNumber),
          beyond(field, component * shape.inputs * plane),
          spectrum,
        ]);
      });
      const planes = { grid, components: 1, channels: outputs, field: to.strides, arithmetic, bits };
      const placeOf = ({ place, strides }: View): Place =>
        beyond(place, component * strides.component + first * strides.channel);
      record.step('sample', inverse, { ...planes, start: added?.strides ?? null }, [
        spectrum,
        spectra.scratch('sample'),
        placeOf(added ?? to),
        placeOf(to),
      ]);
    };
    range(components).forEach((component) => {
      range(Math.ceil(channels / most)).forEach((index) => {
        few(component, index * most, Math.min(most, channels - index * most));
      });
    });
    values.close(stores);
  };

  return (stores, correlation, start) => {
    const sum = start === null ? undefined : unfinished.get(start);
    const terms = [...(sum?.terms ?? []), termOf(correlation)];
    const begun = sum === undefined ? start : sum.start;
    if (schedule.goesOn(stores)) {
      unfinished.set(stores, { terms, start: begun });
    } else {
      transformedBack(stores, terms, begun);
    }
  };
};

const gradientsIn = (context: Context, spectra: SpectralValues): Differentiate => {
  const { program, chunkGrid: grid, arithmetic, bits, record } = context;
  const typeOf = meaningOf(program.types);
  const tableOf = offsetTable(context);
  /** The spectrum of a group's gradient, by the buffer of the sum that it is added to in the end. */
  const unfinished = new Map<number, Place>();

  /** Room for the spectrum of a gradient, and the steps that add it to a sum over the batch after the last chunk. */
  const summed = (id: ValueId, sum: Place): Place => {
    const { outputs, inputs, size } = promisedKernel(typeOf(id));
    const cells = gridOfCells(grid, gradientCells({ outputs, inputs }));
    const spectrum = placeIn(record.buffer('group', planeBytes(cells)), 0);
    const plane = placeIn(record.buffer('arena', planeBytes(cells)), 0);
    const field = planeOfCells(cells);
    const shape = { grid: cells, components: 1, channels: 1, field, start: null, arithmetic, bits };
    record.step('group', inverse, shape, [spectrum, spectra.scratch('sample'), plane, plane]);
    const taps = { outputs, inputs, taps: size * size, factor: spectralFactor(grid) };
    record.step('group', gatherTaps, taps, [plane, tableOf(torusOffsets(size, cells)), sum]);
    return spectrum;
  };

  return (id, { field, cotangent }, sum) => {
    if (sum === null) {
      throw new RangeError(`the kernel gradient ${id} is no sum over the batch: take it sample by sample`);
    }
    const { outputs, inputs } = promisedKernel(typeOf(id));
    const { components } = promisedField(typeOf(field));
    const spectrum = unfinished.get(sum.buffer.id) ?? summed(id, sum);
    unfinished.set(sum.buffer.id, spectrum);
    const shape = { grid, components, outputs, inputs, arithmetic };
    record.step('sample', spectralGradient, shape, [spectra.field(field), spectra.field(cotangent), spectrum]);
  };
};

/** X(0) of each channel, which is the first of the real waves, summed over components and samples. */
const siteSumsIn = (
  { program, spectra: schedule, chunkGrid: grid, record }: Context,
  spectra: SpectralValues,
): SpectralPasses['sweep'] => {
  const { pairs } = torusSpectrum(grid.size);
  const plane = planeBytes(grid);
  return (sweep, sum) => {
    const field = schedule.summedField(sweep);
    if (field === null || sum === null) {
      throw new RangeError(`the sum ${sweep.stores} is no sum over sites and the batch: take it entry by entry`);
    }
    const { components, channels } = promisedField(meaningOf(program.types)(field));
    const first = beyond(spectra.field(field), 2 * pairs * slotBytes(grid));
    for (let component = 0; component < components; component += 1) {
      const shape = { lines: channels, lineBytes: plane, terms: grid.samples };
      record.step('sample', lineSums, shape, [beyond(first, component * channels * plane), sum]);
    }
  };
};

/** The spectral passes of one lowering. */
export const spectralPassesOf = (context: Context): SpectralPasses => {
  const spectra = spectralValuesOf(context);
  const siteSums = siteSumsIn(context, spectra);
  return {
    correlation: correlationsIn(context, spectra),
    gradient: gradientsIn(context, spectra),
    sweep: (sweep, sum) => {
      if (sweep.of === 'each') {
        spectra.withoutField(sweep);
      } else {
        siteSums(sweep, sum);
      }
    },
  };
};
