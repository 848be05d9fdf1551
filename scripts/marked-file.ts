/** Markdown files with a section that a command writes, between markers. */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { usageErrorIn, type CommandError, type UsageError } from '../src/command/command-error.ts';
import { utf8 } from '../src/file/parse-json.ts';
import { withMarkedSection } from '../src/report/marked-section.ts';
import { readFile } from './read-file.ts';
import { writeFile } from './write-file.ts';

/** The file that --markdown names, with another section. */
const fileWith = (marker: string, section: string, path: string): TaskEither<UsageError, string> =>
  pipe(
    readFile(path),
    TE.chainEitherKW((bytes) => utf8('Markdown', bytes)),
    TE.chainEitherKW(withMarkedSection(marker, section)),
    TE.mapLeft(usageErrorIn('--markdown')),
  );

/** Refuses a file without the markers, before the work that would be lost. */
export const expectMarkers = (marker: string, path: string | undefined): TaskEither<UsageError, unknown> =>
  path === undefined ? TE.right(undefined) : fileWith(marker, '', path);

/** Writes the section into the file, where one is named. */
export const writeSection = (
  marker: string,
  section: string,
  path: string | undefined,
): TaskEither<CommandError, unknown> =>
  path === undefined
    ? TE.right(undefined)
    : pipe(
        fileWith(marker, section, path),
        TE.chainW((text) => writeFile(path, text)),
      );
