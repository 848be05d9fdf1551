/** Options of `train` that make up its plan and its network. */
import * as E from 'fp-ts/lib/Either.js';
import { sequenceS } from 'fp-ts/lib/Apply.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Command } from 'commander';

import { sampleCount, type DataSet } from '../../src/dataset/data-set.ts';
import { architectures, network, type Network } from '../../src/network/network.ts';
import { starts, type TrainingPlan } from '../../src/training/preparation.ts';
import { usageError, type UsageError } from '../exit.ts';
import { numberValue, oneOf, optional, wholeNumber, type OptionValue } from '../option-value.ts';

export interface TrainingTexts {
  readonly model: string;
  readonly layers: string;
  readonly channels?: string;
  readonly neurons?: string;
  readonly kernel?: string;
  readonly pairHead?: true;
  readonly epochs?: string;
  readonly batch?: string;
  readonly rate?: string;
  readonly forces?: true;
  readonly forceWeight?: string;
  readonly weightDecay?: string;
  readonly clip?: string;
  readonly start?: string;
  readonly seed?: string;
}

export const withTrainingOptions = (command: Command): Command =>
  command
    .requiredOption('--model <name>', `${architectures.slice(0, -1).join(', ')} or ${architectures.at(-1) ?? ''}`)
    .requiredOption('--layers <n>', 'layers n')
    .option('--channels <C>', 'channels of a network on a lattice')
    .option('--neurons <W>', 'neurons of a dense network, for three-spin data')
    .option('--kernel <k>', 'size of the lattice kernels, odd (default: 5)')
    .option('--pair-head', 'fit a two-body interaction first; the network learns the remainder')
    .option('--epochs <n>', 'how often each sample is seen (default: 20)')
    .option('--batch <n>', 'samples a step (default: 50)')
    .option('--rate <x>', 'peak of the one-cycle learning rate (default: 0.005)')
    .option('--forces', 'train on the forces of the data too')
    .option('--force-weight <x>', 'weight of squared force errors beside squared energy errors (default: 1)')
    .option('--weight-decay <x>', 'L2 regularization, inside the gradient (default: 0)')
    .option('--clip <x>', 'largest norm of a gradient (default: 20)')
    .option('--start <rule>', 'initial weights: published or unit-variance (default: unit-variance on lattices)')
    .option('--seed <s>', 'of the initial weights and the shuffles (default: 1)');

/** A number above 0, or at least 0 where that makes sense. */
const positive =
  (allowZero: boolean): OptionValue<number> =>
  (option, text) =>
    pipe(
      numberValue(option, text),
      E.filterOrElse(
        (x) => x > 0 || (allowZero && x === 0),
        (x) =>
          usageError(`--${option}: expected a number ${allowZero ? 'of at least' : 'above'} 0, got ${x}: change it`),
      ),
    );

const required =
  <A>(value: OptionValue<A>, hint: string): ((option: string, text: string | undefined) => E.Either<UsageError, A>) =>
  (option, text) =>
    text === undefined ? E.left(usageError(`--${option}: expected, got none: ${hint}`)) : value(option, text);

const without = (option: string, text: string | undefined, hint: string): E.Either<UsageError, void> =>
  text === undefined ? E.right(undefined) : E.left(usageError(`--${option}: ${hint}`));

/** The network that the options describe, for the data that it is to learn. */
export const networkOf = (texts: TrainingTexts, data: DataSet): E.Either<UsageError, Network> =>
  pipe(
    sequenceS(E.Apply)({
      architecture: oneOf(...architectures)('model', texts.model),
      layers: wholeNumber(1, 100)('layers', texts.layers),
    }),
    E.chain(({ architecture, layers }) =>
      data.meta.system === 'double-exchange'
        ? pipe(
            without('neurons', texts.neurons, 'lattice data need --channels, not --neurons'),
            E.chain(() =>
              sequenceS(E.Apply)({
                channels: required(wholeNumber(1, 10_000), 'lattice data need as in --channels 3')(
                  'channels',
                  texts.channels,
                ),
                kernel: oddKernel(texts.kernel),
              }),
            ),
            E.map(({ channels, kernel }) =>
              network(architecture, { tag: 'lattice', channels, layers, kernel, pairHead: texts.pairHead === true }),
            ),
          )
        : pipe(
            without('channels', texts.channels, 'three-spin data need --neurons, not --channels'),
            E.chain(() => without('kernel', texts.kernel, 'dense networks have no kernels: leave it out')),
            E.chain(() => without('pair-head', texts.pairHead && '', 'dense networks have no pair head: leave it out')),
            E.chain(() =>
              required(wholeNumber(1, 100_000), 'three-spin data need as in --neurons 30')('neurons', texts.neurons),
            ),
            E.map((neurons) =>
              network(architecture, { tag: 'dense', sites: data.sampleShape[0] ?? 0, neurons, layers }),
            ),
          ),
    ),
  );

const oddKernel = (text: string | undefined): E.Either<UsageError, number> =>
  pipe(
    optional(wholeNumber(1, 99), 5)('kernel', text),
    E.filterOrElse(
      (kernel) => kernel % 2 === 1,
      (kernel) =>
        usageError(`--kernel: expected an odd size, which has a centre, got ${kernel}: take one more or less`),
    ),
  );

/** The plan that the options describe. */
export const planOf = (texts: TrainingTexts, data: DataSet): E.Either<UsageError, TrainingPlan> =>
  pipe(
    sequenceS(E.Apply)({
      start: optional(oneOf(...starts), data.meta.system === 'double-exchange' ? 'unit-variance' : 'published')(
        'start',
        texts.start,
      ),
      seed: optional(wholeNumber(0), 1)('seed', texts.seed),
      epochs: optional(wholeNumber(1), 20)('epochs', texts.epochs),
      batch: optional(wholeNumber(1), Math.min(50, sampleCount(data)))('batch', texts.batch),
      peak: optional(positive(false), 5e-3)('rate', texts.rate),
      weightDecay: optional(positive(true), 0)('weight-decay', texts.weightDecay),
      clip: optional(positive(false), 20)('clip', texts.clip),
      forceWeight: optional(positive(true), 1)('force-weight', texts.forceWeight),
    }),
    E.filterOrElse(
      () => texts.forces !== true || data.forces._tag === 'Some',
      () => usageError('--forces: expected data with forces, got without: generate them with --forces'),
    ),
    E.filterOrElse(
      () => texts.forceWeight === undefined || texts.forces === true,
      () => usageError('--force-weight: expected with --forces, got without: add --forces'),
    ),
    E.map(({ peak, forceWeight, ...plan }) => ({
      ...plan,
      schedule: { tag: 'oneCycle', peak },
      forceWeight: texts.forces === true ? forceWeight : null,
    })),
  );
