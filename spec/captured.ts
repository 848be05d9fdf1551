/** A command line that is run here, with its streams and its exit code caught. */
import { vi } from 'vitest';

import { runCommandLine, type Commands } from '../scripts/command-line.ts';
import { commands } from '../scripts/commands/commands.ts';

export interface Captured {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export const captured = async (args: readonly string[], table: Commands = commands): Promise<Captured> => {
  const stdout = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const codeBefore = process.exitCode;
  process.exitCode = 0;
  await runCommandLine(table, args);
  const outcome = {
    code: exitCode(),
    stdout: stdout.mock.calls.map(([text]) => String(text)).join(''),
    stderr: stderr.mock.calls.map(([text]) => String(text)).join(''),
  };
  process.exitCode = codeBefore;
  stdout.mockRestore();
  stderr.mockRestore();
  return outcome;
};

/** Read anew: the compiler believes that nobody has changed it. */
const exitCode = (): number => Number(process.exitCode ?? 0);
