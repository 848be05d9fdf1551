/** The command line `efnn`. */
import { runCommandLine } from './command-line.ts';
import { benchCommand } from './commands/bench.ts';
import { describeCommand } from './commands/describe.ts';
import { energyCommand } from './commands/energy.ts';
import { evaluateCommand } from './commands/evaluate.ts';
import { generateCommand } from './commands/generate.ts';
import { reproduceCommand } from './commands/reproduce.ts';
import { trainCommand } from './commands/train.ts';
import { verifyCommand } from './commands/verify.ts';
import { watchSignals } from './interruption.ts';
import { guardStreams } from './streams.ts';
import { enterCallersFolder } from './working-folder.ts';

guardStreams();
watchSignals();
enterCallersFolder();

await runCommandLine(
  [
    reproduceCommand(),
    generateCommand(),
    energyCommand(),
    trainCommand(),
    evaluateCommand(),
    describeCommand(),
    verifyCommand(),
    benchCommand(),
  ],
  process.argv.slice(2),
);
