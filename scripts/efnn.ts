/** The command line `efnn`. */
import { runCommandLine } from './command-line.ts';
import { commands } from './commands/commands.ts';
import { watchSignals } from './interruption.ts';
import { guardStreams } from './streams.ts';
import { enterCallersFolder } from './working-folder.ts';

guardStreams();
watchSignals();
enterCallersFolder();

await runCommandLine(commands, process.argv.slice(2));
