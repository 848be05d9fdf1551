/** Kernels that compute number by number: tiles of sums, gradients, sums of lines, and how what they read lies in memory. */
import { fieldLayout } from '../src/backend/wasm/grid.ts';
import { blocksOf, evenBlocksOf } from '../src/backend/wasm/kernels/arithmetic.ts';
import { correlate } from '../src/backend/wasm/kernels/correlate.ts';
import { lineSums } from '../src/backend/wasm/kernels/fold.ts';
import { kernelGradient } from '../src/backend/wasm/kernels/kernel-gradient.ts';
import { outerProducts, outerProductsRoom, type OuterProducts } from '../src/backend/wasm/kernels/outer-products.ts';
import { verify } from './law.ts';
import {
  blocksAreEven,
  gradientsAreOfEightParts,
  linesAreSummedInOrder,
  outerProductsAreSummedInOrder,
  planesAreSpread,
  tilesAreSums,
} from './laws/wasm-kernels.ts';

verify(blocksAreEven, evenBlocksOf, {
  'whole blocks and a rest': blocksOf,
  'smaller blocks than may be': (total, most) => evenBlocksOf(total, Math.max(1, most - 1)),
  'smaller ones first': (total, most) => evenBlocksOf(total, most).toReversed(),
});

verify(tilesAreSums, correlate, {
  'it starts from zero': (name, shape) => correlate(name, { ...shape, start: null }),
  'the last output is lost': (name, shape) => correlate(name, { ...shape, outputs: Math.max(1, shape.outputs - 1) }),
  'the last vector is lost': (name, shape) => correlate(name, { ...shape, vectors: Math.max(1, shape.vectors - 1) }),
  'the last tap is lost': (name, shape) => correlate(name, { ...shape, taps: Math.max(1, shape.taps - 1) }),
  'rows of x are the first': (name, shape) => correlate(name, { ...shape, x: { ...shape.x, row: 0 } }),
  'records are those of the other width': (name, shape) =>
    correlate(name, { ...shape, bits: shape.bits === 128 ? 256 : 128 }),
});

verify(gradientsAreOfEightParts, kernelGradient, {
  'in four parts': (name, shape) =>
    kernelGradient(
      name,
      shape.rows === 1 && shape.rowNumbers % 4 === 0
        ? {
            ...shape,
            rows: shape.rowNumbers / 4,
            rowNumbers: 4,
            x: { ...shape.x, row: 16 },
            y: { ...shape.y, row: 16 },
          }
        : shape,
    ),
  'what lies beyond a row counts': (name, shape) =>
    kernelGradient(name, { ...shape, rowNumbers: 4 * Math.ceil(shape.rowNumbers / 4) }),
  'the last tap is lost': (name, shape) => kernelGradient(name, { ...shape, taps: Math.max(1, shape.taps - 1) }),
  'one component counts': (name, shape) => kernelGradient(name, { ...shape, components: 1 }),
});

const matrixGradient = { define: outerProducts, roomFor: outerProductsRoom };

/** The kernel of another shape in the place of that which is asked for. */
const shapedBy = (change: (shape: OuterProducts) => OuterProducts): typeof matrixGradient => ({
  ...matrixGradient,
  define: (name, shape) => outerProducts(name, change(shape)),
});

verify(outerProductsAreSummedInOrder, matrixGradient, {
  'the last output is lost': shapedBy((shape) => ({ ...shape, outputs: Math.max(1, shape.outputs - 1) })),
  'the last input is lost': shapedBy((shape) => ({ ...shape, inputs: Math.max(1, shape.inputs - 1) })),
  'the last sample is lost': shapedBy((shape) => ({ ...shape, samples: Math.max(1, shape.samples - 1) })),
  'whole vectors of samples': shapedBy((shape) => ({ ...shape, samples: 4 * Math.ceil(shape.samples / 4) })),
  'whole vectors of inputs': shapedBy((shape) => ({ ...shape, inputs: 4 * Math.ceil(shape.inputs / 4) })),
  'rows of y lie as those of x': shapedBy((shape) => ({ ...shape, yStride: shape.xStride })),
  'products and sums are rounded once': shapedBy((shape) => ({ ...shape, arithmetic: 'fused' })),
  'no room for the sums of a tile': {
    ...matrixGradient,
    roomFor: (shape) => outerProductsRoom(shape) - 64,
  },
});

verify(linesAreSummedInOrder, lineSums, {
  'whole fours of lines': (name, shape) =>
    lineSums(name, { ...shape, lines: shape.lines < 4 ? shape.lines : shape.lines - (shape.lines % 4) }),
  'the last number is lost': (name, shape) => lineSums(name, { ...shape, terms: Math.max(1, shape.terms - 1) }),
  'lines lie without room between them': (name, shape) => lineSums(name, { ...shape, lineBytes: 4 * shape.terms }),
});

verify(planesAreSpread, fieldLayout, {
  'as many bytes apart as a plane has': (grid, type, halo) => {
    const layout = fieldLayout(grid, type, halo);
    const channel = (grid.size + 2 * halo) * layout.strides.row;
    return { ...layout, strides: { ...layout.strides, channel, component: type.channels * channel } };
  },
  'the halo is shared': (grid, type, halo) => {
    const layout = fieldLayout(grid, type, halo);
    return { ...layout, strides: { ...layout.strides, channel: layout.strides.channel - layout.strides.row } };
  },
});
