/**
 * Which passes can be taken in Fourier space, and what of each value their readers then ask for: its spectrum, its entries, or
 * both. A spectrum is computed once a value, however many correlations, adjoints and kernel gradients read it.
 */
import { meaningOf, readersOf, type ValueId } from '../../program/program.ts';
import type { TypedProgram } from '../../program/typecheck.ts';
import type { Pass, Passes } from './passes.ts';

/** The passes of a program that are taken in spectra. */
export interface Spectra {
  /** Whether a pass is: a correlation of samples that share a kernel, or a kernel gradient that is summed over the batch. */
  readonly isSpectral: (pass: Pass) => boolean;
  /**
   * Whether a value is wanted as a spectrum alone: a correlation whose only reader is another one that starts from it, so that
   * their sum is transformed back once.
   */
  readonly goesOn: (value: ValueId) => boolean;
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

/** No pass is taken in spectra. */
export const noSpectra: Spectra = { isSpectral: () => false, goesOn: () => false, transformed: new Set() };

/** Every pass that can be is taken in spectra. */
export const spectraOf = (program: TypedProgram, passes: Passes): Spectra => {
  const spectral = spectralPasses(passes);
  const isSpectral = ({ stores }: Pass): boolean => spectral.has(stores);
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
    transformed: new Set(passes.passes.filter(isSpectral).flatMap(fieldsOf)),
  };
};
