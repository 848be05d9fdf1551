/** The options of `train` that make up its plan and its network. */
import { Option, type Command } from 'commander';

import { alternatives } from '../../src/dataset/alternatives.ts';
import { architectures } from '../../src/network/network.ts';

/** Adds those that describe the network, which `describe` has too; there a file may stand for them. */
export const withNetworkOptions = (command: Command, areNeeded: boolean): Command =>
  command
    .addOption(new Option('--model <name>', alternatives(architectures)).makeOptionMandatory(areNeeded))
    .addOption(new Option('--layers <n>', 'layers n').makeOptionMandatory(areNeeded))
    .option('--channels <C>', 'channels of a network on a lattice')
    .option(
      '--kernel <k>',
      'size of the lattice kernels, odd (default: 5); which to take: see "reproduce receptive-field"',
    )
    .option('--pair-head', 'fit a two-body interaction first; the network learns the remainder')
    .option('--neurons <W>', 'neurons of a dense network, for spins of one component');

/** Adds all of them. */
export const withTrainingOptions = (command: Command): Command =>
  withNetworkOptions(command, true)
    .option('--epochs <n>', 'how often each sample is seen (default: 20)')
    .option('--batch <n>', 'samples a step (default: 50)')
    .option('--rate <x>', 'the highest learning rate (default: 0.005)')
    .option(
      '--schedule <rule>',
      'one-cycle (default), decay:0.9/100 or staircase:1e-5/400 (factor or last rate / epochs)',
    )
    .option('--forces', 'train on the forces of the data too')
    .option(
      '--force-weight <x>',
      'weight of squared force errors beside squared energy errors (default: by their variances)',
    )
    .option('--weight-decay <x>', 'L2 regularization, inside the gradient (default: 0)')
    .option('--clip <x>', 'largest norm of a gradient (default: 20)')
    .option('--start <rule>', 'initial weights: published or unit-variance (default: unit-variance on lattices)')
    .option('--units <rule>', 'energies are learned in units of their deviation (labels, default) or as they are (raw)')
    .option('--seed <s>', 'of the initial weights and the shuffles (default: 1)');
