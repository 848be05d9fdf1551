/** The rooms that are mutated, and the properties that must notice: what reaches a room from far away is left out, for time. */
export const rooms = {
  program: [
    'evaluate',
    'gradient',
    'simplify',
    'symmetry',
    'typecheck',
    'counts',
    'latex',
    'architecture',
    'network',
    'network-gradient',
    'weights',
    'adam',
    'update',
    'loss',
  ],
  network: [
    'network',
    'architecture',
    'network-gradient',
    'continued-function',
    'weights',
    'pair-head',
    'vectors',
    'start',
    'train',
    'fuzz',
    'symmetry',
    'latex',
  ],
  hamiltonian: ['hamiltonian', 'double-exchange', 'heisenberg', 'monte-carlo-energy', 'forces', 'vectors'],
  exact: ['monte-carlo-energy', 'poles', 'forces', 'finite-energy', 'double-exchange'],
  lattice: ['lattice', 'sampler', 'heisenberg', 'hamiltonian'],
  training: ['training', 'training-fold', 'loss', 'adam', 'update', 'weights', 'pair-head', 'start', 'train', 'fuzz'],
  dataset: ['dataset', 'recipe', 'spin-tensor', 'work', 'heisenberg', 'own-data', 'vectors', 'file-format', 'shards'],
} as const;

export type Room = keyof typeof rooms;

export const isRoom = (name: string): name is Room => Object.hasOwn(rooms, name);
