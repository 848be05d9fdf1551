/**
 * Systems: what a Hamiltonian must say of itself so that its data can be generated, labelled and trained on. One value
 * of `System` is one row of the table in `systems.ts`; everything else reads the table.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import type { Option } from 'fp-ts/lib/Option.js';
import type { ReadonlyNonEmptyArray } from 'fp-ts/lib/ReadonlyNonEmptyArray.js';
import type { z } from 'zod';

import type { ExactMethod } from '../exact/energy-method.ts';
import { dataError, type DataError } from '../file/data-error.ts';
import type { Reals } from '../number/reals.ts';
import { alternatives } from './alternatives.ts';
import type { SpinKind } from './spin-kind.ts';

/** How energies are computed: from the Hamiltonian's formula, or from its electrons' levels. */
export const methods = ['formula', 'diagonalize', 'poles'] as const satisfies readonly ('formula' | ExactMethod)[];

/** See `methods`. */
export type Method = (typeof methods)[number];

/** What is computed of a sample. */
export interface Labels {
  /** The total energy, in the units of its system. */
  readonly energy: number;
  /** dE/ds, the unconstrained gradient in the shape of the spins, where it was asked for. */
  readonly forces: Option<Reals>;
}

/** The spins of a seed, and what else was drawn with it. */
export interface Ensemble {
  /** Samples 0 .. available - 1 exist. */
  readonly available: number;
  /** The couplings of the Hamiltonian, where they are random; they are drawn when they are asked for. */
  readonly couplings: () => Option<Reals>;
  /** The spins of a sample, a function of the seed and this index alone. */
  readonly spins: (index: number) => Reals;
}

/** A distribution of spins. */
export interface Sampler {
  /** In a few words, for help. */
  readonly meaning: string;
  /** The seed where none is named. */
  readonly seed: number;
  /** The only size that it has, where it has one alone. */
  readonly size?: number;
  /** How many samples are meant where no number is named; none where one must be. */
  readonly samples?: number;
  /** Fails for seeds that its generator refuses. */
  readonly ensemble: (size: number, seed: number) => Either<DataError, Ensemble>;
}

/** Which energies are wanted: of which Hamiltonian, and how. */
export interface Labelling {
  /** N or L. */
  readonly size: number;
  /** By symbol; every parameter of the system must be there. */
  readonly parameters: Readonly<Record<string, number>>;
  readonly method: Method;
  readonly forces: boolean;
  readonly couplings: Option<Reals>;
}

/** The labels of a sample's spins. Fails where they have no finite energy. */
export type LabelsOf = (spins: Reals) => Either<DataError, Labels>;

/** A parameter of a Hamiltonian. */
export interface Parameter {
  readonly symbol: string;
  readonly meaning: string;
  /** The paper's value, or the natural one. */
  readonly default: number;
}

/** A parameter that no Hamiltonian has, and what is expected of it. */
export interface ImpossibleParameter {
  readonly parameter: string;
  readonly message: string;
}

interface SystemColumns {
  /** In a few words, for help. */
  readonly title: string;
  readonly spins: SpinKind;
  /** N or L: the least that has a meaning, and the usual one. */
  readonly size: { readonly least: number; readonly usual: number };
  /** How many random couplings the Hamiltonian has at a size, where it has any: data sets hold them. */
  readonly couplings?: (size: number) => number;
  /** What is written into a data set beside the parameters. */
  readonly constants?: (size: number) => Readonly<Record<string, number>>;
  /** In what energies are measured. */
  readonly units: string;
  /** The first is meant where none is named. */
  readonly samplers: Readonly<Record<string, Sampler>>;
  /** How energies can be computed; the first is meant where none is named, and judges the others. */
  readonly methods: ReadonlyNonEmptyArray<Method>;
  /** Raised whenever the same seed and index would give other spins, couplings or labels than before. */
  readonly version: string;
  /** Fails for a size whose labels by this method fit into no memory; where it is left out, any of an order does. */
  readonly fits?: (
    labelling: Pick<Labelling, 'size' | 'method' | 'forces'>,
  ) => Either<{ readonly message: string }, unknown>;
  /** Rough cost of one sample's labels, in seconds. */
  readonly seconds: (labelling: Pick<Labelling, 'size' | 'method' | 'forces'>) => number;
  /** Rough cost of what a seed is drawn with beside spins, in seconds; every thread draws it. Nothing where it is left out. */
  readonly preparation?: (size: number) => number;
}

