/** What `efnn verify` says of a folder. */
import type { Either } from 'fp-ts/lib/Either.js';

import type { Finding, Folder } from '../provenance/verification.ts';
import type { RunError } from './command-error.ts';
import { messageLine } from './message-line.ts';
import { outputLine } from './output-line.ts';

const counted = (count: number, noun: string): string => `${count} ${count === 1 ? noun : `${noun}s`}`;

/** How many findings, in words. */
export const findingsCount = (found: readonly Finding[]): string => counted(found.length, 'finding');

/** All findings of a folder as JSON; the seed chose the samples. */
export const findingsJson = (
  path: string,
  { files, samples }: Folder,
  found: readonly Finding[],
  seed: number,
): Either<RunError, string> =>
  outputLine({ folder: path, files: files.size, samples: samples.length, seed, findings: found });

/** A line a finding, and one that says what was verified. */
export const findingsText = ({ files, samples }: Folder, found: readonly Finding[], seed: number): string =>
  [
    ...found.map(({ kind, path, message }) => `${kind}: ${path}: ${message}`),
    `verified ${counted(files.size, 'file')}, and ${counted(samples.length, 'sample')} made again (--seed ${seed}): ` +
      (found.length === 0 ? 'nothing is wrong' : findingsCount(found)),
  ]
    .map((line) => `${messageLine(line)}\n`)
    .join('');
