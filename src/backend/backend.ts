/**
 * What a backend is: it compiles a program, and runs it on a batch of samples. There is no default; it is passed in.
 *
 * Inputs hold one value for each sample, sample after sample; parameters are shared by all samples. An output of field
 * or scalar type comes back for each sample; an output of kernel or bias type is summed over the batch, which makes the
 * gradient of a batch the gradient of the sum of its losses.
 */
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { Reals } from '../number/reals.ts';
import type { Program } from '../program/program.ts';

/**
 * Arrays by name, each row-major in the shape of `shapeOf`, with the batch in front for inputs and per-sample
 * outputs.
 */
export type Arrays = Readonly<Record<string, Reals>>;

export interface Run {
  readonly parameters: Arrays;
  readonly inputs: Arrays;
  /** N of the N x N lattice; 1 for dense networks. */
  readonly latticeSize: number;
  /** How many samples the inputs hold. */
  readonly batch: number;
}

export interface Executable {
  readonly run: (run: Run) => TaskEither<BackendError, Arrays>;
}

export interface Backend {
  readonly name: string;
  readonly compile: (program: Program) => TaskEither<BackendError, Executable>;
}

export interface BackendError {
  readonly tag: 'BackendError';
  /** What was expected, what came, what to do. */
  readonly message: string;
}

export const backendError = (message: string): BackendError => ({ tag: 'BackendError', message });
