/**
 * Data sets: spins with their energies, perhaps their forces, and what they are. Sample b of a data set depends on its
 * seed and on firstIndex + b alone, so the pieces of a data set, put together again, are the data set.
 */
import * as E from 'fp-ts/lib/Either.js';
import * as Eq from 'fp-ts/lib/Eq.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import type { ReadonlyNonEmptyArray } from 'fp-ts/lib/ReadonlyNonEmptyArray.js';

import { dataError, type DataError } from '../file/data-error.ts';
import { finite } from '../file/finite.ts';
import { joinedReals } from '../file/joined.kernel.ts';
import { countOf, sameShape, showShape } from '../file/tensor.ts';
import { wholeNumberFrom } from '../number/callers-mistake.ts';
import type { Reals } from '../number/reals.ts';
import { customSystem, showMeta, type CustomMeta, type Meta } from './meta.ts';
import { batchAdvice, batchShape, holdsSpins, sizeOf, spinKinds, type SpinKind } from './spin-kind.ts';
import { systems } from './systems.ts';

/** Spins with their labels, whoever made them: all that training and evaluation need. */
export interface LabelledData {
  readonly meta: Meta | CustomMeta;
  /** The shape of one sample's spins: [3, N, N] for spin vectors on a lattice, [L] for L scalar spins. */
  readonly sampleShape: readonly number[];
  /** Shape [B, ...sampleShape]. */
  readonly spins: Reals;
  /** Total energies, shape [B]. */
  readonly energies: Reals;
  /** dE/ds, the unconstrained gradient, in the shape of the spins. */
  readonly forces: O.Option<Reals>;
  /** The random couplings of the Hamiltonian, the same for all samples; none where it has none, and in files of earlier versions. */
  readonly couplings: O.Option<Reals>;
}

/** Data that efnn generated: each sample can be made again from the metadata. */
export interface DataSet extends LabelledData {
  readonly meta: Meta;
}

/** How many samples the data hold: B. */
export const sampleCount = (data: LabelledData): number => data.energies.length;

/** The data themselves, if their arrays fit together, are not empty and hold numbers only. */
export const checked = <Data extends LabelledData>(data: Data): E.Either<DataError, Data> =>
  pipe(
    E.right(data),
    E.filterOrElse(
      (): boolean => kindsOf(data).some((kind) => holdsSpins(kind)(data.sampleShape)),
      () =>
        dataError(
          `expected spins of shape ${kindsOf(data).map(batchShape).join(' or ')}, ` +
            `got [B, ${data.sampleShape.join(', ')}]: ${batchAdvice([sampleCount(data), ...data.sampleShape])}`,
        ),
    ),
    E.filterOrElse(
      (): boolean => sampleCount(data) > 0,
      () => dataError('expected at least one sample, got none: generate some'),
    ),
    E.filterOrElse(
      (): boolean => data.spins.length === sampleCount(data) * countOf(data.sampleShape),
      () => dataError(disagreement('spins', data.spins, data)),
    ),
    E.filterOrElse(
      (): boolean => O.isNone(data.forces) || data.forces.value.length === data.spins.length,
      () => dataError(disagreement('forces', O.toUndefined(data.forces) ?? [], data)),
    ),
    E.chain(() => couplingsSuit(data.meta, sizeOf(data.sampleShape))(O.map(lengthAlone)(data.couplings))),
    E.chain(() => finite('spins')(data.spins)),
    E.chain(() => finite('energies')(data.energies)),
    E.chain(() => finite('forces')(O.toUndefined(data.forces) ?? new Float64Array())),
    E.chain(() => finite('couplings')(O.toUndefined(data.couplings) ?? new Float64Array())),
    E.map(() => data),
  );

const lengthAlone = ({ length }: Reals): readonly number[] => [length];

/**
 * Fails where couplings have another shape than those of the system at this size, or where it has none. What the
 * couplings of others mean, nobody here knows.
 */
