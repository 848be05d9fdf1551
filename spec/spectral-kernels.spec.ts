/** Kernels in Fourier space: transforms, products, gradients. */
import { product } from '../src/backend/wasm/kernels/product.ts';
import { spectralGradient } from '../src/backend/wasm/kernels/spectral-gradient.ts';
import { forward, inverse } from '../src/backend/wasm/kernels/transform.ts';
import { verify } from './law.ts';
import {
  gradientsAreCorrelations,
  productsAreCorrelations,
  spectraAreTheirSums,
  transformsComputeExpressions,
  transformsInvert,
} from './laws/spectral-kernels.ts';
import type { SpectralKernels } from './spectral-machine.ts';

const kernels: SpectralKernels = { forward, inverse, product, spectralGradient };

verify(spectraAreTheirSums, kernels, {
  'every row is the first': {
    ...kernels,
    forward: (name, shape) => forward(name, { ...shape, fields: shape.fields.map((field) => ({ ...field, row: 0 })) }),
  },
  'every channel is the first': {
    ...kernels,
    forward: (name, shape) =>
      forward(name, { ...shape, fields: shape.fields.map((field) => ({ ...field, channel: 0 })) }),
  },
  'samples are no vectors apart': {
    ...kernels,
    forward: (name, shape) => forward(name, { ...shape, grid: { ...shape.grid, samples: 4 } }),
  },
});
verify(transformsComputeExpressions, kernels, {
  'the last leaf is transformed': {
    ...kernels,
    forward: (name, shape) =>
      forward(name, { ...shape, expression: shape.expression.filter(({ tag }) => tag === 'leaf').slice(-1) }),
  },
  'constants are ones': {
    ...kernels,
    forward: (name, shape) =>
      forward(name, {
        ...shape,
        expression: shape.expression.map((node) => (node.tag === 'constant' ? { ...node, value: 1 } : node)),
      }),
  },
  'of what is computed every component is the first': {
    ...kernels,
    forward: (name, shape) =>
      forward(name, {
        ...shape,
        fields: shape.fields.map((field) => (shape.expression.length > 1 ? { ...field, component: 0 } : field)),
      }),
  },
});
verify(transformsInvert, kernels, {
  'it starts from zero': { ...kernels, inverse: (name, shape) => inverse(name, { ...shape, start: null }) },
  'one component comes back': { ...kernels, inverse: (name, shape) => inverse(name, { ...shape, components: 1 }) },
  'rows are whole samples apart': {
    ...kernels,
    inverse: (name, shape) =>
      inverse(name, { ...shape, field: { ...shape.field, row: 4 * shape.grid.size * shape.grid.samples } }),
  },
});
verify(productsAreCorrelations, kernels, {
  'kernels are reflected': {
    ...kernels,
    product: (name, shape) => product(name, { ...shape, conjugate: !shape.conjugate }),
  },
  'the sum before is lost': { ...kernels, product: (name, shape) => product(name, { ...shape, adds: false }) },
  'outputs and inputs of the kernel change places': {
    ...kernels,
    product: (name, shape) => {
      const { slot, output, input } = shape.kernel;
      return product(name, { ...shape, kernel: { slot, output: input, input: output } });
    },
  },
  'one input counts': { ...kernels, product: (name, shape) => product(name, { ...shape, inputs: 1 }) },
});
verify(gradientsAreCorrelations, kernels, {
  'one component counts': {
    ...kernels,
    spectralGradient: (name, shape) => spectralGradient(name, { ...shape, components: 1 }),
  },
  'one sample counts': {
    ...kernels,
    spectralGradient: (name, shape) => spectralGradient(name, { ...shape, grid: { ...shape.grid, samples: 1 } }),
  },
  'rows of the way back are the first': {
    ...kernels,
    inverse: (name, shape) => inverse(name, { ...shape, field: { ...shape.field, row: 0 } }),
  },
});
