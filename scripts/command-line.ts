/** The program `efnn`: runs one of its commands by the rules of `exit.ts`, one line for a mistake, and exit code 2. */
import { Command, CommanderError, type Option } from 'commander';

import { messageLine } from '../src/command/message-line.ts';
import { quoted } from '../src/file/quoted.ts';
import { end } from './exit.ts';
import { programVersion } from './program-version.ts';

/** What commands do by their names, and how each is loaded: with all modules that it needs, which takes most of a second. */
export type Commands = Readonly<
  Record<string, { readonly description: string; readonly load: () => Promise<(command: Command) => Command> }>
>;

/** Runs the command that the arguments name, one of these. Others are not loaded. */
export const runCommandLine = async (commands: Commands, args: readonly string[]): Promise<void> => {
  if (args.length === 0) {
    const names = Object.keys(commands).join(', ');
    end(2, `expected a command (${names}), got none; efnn --help says what each does`);
    return;
  }
  const [first, asked, ...others] = args;
  if (
    first === 'help' &&
    asked?.startsWith('-') === false &&
    !(Object.hasOwn(commands, asked) && others.length === 0)
  ) {
    const names = Object.keys(commands).join(', ');
    const got = [asked, ...others].map(quoted).join(' and ');
    end(2, `expected help, or help for one command (${names}), got ${got}; efnn --help says what each does`);
    return;
  }
  try {
    const program = programOf(await Promise.all(Object.entries(commands).map(commandFor(args))));
    await strict(program).parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      throw error;
    }
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  }
};

/** A command that the arguments may name, whole; of any other what the list of commands shows of it. */
const commandFor =
  (args: readonly string[]) =>
  async ([name, { description, load }]: readonly [string, Commands[string]]): Promise<Command> => {
    const command = new Command(name).description(description);
    return args.includes(name) ? (await load())(command) : command;
  };

const programOf = (commands: readonly Command[]): Command =>
  commands.reduce(
    (program, command) => program.addCommand(command),
    new Command('efnn')
      .description(
        'Effective Field Neural Networks: data, exact energies, networks and the figures of arXiv:2502.17665',
      )
      .version(programVersion, '--version', 'print the version')
      .configureHelp({ subcommandTerm: (command) => command.name() }),
  );

/** Commander's own messages, in one line and with a hint, for a program and all of its commands. */
const strict = (command: Command): Command => {
  command.commands.forEach(strict);
  command.options.filter(takesOneValue).forEach((option) => {
    option.argParser((value: string, before: unknown) => {
      if (command.getOptionValueSource(option.attributeName()) === 'cli') {
        command.error(
          `error: --${option.name()}: expected once, got ${quoted(String(before))} and ${quoted(value)}: keep one of them`,
        );
      }
      return value;
    });
  });
  command.hook('preAction', () => {
    const empty = emptyWord(command);
    if (empty !== undefined) {
      command.error(
        `error: ${empty}: expected a value, got '': give one, and see that no variable of the shell that it comes from is unset`,
      );
    }
  });
  const mandatory = command.options.filter((option) => option.mandatory);
  // Commander asks for missing options first, which hides that one is there but misspelt.
  mandatory.forEach((option) => option.makeOptionMandatory(false));
  command.hook('preAction', () => {
    const missing = mandatory.find((option) => command.getOptionValue(option.attributeName()) === undefined);
    if (missing !== undefined) {
      command.error(`error: required option '${missing.flags}' not specified`);
    }
  });
  return command.exitOverride().configureOutput({
    outputError: (text) => {
      end(2, `${messageLine(text).replace(/^error: /, '')}; ${nameOf(command)} --help lists what it takes`);
    },
  });
};

/**
 * The argument or the option that was given an empty word, where one was: no value is empty, and a path would be that of the
 * folder where the program was started, which nobody named.
 */
const emptyWord = (command: Command): string | undefined => {
  const place = command.args.indexOf('');
  const argument = place === -1 ? undefined : command.registeredArguments.at(Math.min(place, lastOf(command)));
  const option = command.options.find((one) => {
    const value: unknown = command.getOptionValue(one.attributeName());
    return value === '' || (Array.isArray(value) && value.includes(''));
  });
  return argument === undefined ? option?.long : `<${argument.name()}>`;
};

/** The place of the last argument, which may take several words. */
const lastOf = ({ registeredArguments }: Command): number => registeredArguments.length - 1;

const takesOneValue = ({ required, optional, variadic }: Option): boolean => (required || optional) && !variadic;

const nameOf = (command: Command): string =>
  command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;
