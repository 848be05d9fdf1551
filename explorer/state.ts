/** What the page shows, as a value, and what becomes of it. */
import * as E from 'fp-ts/lib/Either.js';

import { initialWeights, networkProgram, type LatticeShape, type Model } from 'efnn/networks';
import { sample, type Sampler, type SpinConfiguration } from 'efnn/physics';

import type { Direction } from './configuration.ts';
import type {
  Answer,
  Availability,
  BackendName,
  Energy,
  EpochReport,
  FromTraining,
  NetworkAnswer,
  TrainingOrder,
} from './messages.ts';
import { trainedNetwork } from './trained-network.ts';

/** A training, running or over. */
export interface Training {
  readonly order: TrainingOrder;
  readonly stage: 'labelling' | 'learning' | 'done' | 'stopped' | 'failed';
  /** Configurations that have their labels, those that are held out among them. */
  readonly labelled: number;
  readonly reports: readonly EpochReport[];
  /** The relative error of always answering the mean; NaN before the first epoch. */
  readonly meanPredictor: number;
  /** Why it failed; '' where it did not. */
  readonly message: string;
}

/** Everything that the page shows. */
export interface State {
  readonly spins: SpinConfiguration;
  /** The site that the keyboard is at. */
  readonly cursor: number;
  readonly direction: Direction;
  readonly sampler: Sampler;
  readonly seed: number;
  readonly backend: BackendName;
  /** Null until the worker has looked. */
  readonly availability: Availability | null;
  readonly model: Model;
  /** Epochs that the model has learned. */
  readonly epochs: number;
  readonly biased: boolean;
  /** How often the configuration has changed, and what the network is asked: answers to what was before are not shown. */
  readonly asked: { readonly configuration: number; readonly question: number };
  readonly network: Answer<NetworkAnswer> | null;
  readonly exact: Answer<Energy> | null;
  readonly training: Training | null;
}

/** How many configurations a training holds out. */
export const heldOut = 200;

/** The shape of a network, if it is one on a lattice, as all of the page are. */
export const shapeOf = ({ network: { shape } }: Model): LatticeShape => {
  if (shape.tag !== 'lattice') {
    throw new RangeError('expected a network on a lattice');
  }
  return shape;
};

/** An EFNN as it begins, its weights drawn. */
export const untrained = (channels: number, layers: number): Model => {
  const description = trainedNetwork(channels, layers);
  const program = networkProgram(description);
  if (E.isLeft(program)) {
    throw new RangeError(program.left.message);
  }
  return { network: description, weights: initialWeights(1)(program.right) };
};

/** What the network's answer depends on. */
const questioned = ['spins', 'backend', 'model', 'biased'] as const satisfies readonly (keyof State)[];

/** A state after a change, which counts what it asks anew. */
export const counted = (before: State, after: State): State => ({
  ...after,
  asked: {
    configuration: before.asked.configuration + Number(after.spins !== before.spins),
    question: before.asked.question + Number(questioned.some((part) => after[part] !== before[part])),
  },
});

/** The energy by the network, and the exact one, where they are of what is shown. */
export const energiesOf = ({
  network,
  exact,
  asked: { question, configuration },
}: State): { readonly network: NetworkAnswer | null; readonly exact: Energy | null } => ({
  network: network?.tag === 'answer' && network.id === question ? network.value : null,
  exact: exact?.tag === 'answer' && exact.id === configuration ? exact.value : null,
});

/** What the page begins with. */
export const initialState: State = {
  spins: sample('sphere')(10, 1, 0),
  cursor: 0,
  direction: 'towards',
  sampler: 'sphere',
  seed: 1,
  backend: 'wasm',
  availability: null,
  model: untrained(3, 2),
  epochs: 0,
  biased: false,
  asked: { configuration: 0, question: 0 },
  network: null,
  exact: null,
  training: null,
};

/** A training that has just been asked for; the page's network begins anew with it. */
export const begun =
  (order: TrainingOrder) =>
  (state: State): State => ({
    ...state,
    model: untrained(order.channels, order.layers),
    epochs: 0,
    training: { order, stage: 'labelling', labelled: 0, reports: [], meanPredictor: NaN, message: '' },
  });

/** Whether a training is going on. */
export const isRunning = ({ training }: State): boolean =>
  training !== null && (training.stage === 'labelling' || training.stage === 'learning');

/** A training after what its worker said. */
export const informed =
  (message: FromTraining) =>
  (state: State): State => {
    const { training } = state;
    if (training === null) {
      return state;
    }
    switch (message.tag) {
      case 'labelled':
        return { ...state, training: { ...training, labelled: training.labelled + message.count } };
      case 'epoch': {
        const { report, meanPredictor } = message;
        return {
          ...state,
          model: report.model,
          epochs: report.epoch,
          training: { ...training, stage: 'learning', reports: [...training.reports, report], meanPredictor },
        };
      }
      case 'done':
        return { ...state, training: { ...training, stage: 'done' } };
      case 'failure':
        return { ...state, training: { ...training, stage: 'failed', message: message.message } };
    }
  };

/** A training that was told to stop; its network stays. */
export const stopped = (state: State): State => ({
  ...state,
  training: state.training === null ? null : { ...state.training, stage: 'stopped' },
});

/** How far a training is, from 0 to 1: labels are a third of it. */
export const progressOf = ({ order, labelled, reports, stage }: Training): number =>
  stage === 'done' ? 1 : labelled / (order.samples + heldOut) / 3 + (2 * reports.length) / order.epochs / 3;
