/** The command line `efnn`. */
import { Command } from 'commander';

import { runCommandLine } from './command-line.ts';
import { energyCommand } from './commands/energy.ts';
import { generateCommand } from './commands/generate.ts';

const efnn = new Command('efnn')
  .description('Effective Field Neural Networks: data, exact energies, networks and the figures of arXiv:2502.17665')
  .addCommand(generateCommand())
  .addCommand(energyCommand());

await runCommandLine(efnn, process.argv);
