/** What the page and its workers say to each other. */
import type { Model } from 'efnn/networks';

/** What can compute networks. */
export const backendNames = ['reference', 'wasm', 'webgpu'] as const;

/** One of them. */
export type BackendName = (typeof backendNames)[number];

export const isBackendName = (name: string): name is BackendName => backendNames.some((known) => known === name);

/** Why each backend is not to be had here; null for those that are. */
export type Availability = Readonly<Record<BackendName, string | null>>;

/** A configuration, and a network to look at it with. */
export interface Question {
  /** Which question this is: answers carry it. */
  readonly id: number;
  readonly size: number;
  /** Shape [3, N, N]. */
  readonly spins: Float64Array;
  readonly backend: BackendName;
  readonly model: Model;
  /** Whether T_j have a bias. */
  readonly biased: boolean;
}

/** A layer in numbers: its channels, [N, N] each. */
export interface LayerValues {
  readonly name: string;
  readonly channels: readonly Float64Array[];
}

/** An energy, with its gradient, shape [3, N, N], and the milliseconds that they took. */
export interface Energy {
  readonly energy: number;
  readonly forces: Float64Array;
  readonly milliseconds: number;
}

/** What a network makes of a configuration. */
export interface NetworkAnswer extends Energy {
  readonly layers: readonly LayerValues[];
  /** The most that the energy changed as all spins were turned or inverted. */
  readonly change: number;
}

/** An answer, or why there is none. */
export type Answer<A> =
  | { readonly tag: 'answer'; readonly id: number; readonly value: A }
  | { readonly tag: 'failure'; readonly id: number; readonly message: string };

/** What the worker of networks says: first what it can compute with, then its answers. */
export type FromNetworks =
  Answer<NetworkAnswer> | { readonly tag: 'availability'; readonly availability: Availability };

/** Configurations to be labelled: those of the sampler `sphere` from an index on. */
export interface LabelOrder {
  readonly tag: 'labels';
  readonly id: number;
  readonly size: number;
  readonly seed: number;
  readonly first: number;
  readonly count: number;
}

/** Asks for the exact energy of one configuration. */
export interface ExactQuestion {
  readonly tag: 'energy';
  /** Which configuration this is: answers carry it. */
  readonly id: number;
  readonly size: number;
  readonly spins: Float64Array;
}

/** Labelled configurations, in the shapes of data sets. */
export interface Labels {
  readonly spins: Float64Array;
  readonly energies: Float64Array;
  readonly forces: Float64Array;
}

/** What the worker of exact energies says. */
export type FromExact =
  | { readonly tag: 'energy'; readonly answer: Answer<Energy> }
  | { readonly tag: 'labels'; readonly answer: Answer<Labels> };

/** A training from nothing. */
export interface TrainingOrder {
  readonly backend: BackendName;
  readonly channels: number;
  readonly layers: number;
  /** How many configurations are labelled to train on. */
  readonly samples: number;
  readonly epochs: number;
  readonly seed: number;
  /** How many threads label and train. */
  readonly threads: number;
}

/** How a training stands after an epoch. */
export interface EpochReport {
  readonly epoch: number;
  readonly loss: number;
  /** RMSE / |mean energy| of the configurations that are held out. */
  readonly relative: number;
  readonly model: Model;
}

/** What the worker of trainings says. */
export type FromTraining =
  | { readonly tag: 'labelled'; readonly count: number }
  | { readonly tag: 'epoch'; readonly report: EpochReport; readonly meanPredictor: number }
  | { readonly tag: 'done' }
  | { readonly tag: 'failure'; readonly message: string };
