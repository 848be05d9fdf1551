/** What a lowering starts from. */
import type { Arithmetic } from '../../assembler/arithmetic.ts';
import type { VectorBits } from '../../assembler/wide-vector.ts';
import type { TypedProgram } from '../../program/typecheck.ts';
import type { BindingTime } from '../schedule/binding-time.ts';
import type { Pass } from '../schedule/passes.ts';
import type { Spectra } from '../schedule/spectra.ts';
import type { Grid } from './grid.ts';
import type { Recorder } from './steps.ts';

/** How correlations are computed where both ways can: tap by tap, or as products of spectra. */
export type Correlations = 'direct' | 'spectral';

/** A program on one lattice for chunks of so many samples, how it multiplies and adds, and where its steps are noted. */
export interface Setting {
  readonly program: TypedProgram;
  /** The binding time of each value. */
  readonly times: readonly BindingTime[];
  readonly passes: readonly Pass[];
  /** Which passes are taken in spectra. */
  readonly spectra: Spectra;
  /** The lattice, and the samples of a chunk. */
  readonly chunkGrid: Grid;
  readonly arithmetic: Arithmetic;
  /** Of the widest vectors that kernels are written with. */
  readonly bits: VectorBits;
  /** How many samples are resident in memory, from which a run names some; null where a run brings its own. */
  readonly residentSamples: number | null;
  readonly record: Recorder;
}
