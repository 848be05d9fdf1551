/** How a command ends: with 0, with 2 when asked for something impossible, with 1 when it failed while running. */
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { CommandError } from '../src/command/command-error.ts';
import { visible } from '../src/file/quoted.ts';

const exitCodes: Readonly<Record<CommandError['tag'], number>> = { UsageError: 2, RunError: 1 };

/** Runs a command to its end; an error becomes one line on stderr and the exit code. */
export const settle = async (command: TaskEither<CommandError, void>): Promise<void> => {
  const result = await command();
  if (E.isLeft(result)) {
    end(exitCodes[result.left.tag], result.left.message);
  }
};

/** Says why in one line, and lets the process end with the code once its output is written. */
export const end = (code: number, message: string): void => {
  process.stderr.write(`efnn: ${oneLine(message)}\n`);
  process.exitCode = code;
};

/** The text on one line, of a length that a terminal can show, and with nothing in it that a terminal would obey. */
export const oneLine = (text: string): string => {
  const line = visible(text.trim().replaceAll(/\s*\n\s*/g, ' '));
  return line.length <= longest ? line : `${line.slice(0, longest)}..`;
};

const longest = 2000;

/** Whether an error is the system's of this name, such as ENOENT. */
export const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

/** What an error thrown by Node or a library says. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
