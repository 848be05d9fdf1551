/**
 * numpy's archives of named arrays, `.npz`: a zip archive whose member `name.npy`, or `name`, is the array `name`. What an array
 * is, its header tells before the array is unpacked.
 *
 * @source numpy.lib.npyio.NpzFile
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { dataError, type DataError } from './data-error.ts';
import { mostHeaderBytes, readNpy, readNpyHeader, readNpyText } from './npy.ts';
import { quoted } from './quoted.ts';
import type { Tensor } from './tensor.ts';
import { contentOf, openZip, startOf, type Archive } from './zip.ts';

/** An archive that was opened, and of which nothing was unpacked yet. */
export interface Npz {
  /** The names of its arrays, each once. */
  readonly names: readonly string[];
  readonly archive: Archive;
}

/** The archive in these bytes. Fails for other formats, and where one array is there twice. */
export const openNpz = (bytes: Uint8Array): E.Either<DataError, Npz> =>
  pipe(
    openZip(bytes),
    E.map((archive) => ({ archive, names: [...archive.members.keys()].map(arrayName) })),
    E.filterOrElse(
      ({ names }) => new Set(names).size === names.length,
      ({ names }) =>
        dataError(
          `expected each array once, got ${quoted(names.find((name, i) => names.indexOf(name) < i) ?? '')} with and ` +
            'without .npy: remove one of them',
        ),
    ),
  );

/** The shape of an array, from its header alone. */
export const shapeIn =
  (npz: Npz) =>
  (name: string): E.Either<DataError, readonly number[]> =>
    pipe(
      memberOf(npz, name),
      E.chain((member) => startOf(npz.archive)(member, mostHeaderBytes)),
      E.chain(readNpyHeader),
      E.bimap(inArray(name), ({ shape }) => shape),
    );

/** An array, unpacked and checked. Ask for its shape first: this takes as much memory as the archive says. */
export const arrayIn =
  (npz: Npz) =>
  (name: string): E.Either<DataError, Tensor> =>
    pipe(memberOf(npz, name), E.chain(contentOf(npz.archive)), E.chain(readNpy), E.mapLeft(inArray(name)));

/** A 0-d string of at most so many bytes, 4 for each character. */
export const textIn =
  (npz: Npz, mostBytes: number) =>
  (name: string): E.Either<DataError, string> =>
    pipe(
      memberOf(npz, name),
      E.filterOrElse(
        ({ length }) => length <= mostBytes,
        ({ length }) => dataError(`expected a text of at most ${mostBytes} bytes, got ${length}: write a shorter one`),
      ),
      E.chain(contentOf(npz.archive)),
      E.chain(readNpyText),
      E.mapLeft(inArray(name)),
    );

const arrayName = (member: string): string => (member.endsWith('.npy') ? member.slice(0, -'.npy'.length) : member);

const memberOf = ({ archive: { members } }: Npz, name: string) =>
  E.fromNullable(dataError('expected an array of this name, there is none: write the file with it'))(
    members.get(`${name}.npy`) ?? members.get(name),
  );

/** The error, with the name of the array that it is about. */
const inArray =
  (name: string) =>
  ({ message }: DataError): DataError =>
    dataError(`${name}: ${message}`);
