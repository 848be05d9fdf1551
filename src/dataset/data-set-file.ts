/**
 * Data sets as `.npz` files: numpy's archive of arrays.
 *
 * | entry      | holds                                                                    |
 * |------------|--------------------------------------------------------------------------|
 * | `spins`    | [B, 3, N, N] or [B, L], float64                                          |
 * | `energies` | [B], float64                                                             |
 * | `forces`   | dE/ds in the shape of `spins`, where the data set has them               |
 * | `couplings` | the random couplings, where the Hamiltonian has them: of three-spin systems the L (L-1) (L-2) / 6 |
 * |            | values J_ijk, i < j < k, in lexicographic order; E = - sum of J_ijk s_i s_j s_k |
 * | `meta`     | a 0-d string of JSON: system, parameters, sampler, seed, firstIndex, images where it has all eight |
 * |            | of each configuration, method, version                                   |
 *
 * Spins, couplings and meta are all that a foreign program needs to compute the energies again; three-spin files of earlier
 * versions have no couplings, and are read. Files that others made may leave `meta` out, be float32, and hold `couplings` of any shape; `README.md` beside says it all.
 */
import { sequenceS } from 'fp-ts/lib/Apply.js';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';

import { dataError, type DataError } from '../file/data-error.ts';
import { writeNpy, writeNpyText } from '../file/npy.ts';
import { arrayIn, openNpz, shapeIn, textIn, type Npz } from '../file/npz.ts';
import { quoted } from '../file/quoted.ts';
import { countOf, sameShape, showShape, type Tensor } from '../file/tensor.ts';
import { largestZip, zip } from '../file/zip.ts';
import { wholeNumberFrom } from '../number/callers-mistake.ts';
import { checked, couplingsSuit, sampleCount, type DataSet, type LabelledData } from './data-set.ts';
import { customMeta, parseAnyMeta, parseMeta, showMeta } from './meta.ts';
import type { Recipe } from './recipe.ts';
import { sizeOf } from './spin-kind.ts';
import { systems } from './systems.ts';

/** A file of labelled data: where it lies, and its digest. */
export interface LabelledFile extends LabelledData {
  readonly path: string;
  readonly sha256: string;
}

/** The data set in the bytes of a `.npz` file that efnn wrote. */
export const readNpz = (bytes: Uint8Array): E.Either<DataError, DataSet> =>
  pipe(
    openNpz(bytes),
    E.chainFirst(knownNames(['spins', 'energies', 'meta'], ['forces', 'couplings'])),
    E.chain((npz) => dataIn(npz, pipe(textIn(npz, mostMetaBytes)('meta'), E.chain(parseMeta)))),
  );

/** The labelled data in the bytes of a `.npz` file, whoever wrote it. Without metadata they are of the system `custom`. */
export const readLabelledNpz = (bytes: Uint8Array): E.Either<DataError, LabelledData> =>
  pipe(
    openNpz(bytes),
    E.chainFirst(knownNames(['spins', 'energies'], ['forces', 'couplings', 'meta'])),
    E.chain((npz) =>
      dataIn<LabelledData['meta']>(
        npz,
        npz.names.includes('meta')
          ? pipe(textIn(npz, mostMetaBytes)('meta'), E.chain(parseAnyMeta))
          : E.right(customMeta),
      ),
    ),
  );

/** The data of an archive, with these metadata. The shapes must agree before the arrays themselves are unpacked. */
const dataIn = <Meta extends LabelledData['meta']>(
  npz: Npz,
  metadata: E.Either<DataError, Meta>,
): E.Either<DataError, LabelledData & { readonly meta: Meta }> =>
  pipe(
    shapesIn(npz),
    E.bindTo('shapes'),
    E.chainFirst(({ shapes }) => shapesAgree(shapes)),
    E.bind('meta', () => metadata),
    E.chainFirst(({ meta, shapes }) => couplingsSuit(meta, sizeOf(shapes.spins))(shapes.couplings)),
    E.chain(({ meta }) =>
      sequenceS(E.Apply)({
        spins: arrayIn(npz)('spins'),
        energies: arrayIn(npz)('energies'),
        forces: optionalIn(npz, 'forces', arrayIn),
        couplings: optionalIn(npz, 'couplings', arrayIn),
        meta: E.right(meta),
      }),
    ),
    E.chain(({ spins, energies, forces, couplings, meta }) =>
      checked({
        meta,
        sampleShape: spins.shape.slice(1),
        spins: spins.values,
        energies: energies.values,
        forces: O.map(valuesOf)(forces),
        couplings: O.map(valuesOf)(couplings),
      }),
    ),
  );

const valuesOf = ({ values }: Tensor): Tensor['values'] => values;

/**
 * A `.npz` file with the data set; the same data set gives the same bytes. Fails for what `readNpz` would refuse: numbers that are
 * not finite, arrays that do not fit together, metadata that say nothing of how the samples were made.
 */
export const writeNpz = (data: DataSet): E.Either<DataError, Uint8Array> =>
  pipe(
    readableMeta(data.meta),
    E.chainFirst(() => checked(data)),
    E.chain(archived(data)),
  );

