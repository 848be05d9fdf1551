/** Runs a commander program by the rules of `exit.ts`: one line for a mistake, and exit code 2. */
import { CommanderError, type Command } from 'commander';

import { end, oneLine } from './exit.ts';

export const runCommandLine = async (program: Command, argv: readonly string[]): Promise<void> => {
  const strictProgram = strict(program);
  if (argv.length <= 2) {
    const names = program.commands.map((command) => command.name()).join(', ');
    end(2, `expected a command (${names}), came none; ${program.name()} --help says what each does`);
    return;
  }
  try {
    await strictProgram.parseAsync([...argv]);
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      throw error;
    }
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  }
};

/** Commander's own messages, in one line and with a hint, for a program and all of its commands. */
const strict = (command: Command): Command => {
  command.commands.forEach(strict);
  return command.exitOverride().configureOutput({
    outputError: (text) => {
      end(2, `${oneLine(text).replace(/^error: /, '')}; ${nameOf(command)} --help lists what it takes`);
    },
  });
};

const nameOf = (command: Command): string =>
  command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;
