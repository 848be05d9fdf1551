/** What `efnn generate` says of the file that it wrote, or found. */
import * as E from 'fp-ts/lib/Either.js';

import { sampleCount, type DataSet } from '../dataset/data-set.ts';
import { quoted, visible } from '../file/quoted.ts';
import type { Manifest } from '../provenance/manifest.ts';
import { usageError, type CommandError, type UsageError } from './command-error.ts';
import { outputLine } from './output-line.ts';

/** A data set as it stands on the disk. */
export interface Generated {
  readonly data: DataSet;
  readonly manifest: Manifest;
  /** Seconds that it took; null where the file was there already. */
  readonly seconds: number | null;
}

/** The refusal of a name under which something else stands. */
export const occupied = (out: string): UsageError =>
  usageError(
    `--out: expected a name that is free, or the file of this very run, got ${quoted(out)}, which holds something else: ` +
      'choose another name, or add --overwrite',
  );

/** Its file and its samples, for people or as JSON. */
export const generatedOutput = (
  { out, json }: { readonly out: string; readonly json?: true },
  { data, manifest, seconds }: Generated,
): E.Either<CommandError, string> => {
  const { firstIndex, seed } = data.meta;
  const count = sampleCount(data);
  if (json === true) {
    return outputLine({ file: out, samples: count, sha256: manifest.sha256, ...data.meta });
  }
  const samples = `samples ${firstIndex} to ${firstIndex + count - 1} of seed ${seed}`;
  return E.right(
    seconds === null
      ? `${visible(out)} is there already: ${samples}\n`
      : `wrote ${visible(out)}: ${samples}, in ${seconds.toPrecision(3)} s, ${(count / seconds).toPrecision(3)}/s\n`,
  );
};