/** The text of metadata, if it is one that is read. */
const readableMeta = (meta: DataSet['meta']): E.Either<DataError, string> =>
  pipe(
    E.right(showMeta(meta)),
    E.chainFirst(parseMeta),
    E.filterOrElse(
      // A character takes 4 bytes, and is one or two units of a text.
      ({ length }) => 4 * length <= mostMetaBytes,
      ({ length }) =>
        dataError(`expected metadata of at most ${mostMetaBytes / 4} characters, got ${length}: write shorter ones`),
    ),
  );

const archived =
  (data: DataSet) =>
  (meta: string): E.Either<DataError, Uint8Array> => {
    const shape = [sampleCount(data), ...data.sampleShape];
    const numbers = data.spins.length * (O.isSome(data.forces) ? 2 : 1) + sampleCount(data);
    if (8 * numbers > largestZip - 2 * mostMetaBytes) {
      return E.left(
        dataError(
          `expected data of at most 4 GB, got ${numbers} numbers of 8 bytes: write fewer samples a file, as generate --shard does`,
        ),
      );
    }
    const array = (tensorShape: readonly number[], values: Tensor['values']): E.Either<DataError, Uint8Array> =>
      writeNpy({ dtype: 'float64', shape: tensorShape, values });
    return pipe(
      sequenceS(E.Apply)({
        spins: array(shape, data.spins),
        energies: array([sampleCount(data)], data.energies),
        forces: pipe(
          data.forces,
          O.traverse(E.Applicative)((forces) => array(shape, forces)),
        ),
        couplings: pipe(
          data.couplings,
          O.traverse(E.Applicative)((couplings) => array([couplings.length], couplings)),
        ),
      }),
      E.map(({ spins, energies, forces, couplings }) =>
        zip({
          'spins.npy': spins,
          'energies.npy': energies,
          ...(O.isSome(forces) ? { 'forces.npy': forces.value } : {}),
          ...(O.isSome(couplings) ? { 'couplings.npy': couplings.value } : {}),
          'meta.npy': writeNpyText(meta),
        }),
      ),
    );
  };

/**
 * About how long the file of so many rows is, in bytes; a little more.
 *
 * @throws RangeError unless the rows are a whole number of at least 0.
 */
export const npzBytes = (
  { system, sampleShape, forces }: Pick<Recipe, 'system' | 'sampleShape' | 'forces'>,
  rows: number,
): number =>
  8 *
    (wholeNumberFrom(0, 'a number of rows', 'count the samples')(rows) * ((forces ? 2 : 1) * countOf(sampleShape) + 1) +
      (systems[system].couplings?.(sizeOf(sampleShape)) ?? 0)) +
  4096;

/** A million characters of 4 bytes: a thousand times what any meta data take. */
const mostMetaBytes = 2 ** 22;

const knownNames =
  (needed: readonly string[], others: readonly string[]) =>
  ({ names }: Npz): E.Either<DataError, void> => {
    const unknown = names.find((name) => ![...needed, ...others].includes(name));
    const missing = needed.find((name) => !names.includes(name));
    if (unknown !== undefined) {
      return E.left(
        dataError(
          `expected the arrays ${needed.join(', ')} and perhaps ${others.join(', ')}, got ${quoted(unknown)}: ` +
            'rename or remove it',
        ),
      );
    }
    return missing === undefined
      ? E.right(undefined)
      : E.left(dataError(`expected an array '${missing}', there is none: write the data set with it`));
  };

/** What is read of an array, where the archive has it. */
const optionalIn = <A>(
  npz: Npz,
  name: string,
  read: (npz: Npz) => (name: string) => E.Either<DataError, A>,
): E.Either<DataError, O.Option<A>> =>
  pipe(npz.names.includes(name) ? O.some(name) : O.none, O.traverse(E.Applicative)(read(npz)));

/** The shapes of the arrays of one data set. */
interface Shapes {
  readonly spins: readonly number[];
  readonly energies: readonly number[];
  readonly forces: O.Option<readonly number[]>;
  readonly couplings: O.Option<readonly number[]>;
}

const shapesIn = (npz: Npz): E.Either<DataError, Shapes> =>
  sequenceS(E.Apply)({
    spins: shapeIn(npz)('spins'),
    energies: shapeIn(npz)('energies'),
    forces: optionalIn(npz, 'forces', shapeIn),
    couplings: optionalIn(npz, 'couplings', shapeIn),
  });

const shapesAgree = ({ spins, energies, forces }: Shapes): E.Either<DataError, void> => {
  if (energies.length !== 1 || spins[0] !== energies[0]) {
    return E.left(
      dataError(
        `expected energies of shape [B] and spins of shape [B, ..], got ${showShape(energies)} and ` +
          `${showShape(spins)}: write one energy for each sample`,
      ),
    );
  }
  return O.isSome(forces) && !sameShape(forces.value, spins)
    ? E.left(
        dataError(
          `expected forces in the shape of the spins, ${showShape(spins)}, got ${showShape(forces.value)}: ` +
            'write dE/ds for each component',
        ),
      )
    : E.right(undefined);
};
