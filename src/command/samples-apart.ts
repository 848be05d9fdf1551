/** Samples that count once: in one file of those that are trained on, and in none of those that are held out. */
import * as E from 'fp-ts/lib/Either.js';
import type { ReadonlyNonEmptyArray } from 'fp-ts/lib/ReadonlyNonEmptyArray.js';

import { commonSamples } from '../dataset/common-samples.ts';
import type { LabelledFile } from '../dataset/data-set-file.ts';
import { customSystem } from '../dataset/meta.ts';
import { systems } from '../dataset/systems.ts';
import { quoted } from '../file/quoted.ts';
import { usageError, type UsageError } from './command-error.ts';

/** Whence samples come that a file has not: with random couplings another seed is another Hamiltonian, but a run goes on. */
const otherSamples = ({ meta }: Pick<LabelledFile, 'meta'>): string => {
  if (meta.system === customSystem) {
    return 'samples of its own';
  }
  return systems[meta.system].couplings === undefined
    ? 'samples of another seed: generate with another --seed'
    : 'a later piece of the same run: generate with the same seed, more --samples and the last --shard';
};

const inCommon = (count: number): string => (count === 1 ? '1 sample' : `${count} samples`);

/** The same files, if none holds a sample of another; one that is there twice would count twice, in the loss and in every epoch. */
export const eachOnce = <Files extends readonly LabelledFile[]>(files: Files): E.Either<UsageError, Files> => {
  const [pair] = files.flatMap((other, i) =>
    files.slice(0, i).flatMap((one) => {
      const count = commonSamples(one, other);
      return count === 0 ? [] : [{ one, other, count }];
    }),
  );
  return pair === undefined
    ? E.right(files)
    : E.left(
        usageError(
          `--data: expected each sample once, got ${quoted(pair.one.path)} and ${quoted(pair.other.path)} with ` +
            `${inCommon(pair.count)} in common: leave one of them out, or take for it a file with ${otherSamples(pair.other)}`,
        ),
      );
};

/** The held-out data, if none of their samples is trained on: errors on those are no errors on what was never seen. */
export const heldApart =
  (files: ReadonlyNonEmptyArray<LabelledFile>) =>
  <HeldOut extends LabelledFile>(heldOut: HeldOut): E.Either<UsageError, HeldOut> => {
    const [shared] = files.flatMap((file) => {
      const count = commonSamples(file, heldOut);
      return count === 0 ? [] : [{ file, count }];
    });
    return shared === undefined
      ? E.right(heldOut)
      : E.left(
          usageError(
            `--validation: expected samples that are not trained on, got ${quoted(heldOut.path)} with ` +
              `${inCommon(shared.count)} of --data ${quoted(shared.file.path)}: hold out a file with ${otherSamples(heldOut)}`,
          ),
        );
  };
