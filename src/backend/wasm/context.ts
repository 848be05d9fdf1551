/** What all steps of a lowering have in common. */
import type { ValueId } from '../../program/program.ts';
import type { TypedProgram } from '../../program/typecheck.ts';
import type { BindingTime } from '../schedule/binding-time.ts';
import type { Arithmetic } from './kernels/arithmetic.ts';
import type { Recorder } from './steps.ts';
import type { Sweep } from './sweeps.ts';
import type { Values } from './values.ts';

/** A program on one lattice size, how it multiplies and adds, where its steps are noted and where its values lie. */
export interface Context {
  readonly program: TypedProgram;
  readonly latticeSize: number;
  readonly arithmetic: Arithmetic;
  readonly record: Recorder;
  readonly values: Values;
  /** The expression of a value, with all that is fused into its sweep. */
  readonly sweepFor: (id: ValueId, time: BindingTime) => Sweep;
}
