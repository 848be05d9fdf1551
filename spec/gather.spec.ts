/** Samples of resident data, gathered where they are computed with. */
import { gather } from '../src/backend/wasm/kernels/gather.ts';
import { verify } from './law.ts';
import { samplesAreGathered } from './laws/gather.ts';

verify(samplesAreGathered, gather, {
  'the samples beyond the last four are lost': (name, shape) =>
    gather(name, { ...shape, samples: Math.max(1, shape.samples - (shape.samples % 4)) }),
  'all rows are side by side': (name, shape) =>
    gather(name, {
      ...shape,
      to: shape.to.map((bytes, d) => (d === 2 ? (shape.counts[3] ?? 1) * (shape.to[3] ?? 0) : bytes)),
    }),
  'components and channels are exchanged': (name, shape) =>
    gather(name, { ...shape, to: [shape.to[1] ?? 0, shape.to[0] ?? 0, ...shape.to.slice(2)] }),
});
