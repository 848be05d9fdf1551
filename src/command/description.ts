/** What a network is, for `describe`: its size, its cost, its symmetry, its equations. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { publishedSites } from '../dataset/three-spin.ts';
import type { EnergyUnit } from '../network/model-file.ts';
import { networkProgram, type Network } from '../network/network.ts';
import { multiplyAdds, numbersHeld, parameterTotal, type Count } from '../program/counts.ts';
import { gradient, gradientName } from '../program/gradient.ts';
import { latex } from '../program/latex.ts';
import { receptiveField } from '../program/receptive-field.ts';
import { simplify } from '../program/simplify.ts';
import { symmetry, type Representation } from '../program/symmetry.ts';
import type { TypedProgram } from '../program/typecheck.ts';
import { alignedLatex } from '../program/latex-lines.ts';
import type { KnownModel } from '../training/trained-model.ts';
import { assumedUnitsLine } from './assumed-units.ts';
import { asRunError, usageError, type CommandError, type RunError, type UsageError } from './command-error.ts';
import { denseShape, latticeShape, networkOf, type NetworkTexts } from './network-options.ts';
import { optional, without, wholeNumber } from './option-value.ts';
import { outputLine } from './output-line.ts';
import { trainingLines } from './training-lines.ts';

/** The options that say what is described, as the command line has them. */
export interface DescriptionTexts extends Partial<NetworkTexts> {
  readonly sites?: string;
  readonly forces?: true;
}

/** A network, and how it was trained where its file says so. */
export interface Described extends Pick<KnownModel, 'network' | 'training'> {
  /** Units of the energy that the file of the network leaves open. */
  readonly assumed: readonly EnergyUnit[];
}

/** What a network is: its size, its cost, its symmetry, its equations, whatever its weights are. */
export interface Description extends Described {
  readonly parameters: number;
  /** How many sites wide the window is that each site's share of the energy depends on; null where there is no lattice. */
  readonly receptiveField: number | null;
  /** Products for one configuration: fixed + perSite N^2. */
  readonly multiplyAdds: Count;
  /** Numbers of all values for one configuration. */
  readonly numbers: Count;
  readonly symmetry: Readonly<Record<string, Representation>>;
  readonly equations: readonly string[];
}

/** The description of a network, with its forces where they are asked for. Fails where there is no such network. */
export const description = (
  { forces }: Pick<DescriptionTexts, 'forces'>,
  { network: chosen, training, assumed }: Described,
): E.Either<CommandError, Description> =>
  pipe(
    networkProgram(chosen),
    E.mapLeft(({ message }) => usageError(message)),
    E.bindTo('program'),
    E.bindW('compiled', ({ program }) => compiledOf(forces === true, program)),
    E.bindW('symmetry', ({ compiled }) => pipe(symmetry(compiled), E.mapLeft(asRunError))),
    E.map(({ program, compiled, symmetry: representations }) => ({
      network: chosen,
      training,
      assumed,
      parameters: parameterTotal(program),
      receptiveField: chosen.shape.tag === 'dense' ? null : (receptiveField(program).energy ?? null),
      multiplyAdds: multiplyAdds(compiled),
      numbers: numbersHeld(compiled),
      symmetry: representations,
      equations: latex(compiled),
    })),
  );

/** The energy alone, or with the forces as a backend compiles them. */
const compiledOf = (withForces: boolean, program: TypedProgram): E.Either<CommandError, TypedProgram> =>
  withForces
    ? pipe(program, gradient('energy', ['spins']), E.chain(simplify), E.mapLeft(asRunError))
    : E.right(program);

/** The network that the options name. Fails for options that name none. */
export const describedNetwork = ({ model, layers, ...others }: DescriptionTexts): E.Either<UsageError, Network> => {
  if (model === undefined || layers === undefined) {
    const missing = model === undefined ? '--model' : '--layers';
    return E.left(usageError(`expected --model and --layers, or --file, got no ${missing}: add it`));
  }
  const texts = { ...others, model, layers };
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
const descriptionText = (found: Description): string => {
  const { shape, architecture } = found.network;
  const dense = shape.tag === 'dense';
  const assumed = assumedUnitsLine(found.assumed);
  const size = dense
    ? `${shape.sites} spins, ${shape.neurons} neurons`
    : `${shape.channels} channels, ${shape.kernel} x ${shape.kernel} kernels${shape.pairHead ? ', two-body head' : ''}`;
  return [
    `${architecture}, ${shape.layers} layers, ${size}`,
    `parameters       ${found.parameters}`,
    ...(found.receptiveField === null
      ? []
      : [
          `receptive field  ${found.receptiveField} x ${found.receptiveField} sites, some of them twice on a smaller lattice`,
        ]),
    `multiply-adds    ${countText(found.multiplyAdds, dense)}`,
    `numbers held     ${countText(found.numbers, dense)}`,
    `O(3)             ${symmetryText(found)}`,
    ...(assumed === null ? [] : [`energy units     ${assumed}`]),
    ...trainingLines(found.training),
    '',
    ...found.equations,
    '',
  ].join('\n');
};

/** A description for people; or its equations alone, as LaTeX; or all of it as JSON. */
export const descriptionOutput =
  ({ latex: equationsAlone, json }: { readonly latex?: true; readonly json?: true }) =>
  (found: Description): E.Either<RunError, string> => {
    const { training, assumed, ...network } = found;
    if (json === true) {
      return outputLine({
        ...network,
        ...(training === null ? {} : { training }),
        ...(assumed.length === 0 ? {} : { assumed }),
      });
    }
    return E.right(equationsAlone === true ? `${alignedLatex(found.equations)}\n` : descriptionText(found));
  };

/** Refuses options that say what a network is beside a file that says it. */
export const expectFileAlone = (others: Readonly<Record<string, unknown>>): E.Either<UsageError, void> => {
  const [other] = Object.keys(others);
  return other === undefined
    ? E.right(undefined)
    : E.left(usageError(`--file: expected without ${optionName(other)}, got both: the file says what its network is`));
};

/** An option's name as it is written: --pair-head. */
const optionName = (name: string): string => `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
