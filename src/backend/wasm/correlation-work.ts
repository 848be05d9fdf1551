/**
 * Whether correlations are computed tap by tap or as products of spectra: what takes fewer operations, on this lattice, for so
 * many samples. Counted are operations of vectors, multiply-adds, sums and products alike, which both ways do at about the same
 * speed; what else a program does, it does both ways.
 *
 *     tap by tap: outputs * inputs * taps a site;  as spectra: 2 * outputs * inputs a site, and a transform for each channel
 *     that is read, and for each that is written.
 */
import { meaningOf, type ValueId } from '../../program/program.ts';
import { promisedField, promisedKernel } from '../../program/promised-type.ts';
import type { TypedProgram } from '../../program/typecheck.ts';
import type { KernelType } from '../../program/value-type.ts';
import { lineTransforms } from '../schedule/line-transform.ts';
import { operationsOf } from '../schedule/linear-network.ts';
import { passesOf, type Passes } from '../schedule/passes.ts';
import { spectraOf } from '../schedule/spectra.ts';
import { torusSpectrum } from '../schedule/torus-spectrum.ts';
import { cutsOf } from './chunks.ts';
import { mostGroupsFor } from './groups.ts';
import { bytesPerReal, bytesPerVector, vectorsFor } from './grid.ts';
import { gradientCells } from './kernels/spectral-gradient.ts';
import type { Correlations } from './setting.ts';

/** What of a program can be done both ways. */
interface Work {
  /** Correlations and kernel gradients, by what they multiply. */
  readonly products: readonly (KernelType & { readonly components: number })[];
  /** Planes of fields whose spectra are read, and planes that come back from a spectrum. */
  readonly planes: number;
  /** Kernels whose spectra are read. */
  readonly kernels: readonly KernelType[];
  /** Kernels whose gradients are summed. */
  readonly gradients: readonly KernelType[];
}

const workOf = (program: TypedProgram, schedule: Passes): Work => {
  const spectra = spectraOf(program, schedule);
  const typeOf = meaningOf(program.types);
  const kernelOf = (id: ValueId): KernelType => promisedKernel(typeOf(id));
  const planesOf = (id: ValueId): number => {
    const { components, channels } = promisedField(typeOf(id));
    return components * channels;
  };
  const passes = schedule.passes.filter(spectra.isSpectral);
  const correlations = passes.flatMap((pass) => (pass.tag === 'correlation' ? [pass] : []));
  const gradients = passes.flatMap((pass) =>
    pass.tag === 'operation' && pass.operation.tag === 'kernelGradient'
      ? [{ stores: pass.stores, field: pass.operation.field }]
      : [],
  );
  const componentsOf = (id: ValueId): number => promisedField(typeOf(id)).components;
  const read = [...spectra.transformed].map(planesOf);
  const written = correlations.map(({ stores }) => stores).filter((id) => !spectra.goesOn(id));
  return {
    products: [
      ...correlations.map(({ stores, correlation }) => ({
        ...kernelOf(correlation.kernel),
        components: componentsOf(stores),
      })),
      ...gradients.map(({ stores, field }) => ({ ...kernelOf(stores), components: componentsOf(field) })),
    ],
    planes: [...read, ...written.map(planesOf)].reduce((sum, planes) => sum + planes, 0),
    kernels: [...new Set(correlations.map(({ correlation }) => correlation.kernel))].map(kernelOf),
    gradients: [...new Set(gradients.map(({ stores }) => schedule.terms.get(stores) ?? stores))].map(kernelOf),
  };
};

const total = <A>(items: readonly A[], of: (item: A) => number): number =>
  items.reduce((sum, item) => sum + of(item), 0);

/** Bytes of three quarters of a first cache: of 32 KiB, the smallest that current processors have. */
const cacheBytes = 24576;

/**
 * What a transform takes for each of its numbers beside its operations, in operations: four loads and stores at half of one
 * each, as long as a plane of vectors, its lines and its spectrum stay in the first cache. Beyond, registers do not hold a
 * line, and planes come from afar: whole steps on lattices from 25 to 40, with 1 to 9 channels, are told apart by this number.
 */
const transfersPerNumber = (N: number): number => (3 * N * N * bytesPerVector <= cacheBytes ? 2 : 26);

/** Lines whose length has a larger prime factor take so many operations that no code is written to count them. */
const largestPrime = 31;

/** The largest prime factor of N, of which p is the smallest that it may have. */
const largestPrimeFactor = (N: number, p = 2): number => {
  if (p * p > N) {
    return N;
  }
  return N % p === 0 ? Math.max(p, largestPrimeFactor(N / p, p)) : largestPrimeFactor(N, p + 1);
};

/** Operations of a transform of one plane of vectors, there or back. */
const transformOperations = (N: number): number => {
  if (largestPrimeFactor(N) > largestPrime) {
    return Infinity;
  }
  const { real, complex } = lineTransforms(N);
  const { complexColumns, realColumns } = torusSpectrum(N);
  return (
    (N + realColumns) * operationsOf(real) + complexColumns * operationsOf(complex) + transfersPerNumber(N) * N * N
  );
};

/** Operations of a product of one output and one input: four for each complex number, one for each real one. */
const productOperations = (N: number): number => {
  const { pairs, singles } = torusSpectrum(N);
  return 4 * pairs + singles;
};

/** Operations of vectors for a batch. */
const operationsFor = (work: Work, N: number, batch: number, correlations: Correlations): number =>
  total(cutsOf(N, batch, correlations), ({ samples, chunks }) => {
    const products = (each: number): number => total(work.products, (k) => k.components * k.outputs * k.inputs * each);
    if (correlations === 'direct') {
      const vectors = N * vectorsFor(N * samples);
      return chunks * total(work.products, (k) => k.components * k.outputs * k.inputs * k.size * k.size * vectors);
    }
    const transform = transformOperations(N);
    const chunk = vectorsFor(samples) * (work.planes * transform + products(productOperations(N)));
    const run = total(work.kernels, ({ outputs, inputs }) => vectorsFor(outputs * inputs) * transform);
    const group = total(work.gradients, (kernel) => vectorsFor(gradientCells(kernel)) * transform);
    const sumsBytes = total(work.gradients, (k) => k.outputs * k.inputs * k.size * k.size * bytesPerReal);
    return chunks * chunk + run + Math.min(chunks, mostGroupsFor(sumsBytes)) * group;
  });

/** How correlations are to be computed: in one way, or in whichever takes fewer operations. */
export type CorrelationChoice = Correlations | 'fewer operations';

/** The way that takes fewer operations, for a lattice size and a batch; tap by tap where both take as many. */
export const fewerOperations = (program: TypedProgram): ((latticeSize: number, batch: number) => Correlations) => {
  const work = workOf(program, passesOf(program));
  return (latticeSize, batch) =>
    operationsFor(work, latticeSize, batch, 'spectral') < operationsFor(work, latticeSize, batch, 'direct')
      ? 'spectral'
      : 'direct';
};
