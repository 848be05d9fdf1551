/** The options that describe a network, for `train` and for `describe`. */
import { sequenceS } from 'fp-ts/lib/Apply.js';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { architectures, network, type Network, type Shape } from '../network/network.ts';
import { usageError, type UsageError } from './command-error.ts';
import { oneOf, optional, required, wholeNumber, without } from './option-value.ts';

/** Their texts, as the command line has them. */
export interface NetworkTexts {
  readonly model: string;
  readonly layers: string;
  readonly channels?: string;
  readonly kernel?: string;
  readonly pairHead?: true;
  readonly neurons?: string;
}

/** The network of this shape, which depends on the number of layers. */
export const networkOf = (
  texts: NetworkTexts,
  shapeOf: (layers: number) => E.Either<UsageError, Shape>,
): E.Either<UsageError, Network> =>
  pipe(
    sequenceS(E.Apply)({
      architecture: oneOf(...architectures)('model', texts.model),
      layers: wholeNumber(1, 100)('layers', texts.layers),
    }),
    E.chain(({ architecture, layers }) =>
      pipe(
        shapeOf(layers),
        E.map((shape) => network(architecture, shape)),
      ),
    ),
  );

/** A network on a lattice; options of dense ones are refused. */
export const latticeShape =
  (texts: NetworkTexts) =>
  (layers: number): E.Either<UsageError, Shape> =>
    pipe(
      without('neurons', texts.neurons, 'a network on a lattice has --channels'),
      E.chain(() =>
        sequenceS(E.Apply)({
          channels: required(wholeNumber(1, 10_000), 'a network on a lattice needs it, as in --channels 3')(
            'channels',
            texts.channels,
          ),
          kernel: oddKernel(texts.kernel),
        }),
      ),
      E.map((shape) => ({ tag: 'lattice', layers, pairHead: texts.pairHead === true, ...shape })),
    );

/** A dense network of so many spins; options of networks on a lattice are refused. */
export const denseShape =
  (texts: NetworkTexts, sites: number) =>
  (layers: number): E.Either<UsageError, Shape> =>
    pipe(
      without('channels', texts.channels, 'a dense network has --neurons'),
      E.chain(() => without('kernel', texts.kernel, 'dense networks have no kernels: leave them out')),
      E.chain(() => without('pair-head', texts.pairHead, 'dense networks have no pair head: leave it out')),
      E.chain(() =>
        required(wholeNumber(1, 100_000), 'a dense network needs it, as in --neurons 30')('neurons', texts.neurons),
      ),
      E.map((neurons) => ({ tag: 'dense', sites, neurons, layers })),
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
