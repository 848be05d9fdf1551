/** The command line `efnn`. */
import { runCommandLine } from './command-line.ts';
import { energyCommand } from './commands/energy.ts';
import { generateCommand } from './commands/generate.ts';

await runCommandLine([generateCommand(), energyCommand()], process.argv.slice(2));
