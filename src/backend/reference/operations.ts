/**
 * The table of operations: for each the step that computes it, given where its operands lie and where the result goes.
 *
 * A step loops over the samples of a chunk, and leaves the arithmetic to plain loops in `*.kernel.ts`.
 */
import { alike, entryFunctions, type Algebra, type EntryFunction } from '../../program/operation.ts';
import { promisedBias, promisedField, promisedKernel } from '../../program/promised-type.ts';
import { viewOf, type Block, type Step } from './block.ts';
import {
  addSitesOf,
  broadcastOverSites,
  contractComponents,
  copyChannels,
  modulateComponents,
} from './channels.kernel.ts';
import { correlateFor } from './correlate.kernel.ts';
import { addProducts, multiplyRows } from './dense.kernel.ts';
import {
  addEntries,
  applyToEntries,
  fillEntries,
  multiplyEntries,
  scaleEntries,
  sumEntries,
} from '../schedule/entrywise.kernel.ts';
import { addGradientFor } from './kernel-gradient.kernel.ts';
import { padPeriodically, reflectKernel } from './periodic.kernel.ts';

/** Given the block of the result and N, the step that computes an operation. */
export type Builder = (out: Block, latticeSize: number) => Step;

/** For each operation, what builds its step from the blocks of its operands. */
export type OperationTable = Algebra<Block, Builder>;

/** A step's operands that lie elsewhere: a view, and how far the view of the next sample is. */
interface Source {
  readonly numbers: Float64Array;
  readonly stride: number;
}

/** A correlation's kernel, on a lattice. */
interface Correlation {
  readonly outputs: number;
  readonly inputs: number;
  readonly size: number;
  readonly latticeSize: number;
}

/** Nothing to compute: the value is put there from outside, or by its operands. */
const nothing: Step = () => undefined;

/** The field with a periodic margin that takes every offset of a kernel of this size. */
const padded = (field: Block, size: number, N: number): Source => {
  const { components, channels } = promisedField(field.type);
  const margin = (size - 1) / 2;
  if (margin === 0) {
    return field;
  }
  const planes = components * channels;
  const P = N + 2 * margin;
  const length = planes * P * P;
  const capacity = (field.numbers.length / field.length) * length;
  const numbers = viewOf(field, `margin ${margin}`, capacity, (view, values, samples) => {
    padPeriodically(view, values, samples * planes, N, margin);
  });
  return { numbers, stride: field.stride === 0 ? 0 : length };
};

/** The kernel K'_io(d) = K_oi(-d). */
const reflected = (kernel: Block): Source => {
  const { outputs, inputs, size } = promisedKernel(kernel.type);
  const numbers = viewOf(kernel, 'reflected', kernel.numbers.length, (view, values, samples) => {
    reflectKernel(view, values, outputs, inputs, size * size, samples);
  });
  return { numbers, stride: kernel.stride };
};

/** y = K * x, for every sample and component; on one site a product of matrices. */
const correlation = (K: Source, x: Block, y: Block, shape: Correlation): Step => {
  const { outputs, inputs, size, latticeSize: N } = shape;
  const { components } = promisedField(x.type);
  const field = padded(x, size, N);
  if (N === 1 && size === 1) {
    return (samples) => {
      // One product for all samples, unless each has its own kernel.
      const together = K.stride === 0 ? samples : 1;
      for (let s = 0; s < samples; s += together) {
        const xAt = s * field.stride;
        const rows = together * components;
        multiplyRows(y.numbers, s * y.stride, K.numbers, s * K.stride, field.numbers, xAt, rows, outputs, inputs);
      }
    };
  }
  const correlate = correlateFor(size, N);
  const P = N + size - 1;
  const yStep = outputs * N * N;
  const xStep = inputs * P * P;
  return (samples) => {
    for (let s = 0; s < samples; s += 1) {
      for (let k = 0; k < components; k += 1) {
        const yAt = s * y.stride + k * yStep;
        const xAt = s * field.stride + k * xStep;
        correlate(y.numbers, yAt, K.numbers, s * K.stride, field.numbers, xAt, outputs, inputs, size, N);
      }
    }
  };
};

/** G += the gradient of <y, K * x> in K, for every sample and component. */
const gradient = (G: Block, x: Block, y: Block, shape: Correlation): Step => {
  const { outputs, inputs, size, latticeSize: N } = shape;
  const { components } = promisedField(x.type);
  const field = padded(x, size, N);
  if (N === 1 && size === 1) {
    return (samples) => {
      // One product for all samples, where they are summed and each has its own fields.
      const together = G.stride === 0 && y.stride !== 0 && field.stride !== 0 ? samples : 1;
      for (let s = 0; s < samples; s += together) {
        const xAt = s * field.stride;
        const rows = together * components;
        addProducts(G.numbers, s * G.stride, y.numbers, s * y.stride, field.numbers, xAt, rows, outputs, inputs);
      }
    };
  }
  const addGradient = addGradientFor(size);
  const P = N + size - 1;
  const yStep = outputs * N * N;
  const xStep = inputs * P * P;
  return (samples) => {
    for (let s = 0; s < samples; s += 1) {
      for (let k = 0; k < components; k += 1) {
        const yAt = s * y.stride + k * yStep;
        const xAt = s * field.stride + k * xStep;
        addGradient(G.numbers, s * G.stride, y.numbers, yAt, field.numbers, xAt, outputs, inputs, size, N);
      }
    }
  };
};

