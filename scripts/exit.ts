/** How a command ends: with 0, with 2 when asked for something impossible, with 1 when it failed while running. */
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { CommandError } from '../src/command/command-error.ts';
import { messageLine } from '../src/command/message-line.ts';

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
  process.stderr.write(`efnn: ${messageLine(message)}\n`);
  process.exitCode = code;
};
