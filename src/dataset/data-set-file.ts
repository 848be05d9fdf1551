/**
 * Data sets as `.npz` files: numpy's archive of arrays.
 *
 * | entry      | holds                                                                    |
 * |------------|--------------------------------------------------------------------------|
 * | `spins`    | [B, 3, N, N] or [B, L], float64                                          |
 * | `energies` | [B], float64                                                             |
 * | `forces`   | dE/ds in the shape of `spins`, where the data set has them               |
 * | `meta`     | a 0-d string of JSON: system, parameters, sampler, seed, firstIndex, images where it has all eight |
 * |            | of each configuration, method, version                                   |
 */
import { sequenceS } from 'fp-ts/lib/Apply.js';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';

import { dataError, type DataError } from '../file/data-error.ts';
import { readNpy, readNpyText, writeNpy, writeNpyText } from '../file/npy.ts';
import { showShape, type Tensor } from '../file/tensor.ts';
import { unzip, zip, type Entries } from '../file/zip.ts';
import { checked, sampleCount, type DataSet } from './data-set.ts';
import { parseMeta, showMeta } from './meta.ts';

/** The data set in the bytes of a `.npz` file. */
export const readNpz = (bytes: Uint8Array): E.Either<DataError, DataSet> =>
  pipe(
    unzip(bytes),
    E.chainFirst(onlyKnownNames),
    E.chain((entries) =>
      sequenceS(E.Apply)({
        spins: pipe(entryOf(entries, 'spins'), E.chain(named('spins', readNpy))),
        energies: pipe(entryOf(entries, 'energies'), E.chain(named('energies', readNpy))),
        forces: pipe(O.fromNullable(entries['forces.npy']), O.traverse(E.Applicative)(named('forces', readNpy))),
        meta: pipe(entryOf(entries, 'meta'), E.chain(named('meta', readNpyText)), E.chain(parseMeta)),
      }),
    ),
    E.chainFirst(({ spins, energies, forces }) => shapesAgree(spins, energies, forces)),
    E.chain(({ spins, energies, forces, meta }) =>
      checked({
        meta,
        sampleShape: spins.shape.slice(1),
        spins: spins.values,
        energies: energies.values,
        forces: O.map(({ values }: Tensor) => values)(forces),
      }),
    ),
  );

/** A `.npz` file with the data set; the same data set gives the same bytes. */
export const writeNpz = (data: DataSet): Uint8Array => {
  const shape = [sampleCount(data), ...data.sampleShape];
  const array = (tensorShape: readonly number[], values: Tensor['values']): Uint8Array =>
    writeNpy({ dtype: 'float64', shape: tensorShape, values });
  return zip({
    'spins.npy': array(shape, data.spins),
    'energies.npy': array([sampleCount(data)], data.energies),
    ...(O.isSome(data.forces) ? { 'forces.npy': array(shape, data.forces.value) } : {}),
    'meta.npy': writeNpyText(showMeta(data.meta)),
  });
};

const names = ['spins', 'energies', 'forces', 'meta'];

const onlyKnownNames = (entries: Entries): E.Either<DataError, void> => {
  const stranger = Object.keys(entries).find((name) => !names.includes(name.replace(/\.npy$/, '')));
  return stranger === undefined
    ? E.right(undefined)
    : E.left(
        dataError(
          `expected the arrays spins, energies, meta and perhaps forces, came '${stranger}': rename or remove it`,
        ),
      );
};

const entryOf = (entries: Entries, name: string): E.Either<DataError, Uint8Array> =>
  E.fromNullable(dataError(`expected an array '${name}', there is none: write the data set with it`))(
    entries[`${name}.npy`],
  );

/** A reader whose messages name the array. */
const named =
  <A>(name: string, read: (bytes: Uint8Array) => E.Either<DataError, A>) =>
  (bytes: Uint8Array): E.Either<DataError, A> =>
    pipe(
      read(bytes),
      E.mapLeft(({ message }) => dataError(`${name}: ${message}`)),
    );

const shapesAgree = (spins: Tensor, energies: Tensor, forces: O.Option<Tensor>): E.Either<DataError, void> => {
  if (energies.shape.length !== 1 || spins.shape[0] !== energies.shape[0]) {
    return E.left(
      dataError(
        `expected energies of shape [B] and spins of shape [B, ..], came ${showShape(energies.shape)} and ` +
          `${showShape(spins.shape)}: write one energy for each sample`,
      ),
    );
  }
  return O.isSome(forces) && showShape(forces.value.shape) !== showShape(spins.shape)
    ? E.left(
        dataError(
          `expected forces in the shape of the spins, ${showShape(spins.shape)}, ` +
            `came ${showShape(forces.value.shape)}: ` +
            'write dE/ds for each component',
        ),
      )
    : E.right(undefined);
};
