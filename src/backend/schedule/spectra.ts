/**
 * Which passes can be taken in Fourier space, and what of each value their readers then ask for: its spectrum, its entries, or
 * both. A spectrum is computed once a value, however many correlations, adjoints and kernel gradients read it.
 */
import { meaningOf, readersOf, type ValueId } from '../../program/program.ts';
import type { TypedProgram } from '../../program/typecheck.ts';
import type { Pass, Passes } from './passes.ts';
import type { Sweep } from './sweep.ts';

/** The passes of a program that are taken in spectra. */
export interface Spectra {
  /**
   * Whether a pass is: a correlation of samples that share a kernel, a kernel gradient that is summed over the batch, or the sum
   * over sites, for a sum over the batch, of a field whose spectrum is read anyway: it is X(0).
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

/** No pass is taken in spectra. */
export const noSpectra: Spectra = {
  isSpectral: () => false,
  goesOn: () => false,
  summedField,
  transformed: new Set(),
};

/** Every pass that can be is taken in spectra. */
export const spectraOf = (program: TypedProgram, passes: Passes): Spectra => {
  const spectral = spectralPasses(passes);
  const transformed = new Set(passes.passes.filter(({ stores }) => spectral.has(stores)).flatMap(fieldsOf));
  const isFromSpectrum = (sweep: Sweep): boolean => {
    const field = summedField(sweep);
    return field !== null && transformed.has(field) && passes.terms.has(sweep.stores);
  };
  const isSpectral = (pass: Pass): boolean =>
    spectral.has(pass.stores) || (pass.tag === 'sweep' && isFromSpectrum(pass.sweep));
  const readers = readersOf(program);
  const outputs = new Set(Object.values(program.outputs));
  const hasOneReader = (id: ValueId): boolean => !outputs.has(id) && new Set(meaningOf(readers)(id)).size === 1;
  const correlations = passes.passes.flatMap((pass) => (pass.tag === 'correlation' && isSpectral(pass) ? [pass] : []));
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
