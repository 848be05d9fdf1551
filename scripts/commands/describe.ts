/** `efnn describe`: what a network is, before anything is trained: its size, its cost, its symmetry, its equations. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { Command } from 'commander';

import {
  runError,
  usageError,
  type CommandError,
  type RunError,
  type UsageError,
} from '../../src/command/command-error.ts';
import { denseShape, latticeShape, networkOf, type NetworkTexts } from '../../src/command/network-options.ts';
import { outputLine } from '../../src/command/output-line.ts';
import { optional, without, wholeNumber } from '../../src/command/option-value.ts';
import { publishedSites } from '../../src/dataset/three-spin.ts';
import { networkProgram, type Network } from '../../src/network/network.ts';
import { multiplyAdds, numbersHeld, parameterTotal, type Count } from '../../src/program/counts.ts';
import { gradient, gradientName } from '../../src/program/gradient.ts';
import { alignedLatex } from '../../src/program/latex-lines.ts';
import { latex } from '../../src/program/latex.ts';
import { simplify } from '../../src/program/simplify.ts';
import { symmetry, type Representation } from '../../src/program/symmetry.ts';
import type { TypedProgram } from '../../src/program/typecheck.ts';
import { settle } from '../exit.ts';
import { withNetworkOptions } from './training-options.ts';

interface Texts extends NetworkTexts {
  readonly sites?: string;
  readonly latex?: true;
  readonly forces?: true;
  readonly json?: true;
}

export const describeCommand = (): Command =>
  withNetworkOptions(new Command('describe').description('parameters, cost, symmetry and equations of a network'))
    .option('--sites <L>', `spins that a dense network reads (default: ${publishedSites})`)
    .option('--latex', 'print the equations as LaTeX, nothing else')
    .option('--forces', 'the program with its forces dE/ds')
    .option('--json', 'print one JSON value on stdout')
    .action((texts: Texts) =>
      settle(
        pipe(
          TE.fromEither(description(texts)),
          TE.chainEitherKW((found) => shown(texts, found)),
          TE.map((text) => {
            process.stdout.write(text);
          }),
        ),
      ),
    );

interface Description {
  readonly network: Network;
  readonly parameters: number;
  /** Products for one configuration: fixed + perSite N^2. */
  readonly multiplyAdds: Count;
  /** Numbers of all values for one configuration. */
  readonly numbers: Count;
  readonly symmetry: Readonly<Record<string, Representation>>;
  readonly equations: readonly string[];
}

const description = (texts: Texts): E.Either<CommandError, Description> =>
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
const compiledOf = (texts: Texts, program: TypedProgram): E.Either<CommandError, TypedProgram> =>
  texts.forces === true
    ? pipe(
        program,
        gradient('energy', ['spins']),
        E.chain(simplify),
        E.mapLeft(({ message }) => runError(message)),
      )
    : E.right(program);

const describedNetwork = (texts: Texts): E.Either<UsageError, Network> => {
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

const shown = ({ latex: equationsAlone, json }: Texts, found: Description): E.Either<RunError, string> =>
  json === true
    ? outputLine(found)
    : E.right(equationsAlone === true ? `${alignedLatex(found.equations)}\n` : text(found));

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

const text = (found: Description): string => {
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
