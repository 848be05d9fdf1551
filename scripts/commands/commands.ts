/** All commands of `efnn`. */
import type { Commands } from '../command-line.ts';

/** Each command, in the order of the help. */
export const commands = {
  reproduce: {
    description: 'the figures of the paper: what it says beside what is obtained here',
    load: async () => (await import('./reproduce.ts')).reproduceCommand,
  },
  generate: {
    description: 'a data set with exact energies (and forces dE/ds), as .npz',
    load: async () => (await import('./generate.ts')).generateCommand,
  },
  energy: {
    description: 'exact energies (and forces dE/ds) of spin configurations, as JSON',
    load: async () => (await import('./energy.ts')).energyCommand,
  },
  train: {
    description: 'a network from a data set, as .safetensors',
    load: async () => (await import('./train.ts')).trainCommand,
  },
  evaluate: {
    description: 'energies that a trained network predicts, or its errors against labels',
    load: async () => (await import('./evaluate.ts')).evaluateCommand,
  },
  export: {
    description: 'a trained network as an ONNX file: energies, and forces',
    load: async () => (await import('./export.ts')).exportCommand,
  },
  describe: {
    description: 'parameters, cost, symmetry and equations of a network, or of a model in a file',
    load: async () => (await import('./describe.ts')).describeCommand,
  },
  verify: {
    description: 'recomputes the hashes of a folder with manifests, and a random sample of its energies',
    load: async () => (await import('./verify.ts')).verifyCommand,
  },
  'check-port': {
    description: 'whether another implementation answers the conformance vectors, and which bug it may have',
    load: async () => (await import('./check-port.ts')).checkPortCommand,
  },
  bench: {
    description: 'times kernels, training, energies; beside PyTorch and numpy where a python has them',
    load: async () => (await import('./bench.ts')).benchCommand,
  },
} satisfies Commands;
