/**
 * What a backend is: it compiles a program, and runs it on a batch of samples. There is no default; it is passed in.
 *
 * Inputs hold one value for each sample, sample after sample; parameters are shared by all samples. An output of field
 * or scalar type comes back for each sample; an output of kernel or bias type is summed over the batch, which makes the
 * gradient of a batch the gradient of the sum of its losses.
 *
 * What is run once, is run with `run`. What is run again and again on parameters that it changes itself, a training, is
 * made resident: its state stays where the backend computes, and a step hands over no more than the samples' places.
 */
import type { IO } from 'fp-ts/lib/IO.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { Reals } from '../number/reals.ts';
import type { Program } from '../program/program.ts';

/**
 * Arrays by name, each row-major in the shape of `shapeOf`, with the batch in front for inputs and per-sample
 * outputs.
 */
export type Arrays = Readonly<Record<string, Reals>>;

/** Samples by their inputs, which hold one value for each, sample after sample. */
export interface Samples {
  readonly inputs: Arrays;
  /** How many samples the inputs hold. */
  readonly batch: number;
}

/** All that a program is run on. */
export interface Arguments extends Samples {
  readonly parameters: Arrays;
  /** N of the N x N lattice; 1 for dense networks. */
  readonly latticeSize: number;
}

/**
 * What is to become resident: an executable together with the program that updates its parameters.
 *
 * The state is the executable's parameters, and whatever else the update carries from step to step. The parameters of
 * the update are named after what they read: an array of the state, an output of the executable that is summed over
 * the batch, or, where neither has the name, a scalar that comes with each step. Its outputs are named after the arrays
 * of the state that they replace, all at once. It has no inputs.
 */
export interface Residency {
  readonly update: Program;
  /** The state before the first step. */
  readonly state: Arrays;
  readonly latticeSize: number;
  /** Samples that steps may name by their places; they are not changed while they are resident. */
  readonly data: Samples | null;
  /** The outputs of the executable that every step hands back; with none, a step reads nothing back. */
  readonly observed: readonly string[];
}

/** One step: which samples it sees, and the scalars that the update asks for. */
export interface Step {
  /** Samples of its own, or places in the resident data, from 0; a place may be named more than once. */
  readonly samples: Samples | { readonly places: readonly number[] };
  readonly scalars: Readonly<Record<string, number>>;
}

/**
 * A program whose state lives on the backend's side. What is asked of it is done in the order in which it is asked;
 * a refusal leaves the state as it was. After `release` it refuses everything.
 */
export interface Resident {
  /**
   * Runs the executable on the samples and updates the state. The arrays that it hands back may be the resident's own:
   * they are good until the next step.
   */
  readonly step: (step: Step) => TaskEither<BackendError, Arrays>;
  /** Replaces arrays of the state, by name; the others stay. */
  readonly write: (state: Arrays) => TaskEither<BackendError, void>;
  /** The whole state, in arrays of the caller's. */
  readonly read: TaskEither<BackendError, Arrays>;
  /** Gives back what it holds on the backend's side, when all that was asked of it before is done. */
  readonly release: IO<void>;
}

/** A program that a backend has compiled. */
export interface Executable {
  /** The outputs by name, in arrays of the caller's; the arguments are not changed. */
  readonly run: (given: Arguments) => TaskEither<BackendError, Arrays>;
  /** A resident of its own: several residents of one executable do not see each other. */
  readonly resident: (residency: Residency) => TaskEither<BackendError, Resident>;
}

/** A way to compute programs. */
export interface Backend {
  /** What the command line and reports call it. */
  readonly name: string;
  /** Checks the types of a program and makes it ready to run, on any lattice size and batch. */
  readonly compile: (program: Program) => TaskEither<BackendError, Executable>;
}

/** Arguments that cannot be used, or a machine that failed. */
export interface BackendError {
  readonly tag: 'BackendError';
  /** What was expected, what was got, what to do. */
  readonly message: string;
}

/** The error with this message. */
export const backendError = (message: string): BackendError => ({ tag: 'BackendError', message });
