/** Tensor files that carry the digest of their own content, so that a change of any bit is noticed when they are read. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { dataError, type DataError } from './data-error.ts';
import type { Digest } from './digest.ts';
import { readSafetensors, writeSafetensors, type TensorFile } from './safetensors.ts';

/** Where the metadata hold the digest: that of the file as it is without it. */
const digestKey = 'contentSha256';

const contentDigest =
  (digest: Digest) =>
  (file: TensorFile): Either<DataError, string> =>
    pipe(writeSafetensors(file), E.map(digest));

/** The bytes of a file, with the digest of its content in the metadata. Fails where one of its numbers is not finite. */
export const writeSealed =
  (digest: Digest) =>
  (file: TensorFile): Either<DataError, Uint8Array> =>
    pipe(
      contentDigest(digest)(file),
      E.chain((sha256) => writeSafetensors({ ...file, metadata: { ...file.metadata, [digestKey]: sha256 } })),
    );

/** Whether a file carries a digest of its content. */
export const isSealed = ({ metadata }: TensorFile): boolean => Object.hasOwn(metadata, digestKey);

/** A sealed file without its digest. Fails unless that is the digest of the rest; `what` names the file then. */
export const unsealed =
  (digest: Digest, what: string) =>
  ({ metadata: { [digestKey]: expected, ...metadata }, tensors }: TensorFile): Either<DataError, TensorFile> => {
    const file = { metadata, tensors };
    return pipe(
      contentDigest(digest)(file),
      E.filterOrElse(
        (found) => found === expected,
        () =>
          dataError(
            `expected ${what} as efnn wrote it, got a changed or damaged one; copy it again, or start training again`,
          ),
      ),
      E.map(() => file),
    );
  };

/** The sealed file in these bytes, as `unsealed` has it. */
export const readSealed =
  (digest: Digest, what: string) =>
  (bytes: Uint8Array): Either<DataError, TensorFile> =>
    pipe(readSafetensors(bytes), E.chain(unsealed(digest, what)));
