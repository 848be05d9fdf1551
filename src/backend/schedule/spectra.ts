/**
 * Which passes can be taken in Fourier space, and what of each value their readers then ask for: its spectrum, its entries, or
 * both. A spectrum is computed once a value, however many correlations, adjoints and kernel gradients read it.
 */
import { meaningOf, readersOf, type Equation, type ValueId } from '../../program/program.ts';
import type { TypedProgram } from '../../program/typecheck.ts';
import type { Pass, Passes } from './passes.ts';
import type { Sweep } from './sweep.ts';

/** The passes of a program that are taken in spectra. */
export interface Spectra {
  /**
   * Whether a pass is: a correlation of samples that share a kernel, a kernel gradient that is summed over the batch, the sum
   * over sites, for a sum over the batch, of a field whose spectrum is read anyway: it is X(0); or a short sweep whose results are
   * wanted as a spectrum alone: its transform computes them as it reads, and they are not stored.
   */
  readonly isSpectral: (pass: Pass) => boolean;
  /**
   * Whether a value is wanted as a spectrum alone: a correlation whose only reader is another one that starts from it, so that
   * their sum is transformed back once.
   */
  readonly goesOn: (value: ValueId) => boolean;
  /** The field whose X(0) a sweep asks for: what it sums over sites, if that is a field that is stored. */
  readonly summedField: (sweep: Sweep) => ValueId | null;
  /** Values whose spectra are read, each once. */
  readonly transformed: ReadonlySet<ValueId>;
}

const spectralPasses = ({ times, passes, terms }: Passes): ReadonlySet<ValueId> =>
  new Set(
    passes.flatMap((pass) => {
      switch (pass.tag) {
        case 'correlation': {
          const isShared = times[pass.correlation.kernel] === 'run' && times[pass.stores] === 'sample';
          return isShared ? [pass.stores] : [];
        }
        case 'operation':
          return pass.operation.tag === 'kernelGradient' && terms.has(pass.stores) ? [pass.stores] : [];
        case 'sweep':
          return [];
      }
    }),
  );

const fieldsOf = (pass: Pass): readonly ValueId[] => {
  if (pass.tag === 'correlation') {
    return [pass.correlation.field];
  }
  return pass.tag === 'operation' && pass.operation.tag === 'kernelGradient'
    ? [pass.operation.field, pass.operation.cotangent]
    : [];
};

/** The field that a sweep sums over sites as it is stored. */
const summedField = ({ of, expression }: Sweep): ValueId | null => {
  const [node, ...others] = expression;
  return of === 'sites' && others.length === 0 && node?.tag === 'leaf' && node.leaf.tag === 'entry'
    ? node.leaf.value
    : null;
};

/** Whether a sweep computes each number by sums and products of so many entries at most. */
const isShort = ({ of, expression }: Sweep, mostEntries: number): boolean =>
  of === 'each' &&
  expression.every(({ tag }) => tag !== 'function') &&
  expression.filter(({ tag }) => tag === 'leaf').length <= mostEntries;

/** No pass is taken in spectra. */
export const noSpectra: Spectra = {
  isSpectral: () => false,
  goesOn: () => false,
  summedField,
  transformed: new Set(),
};

/** Every pass that can be is taken in spectra; a transform computes what takes `mostEntries` entries at most. */
export const spectraOf = (program: TypedProgram, { times, passes, terms }: Passes, mostEntries: number): Spectra => {
  const equationOf = meaningOf(program.equations);
  const spectral = spectralPasses({ times, passes, terms });
  const transformed = new Set(passes.filter(({ stores }) => spectral.has(stores)).flatMap(fieldsOf));
  const isFromSpectrum = (sweep: Sweep): boolean => {
    const field = summedField(sweep);
    return field !== null && transformed.has(field) && terms.has(sweep.stores);
  };
  const readers = readersOf(program);
  const outputs = new Set(Object.values(program.outputs));
  /** Operations that read the spectrum of a field. */
  const ofSpectra = new Set(
    passes.flatMap((pass): readonly Equation[] => {
      switch (pass.tag) {
        case 'sweep':
          return isFromSpectrum(pass.sweep) ? [equationOf(pass.stores)] : [];
        case 'correlation':
          return spectral.has(pass.stores) ? [pass.correlation] : [];
        case 'operation':
          return spectral.has(pass.stores) ? [pass.operation] : [];
      }
    }),
  );
  /** Whether all who read a value read its spectrum. */
  const isSpectrumAlone = (id: ValueId): boolean =>
    transformed.has(id) &&
    !outputs.has(id) &&
    meaningOf(readers)(id).every((reader) => ofSpectra.has(equationOf(reader)));
  const isInTransform = (sweep: Sweep): boolean => isShort(sweep, mostEntries) && isSpectrumAlone(sweep.stores);
  const isSpectral = (pass: Pass): boolean =>
    spectral.has(pass.stores) || (pass.tag === 'sweep' && (isFromSpectrum(pass.sweep) || isInTransform(pass.sweep)));
  const hasOneReader = (id: ValueId): boolean => !outputs.has(id) && new Set(meaningOf(readers)(id)).size === 1;
  const correlations = passes.flatMap((pass) => (pass.tag === 'correlation' && isSpectral(pass) ? [pass] : []));
  const results = new Set(correlations.map(({ stores }) => stores));
  const going = new Set(
    correlations.flatMap(({ start }) => (start !== null && results.has(start) && hasOneReader(start) ? [start] : [])),
  );
  return {
    isSpectral,
    goesOn: (value) => going.has(value),
    summedField,
    transformed,
  };
};