type ParameterSchemas = Readonly<Record<string, z.ZodDefault<z.ZodNumber>>>;

/** A row as it is written down: with the schema of its parameters, their defaults and, by `describe`, their meaning. */
export interface SystemDescription<Schemas extends ParameterSchemas> extends SystemColumns {
  readonly parameters: z.ZodObject<Schemas>;
  /** Fails for parameters that no Hamiltonian has; where it is left out, all numbers will do. */
  readonly possible?: (parameters: z.output<z.ZodObject<Schemas>>) => Either<ImpossibleParameter, unknown>;
  /** Fails for impossible sizes and parameters. */
  readonly labels: (
    parameters: z.output<z.ZodObject<Schemas>>,
    labelling: Labelling,
  ) => Either<{ readonly message: string }, (spins: Reals) => Either<{ readonly message: string }, Labels>>;
}

/** A row as it is read. */
export interface System extends SystemColumns {
  readonly parameters: readonly Parameter[];
  /** Fails where one of the parameters is missing, or impossible. */
  readonly possible: (parameters: Readonly<Record<string, number>>) => Either<ImpossibleParameter, unknown>;
  /** Fails for impossible sizes, parameters and methods, and where couplings are missing. */
  readonly labels: (labelling: Labelling) => Either<DataError, LabelsOf>;
}

/** The row of a description: parameters are checked before its functions see them, energies after they were computed. */
export const system = <Schemas extends ParameterSchemas>(description: SystemDescription<Schemas>): System => {
  const parameters = Object.entries<z.ZodDefault<z.ZodNumber>>(description.parameters.shape).map(
    ([symbol, schema]): Parameter => ({
      symbol,
      meaning: schema.description ?? '',
      default: schema.parse(undefined),
    }),
  );
  const modelOf = parametersIn(parameters, description.parameters);
  return {
    ...description,
    parameters,
    possible: (given) =>
      pipe(
        modelOf(given),
        E.chain((model) => description.possible?.(model) ?? E.right(model)),
      ),
    labels: (labelling) =>
      pipe(
        methodIn(description.methods, labelling),
        E.chainW(() => modelOf(labelling.parameters)),
        E.chainW((model) => description.labels(model, labelling)),
        E.bimap(
          ({ message }) => dataError(message),
          (labels) => (spins) =>
            pipe(
              labels(spins),
              E.mapLeft(({ message }) => dataError(message)),
              E.chain(finite),
            ),
        ),
      ),
  };
};

/** Whatever the Hamiltonian, no file holds what float64 could not. */
const finite = (sample: Labels): Either<DataError, Labels> => {
  const forces = O.toNullable(sample.forces) ?? new Float64Array();
  const wrong = [sample.energy, ...forces].find((value) => !Number.isFinite(value));
  return wrong === undefined
    ? E.right(sample)
    : E.left(dataError(`expected finite energies and forces, got ${wrong}: take parameters of smaller size`));
};

const methodIn = (known: readonly Method[], { method }: Labelling): Either<DataError, unknown> =>
  known.includes(method)
    ? E.right(method)
    : E.left(dataError(`expected energies by ${alternatives(known)}, got '${method}': these data are not efnn's own`));

const parametersIn =
  <Schemas extends ParameterSchemas>(symbols: readonly Parameter[], schema: z.ZodObject<Schemas>) =>
  (parameters: Labelling['parameters']): Either<ImpossibleParameter, z.output<z.ZodObject<Schemas>>> => {
    const missing = symbols.find(({ symbol }) => !Number.isFinite(parameters[symbol]))?.symbol;
    const parsed = schema.safeParse(parameters);
    return missing === undefined && parsed.success
      ? E.right(parsed.data)
      : E.left({
          parameter: missing ?? String(parsed.error?.issues[0]?.path[0]),
          message:
            `expected finite ${symbols.map(({ symbol }) => symbol).join(', ')}, ` +
            `got ${missing === undefined ? 'others' : `${missing} = ${parameters[missing]}`}: name all of them`,
        });
  };