/** What adds to its result begins at zero, unless it adds to the sum over the batch. */
const fromZero = (out: Block, step: Step): Step =>
  out.holds === 'sum'
    ? step
    : (samples) => {
        out.numbers.fill(0);
        step(samples);
      };

/** A function of one number, entry by entry. */
const ofEntries =
  ({ tag, value }: { readonly tag: EntryFunction; readonly value: Block }): Builder =>
  (out) =>
  (samples) => {
    applyToEntries[tag](out.numbers, value.numbers, samples * out.length);
  };

/** The step of each operation. */
export const operations: OperationTable = {
  ...alike(entryFunctions)(ofEntries),
  input: () => () => nothing,
  parameter: () => () => nothing,
  constant:
    ({ value }) =>
    (out) =>
    () => {
      out.numbers.fill(value);
    },
  correlate:
    ({ kernel, field }) =>
    (out, latticeSize) =>
      correlation(kernel, field, out, { ...promisedKernel(kernel.type), latticeSize }),
  correlateTransposed:
    ({ kernel, field }) =>
    (out, latticeSize) => {
      const { outputs, inputs, size } = promisedKernel(kernel.type);
      return correlation(reflected(kernel), field, out, { outputs: inputs, inputs: outputs, size, latticeSize });
    },
  kernelGradient:
    ({ field, cotangent }) =>
    (out, latticeSize) =>
      fromZero(out, gradient(out, field, cotangent, { ...promisedKernel(out.type), latticeSize })),
  add:
    ({ left, right }) =>
    (out) =>
      out.holds === 'sum'
        ? nothing
        : (samples) => {
            addEntries(out.numbers, left.numbers, left.stride, right.numbers, right.stride, out.length, samples);
          },
  multiply:
    ({ left, right }) =>
    (out) =>
    (samples) => {
      multiplyEntries(out.numbers, left.numbers, left.stride, right.numbers, right.stride, out.length, samples);
    },
  scale:
    ({ factor, value }) =>
    (out) =>
    (samples) => {
      scaleEntries(out.numbers, factor.numbers, factor.stride, value.numbers, value.stride, out.length, samples);
    },
  contract: ({ left, right }) => {
    const { components } = promisedField(left.type);
    return (out) => (samples) => {
      const { numbers, length } = out;
      contractComponents(numbers, left.numbers, left.stride, right.numbers, right.stride, components, length, samples);
    };
  },
  modulate: ({ amplitude: a, vector: v }) => {
    const { components } = promisedField(v.type);
    return (out) => (samples) => {
      modulateComponents(out.numbers, a.numbers, a.stride, v.numbers, v.stride, components, a.length, samples);
    };
  },
  total:
    ({ value }) =>
    (out) =>
    (samples) => {
      sumEntries(out.numbers, value.numbers, value.length, samples);
    },
  fill:
    ({ scalar }) =>
    (out) =>
    (samples) => {
      fillEntries(out.numbers, scalar.numbers, out.length, samples);
    },
  sumSites: ({ field }) => {
    const { components, channels } = promisedField(field.type);
    return (out, N) =>
      fromZero(out, (samples) => {
        addSitesOf(out.numbers, out.stride, field.numbers, components, channels, N * N, samples);
      });
  },
  broadcast: ({ components, bias }) => {
    const { channels } = promisedBias(bias.type);
    return (out, N) => (samples) => {
      broadcastOverSites(out.numbers, bias.numbers, components, channels, N * N, samples);
    };
  },
  concat:
    ({ parts }) =>
    (out, N) => {
      const { components, channels: outChannels } = promisedField(out.type);
      const counts = parts.map(({ type }) => promisedField(type).channels);
      const moves = parts.map(({ numbers, stride }, index) => {
        const count = counts[index] ?? 0;
        const to = counts.slice(0, index).reduce((sum, before) => sum + before, 0);
        return { numbers, stride, move: { outChannels, fieldChannels: count, to, from: 0, count } };
      });
      return (samples) => {
        for (const { numbers, stride, move } of moves) {
          copyChannels(out.numbers, numbers, stride, move, components, N * N, samples);
        }
      };
    },
  slice:
    ({ from, to, field }) =>
    (out, N) => {
      const { components, channels: fieldChannels } = promisedField(field.type);
      const move = { outChannels: to - from, fieldChannels, to: 0, from, count: to - from };
      return (samples) => {
        copyChannels(out.numbers, field.numbers, field.stride, move, components, N * N, samples);
      };
    },
};