export const couplingsSuit =
  ({ system }: Pick<LabelledData['meta'], 'system'>, size: number) =>
  (shape: O.Option<readonly number[]>): E.Either<DataError, void> => {
    const count = system === customSystem ? undefined : systems[system].couplings?.(size);
    if (O.isNone(shape) || system === customSystem || (count !== undefined && sameShape(shape.value, [count]))) {
      return E.right(undefined);
    }
    const got = `got an array of shape ${showShape(shape.value)}`;
    return E.left(
      dataError(
        count === undefined
          ? `expected no couplings beside samples of ${system}, ${got}: remove it`
          : `expected couplings of shape ${showShape([count])} for ${system} of size ${size}, ${got}: write each once`,
      ),
    );
  };

const place = wholeNumberFrom(0, 'a place among samples', 'count samples from 0');

/**
 * The samples from `from` up to, not including, `to`.
 *
 * @throws RangeError unless both are whole numbers of at least 0.
 */
export const rows =
  (from: number, to: number) =>
  (data: DataSet): DataSet => {
    const size = countOf(data.sampleShape);
    const part = (values: Reals): Reals => values.slice(place(from) * size, place(to) * size);
    return {
      ...data,
      meta: { ...data.meta, firstIndex: data.meta.firstIndex + from },
      spins: part(data.spins),
      energies: data.energies.slice(from, to),
      forces: O.map(part)(data.forces),
    };
  };

/**
 * The first `trainCount` samples for training, the others for testing.
 *
 * @throws RangeError unless `trainCount` is a whole number of at least 0.
 */
export const split =
  (trainCount: number) =>
  (data: DataSet): { readonly train: DataSet; readonly test: DataSet } => ({
    train: rows(0, trainCount)(data),
    test: rows(trainCount, sampleCount(data))(data),
  });

/** One data set of consecutive pieces, such as the shards 1/n, 2/n .. n/n of a run. */
export const concatenated = (pieces: ReadonlyNonEmptyArray<DataSet>): E.Either<DataError, DataSet> => {
  const [first, ...others] = pieces;
  const misfit = others.findIndex((piece, i) => !follows(pieces[i] ?? first, piece));
  return misfit === -1
    ? E.right({
        ...first,
        spins: joinedReals(pieces.map(({ spins }) => spins)),
        energies: joinedReals(pieces.map(({ energies }) => energies)),
        forces: O.map(() => joinedReals(pieces.map(({ forces }) => O.toUndefined(forces) ?? new Float64Array())))(
          first.forces,
        ),
      })
    : E.left(
        dataError(
          `expected piece ${misfit + 2} to continue piece ${misfit + 1} (same system, couplings, shape, seed and labels, ` +
            'next index), it does not: give the shards of one run in order',
        ),
      );
};

/** Whether `next` holds the samples after those of `data`, made and labelled alike. */
const follows = (data: DataSet, next: DataSet): boolean =>
  showMeta({ ...data.meta, firstIndex: data.meta.firstIndex + sampleCount(data) }) === showMeta(next.meta) &&
  showShape(data.sampleShape) === showShape(next.sampleShape) &&
  O.isSome(data.forces) === O.isSome(next.forces) &&
  sameCouplings.equals(data.couplings, next.couplings);

const sameCouplings = O.getEq<Reals>(Eq.fromEquals((a, b) => a.length === b.length && a.every((x, i) => x === b[i])));

/** What the spins may be: those of a system are of its kind, those of others are what their shape says. */
const kindsOf = ({ meta }: LabelledData): readonly SpinKind[] =>
  meta.system === customSystem ? spinKinds : [systems[meta.system].spins];

const disagreement = (name: string, values: { readonly length: number }, data: LabelledData): string =>
  `expected ${name} of shape ${showShape([sampleCount(data), ...data.sampleShape])} beside ${sampleCount(data)} ` +
  `energies, got ${values.length} numbers: write them together`;
