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

/** Each output with each input, for each component of the fields. */
type Product = KernelType & { readonly components: number };

/** What of a program can be done both ways. */
interface Work {
  /** Correlations, by what they multiply. */
  readonly correlations: readonly Product[];
  /** Kernel gradients, by what they multiply. */
  readonly gradientProducts: readonly Product[];
  /** Planes of fields whose spectra are read. */
  readonly planesRead: number;
  /** Planes that come back from a spectrum. */
  readonly planesWritten: number;
  /** Kernels whose spectra are read. */
  readonly kernels: readonly KernelType[];
  /** Kernels whose gradients are summed. */
  readonly gradients: readonly KernelType[];
}

const workOf = (program: TypedProgram, schedule: Passes): Work => {
  const spectra = spectraOf(program, schedule, 0);
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
    correlations: correlations.map(({ stores, correlation }) => ({
      ...kernelOf(correlation.kernel),
      components: componentsOf(stores),
    })),
    gradientProducts: gradients.map(({ stores, field }) => ({ ...kernelOf(stores), components: componentsOf(field) })),
    planesRead: total(read, (planes) => planes),
    planesWritten: total(written, planesOf),
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

/** Sums, products and multiply-adds of a transform of one plane of vectors, there or back. */
const transformArithmetic = (N: number): number => {
  if (largestPrimeFactor(N) > largestPrime) {
    return Infinity;
  }
  const { real, complex } = lineTransforms(N);
  const { complexColumns, realColumns } = torusSpectrum(N);
  return (N + realColumns) * operationsOf(real) + complexColumns * operationsOf(complex);
};

/** What a transform of one plane of vectors takes, with its loads and stores. */
const transformOperations = (N: number): number => transformArithmetic(N) + transfersPerNumber(N) * N * N;

/** Operations of a product of one output and one input: four for each complex number, one for each real one. */
const productOperations = (N: number): number => {
  const { pairs, singles } = torusSpectrum(N);
  return 4 * pairs + singles;
};

/** Operations of vectors of the classes of passes that correlations and their adjoints become. */
export interface CorrelationWork {
  /** Transforms of fields and kernels. */
  readonly spectra: number;
  /** Products with kernels, of spectra or tap by tap. */
  readonly products: number;
  /** Transforms back. */
  readonly inverse: number;
  /** Products of fields with cotangents, for the gradients of kernels. */
  readonly gradients: number;
}

const nothing: CorrelationWork = { spectra: 0, products: 0, inverse: 0, gradients: 0 };

const sum = (a: CorrelationWork, b: CorrelationWork): CorrelationWork => ({
  spectra: a.spectra + b.spectra,
  products: a.products + b.products,
  inverse: a.inverse + b.inverse,
  gradients: a.gradients + b.gradients,
});

/** The work for a batch, where the transform of a plane of vectors takes `transform`. */
const workFor = (
  work: Work,
  N: number,
  batch: number,
  correlations: Correlations,
  transform: number,
): CorrelationWork => {
  const products = (list: readonly Product[], each: (kernel: Product) => number): number =>
    total(list, (k) => k.components * k.outputs * k.inputs * each(k));
  return cutsOf(N, batch, correlations)
    .map(({ samples, chunks }): CorrelationWork => {
      if (correlations === 'direct') {
        const taps = ({ size }: Product): number => chunks * size * size * N * vectorsFor(N * samples);
        return {
          ...nothing,
          products: products(work.correlations, taps),
          gradients: products(work.gradientProducts, taps),
        };
      }
      const vectors = chunks * vectorsFor(samples);
      const spectral = (): number => vectors * productOperations(N);
      const sumsBytes = total(work.gradients, (k) => k.outputs * k.inputs * k.size * k.size * bytesPerReal);
      const run = total(work.kernels, ({ outputs, inputs }) => vectorsFor(outputs * inputs));
      const group = total(work.gradients, (kernel) => vectorsFor(gradientCells(kernel)));
      return {
        spectra: (vectors * work.planesRead + run) * transform,
        products: products(work.correlations, spectral),
        inverse: (vectors * work.planesWritten + Math.min(chunks, mostGroupsFor(sumsBytes)) * group) * transform,
        gradients: products(work.gradientProducts, spectral),
      };
    })
    .reduce(sum, nothing);
};

/** Operations of vectors for a batch. */
const operationsFor = (work: Work, N: number, batch: number, correlations: Correlations): number => {
  const transform = correlations === 'direct' ? 0 : transformOperations(N);
  const { spectra, products, inverse, gradients } = workFor(work, N, batch, correlations, transform);
  return spectra + products + inverse + gradients;
};

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

/**
 * What a program does in the way that takes fewer operations: sums, products and multiply-adds of 128 bits, each counted as one,
 * for a lattice size and a batch, without loads and stores.
 */
export const correlationWork = (program: TypedProgram): ((latticeSize: number, batch: number) => CorrelationWork) => {
  const [work, chosen] = [workOf(program, passesOf(program)), fewerOperations(program)];
  return (latticeSize, batch) => {
    const correlations = chosen(latticeSize, batch);
    const transform = correlations === 'direct' ? 0 : transformArithmetic(latticeSize);
    return workFor(work, latticeSize, batch, correlations, transform);
  };
};
