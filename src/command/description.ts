/** What a network is, for `describe`: its size, its cost, its symmetry, its equations. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { publishedSites } from '../dataset/three-spin.ts';
import { networkProgram, type Network } from '../network/network.ts';
import { multiplyAdds, numbersHeld, parameterTotal, type Count } from '../program/counts.ts';
import { gradient, gradientName } from '../program/gradient.ts';
import { latex } from '../program/latex.ts';
import { simplify } from '../program/simplify.ts';
import { symmetry, type Representation } from '../program/symmetry.ts';
import type { TypedProgram } from '../program/typecheck.ts';
import { runError, usageError, type CommandError, type UsageError } from './command-error.ts';
import { denseShape, latticeShape, networkOf, type NetworkTexts } from './network-options.ts';
import { optional, without, wholeNumber } from './option-value.ts';

/** The options that say what is described, as the command line has them. */
export interface DescriptionTexts extends NetworkTexts {
  readonly sites?: string;
  readonly forces?: true;
}

/** What a network is, before anything is trained. */
export interface Description {
  readonly network: Network;
  readonly parameters: number;
  /** Products for one configuration: fixed + perSite N^2. */
  readonly multiplyAdds: Count;
  /** Numbers of all values for one configuration. */
  readonly numbers: Count;
  readonly symmetry: Readonly<Record<string, Representation>>;
  readonly equations: readonly string[];
}

/** The description of the network that the options name. Fails for options that name none. */
export const description = (texts: DescriptionTexts): E.Either<CommandError, Description> =>
  pipe(
    describedNetwork(texts),
    E.bindTo('network'),
    E.bindW('program', ({ network: chosen }) =>
      pipe(
        networkProgram(chosen),
        E.mapLeft(({ message }) => usageError(message)),
      ),
    ),
    E.bindW('compiled', ({ program }) => compiledOf(texts, program)),
    E.bindW('symmetry', ({ compiled }) =>
      pipe(
        symmetry(compiled),
        E.mapLeft(({ message }) => runError(message)),
      ),
    ),
    E.map(({ network: chosen, program, compiled, symmetry: representations }) => ({
      network: chosen,
      parameters: parameterTotal(program),
      multiplyAdds: multiplyAdds(compiled),
      numbers: numbersHeld(compiled),
      symmetry: representations,
      equations: latex(compiled),
    })),
  );

/** The energy alone, or with the forces as a backend compiles them. */
const compiledOf = (texts: DescriptionTexts, program: TypedProgram): E.Either<CommandError, TypedProgram> =>
  texts.forces === true
    ? pipe(
        program,
        gradient('energy', ['spins']),
        E.chain(simplify),
        E.mapLeft(({ message }) => runError(message)),
      )
    : E.right(program);

const describedNetwork = (texts: DescriptionTexts): E.Either<UsageError, Network> => {
  const { channels, neurons } = texts;
  if (channels !== undefined && neurons === undefined) {
    return pipe(
      without('sites', texts.sites, 'a network on a lattice has any size; leave it out'),
      E.chain(() => networkOf(texts, latticeShape(texts))),
    );
  }
  if (neurons !== undefined && channels === undefined) {
    return pipe(
      optional(wholeNumber(1, 100_000), publishedSites)('sites', texts.sites),
      E.chain((sites) => networkOf(texts, denseShape(texts, sites))),
    );
  }
  return E.left(
    usageError(
      `expected --channels for a lattice or --neurons for a dense network, got ` +
        `${channels === undefined ? 'neither' : 'both'}: give one of them`,
    ),
  );
};

const countText = ({ fixed, perSite }: Count, dense: boolean): string =>
  dense ? String(fixed + perSite) : `${perSite} N^2${fixed === 0 ? '' : ` + ${fixed}`} on an N x N lattice`;

const symmetryText = ({ network: { shape }, symmetry: representations }: Description): string => {
  if (shape.tag === 'dense') {
    return 'spins of one component: nothing to rotate';
  }
  const forces = representations[gradientName('energy', 'spins')];
  const outputs = [`energy ${representations['energy'] ?? ''}`, ...(forces === undefined ? [] : [`forces ${forces}`])];
  return `proven for every weight: ${outputs.join(', ')}`;
};

/** A description as lines of text, for terminals. */
export const descriptionText = (found: Description): string => {
  const { shape, architecture } = found.network;
  const dense = shape.tag === 'dense';
  const size = dense
    ? `${shape.sites} spins, ${shape.neurons} neurons`
    : `${shape.channels} channels, ${shape.kernel} x ${shape.kernel} kernels${shape.pairHead ? ', two-body head' : ''}`;
  return [
    `${architecture}, ${shape.layers} layers, ${size}`,
    `parameters       ${found.parameters}`,
    `multiply-adds    ${countText(found.multiplyAdds, dense)}`,
    `numbers held     ${countText(found.numbers, dense)}`,
    `O(3)             ${symmetryText(found)}`,
    '',
    ...found.equations,
    '',
  ].join('\n');
};
