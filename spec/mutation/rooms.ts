/**
 * The rooms that are mutated, and the properties that must notice, the quick ones first: what reaches a room from far away
 * is left out, for time.
 */
export const rooms = {
  program: [
    'typecheck',
    'counts',
    'evaluate',
    'simplify',
    'symmetry',
    'latex',
    'weights',
    'gradient',
    'network-gradient',
    'architecture',
    'network',
    'adam',
    'update',
    'loss',
  ],
  network: [
    'architecture',
    'network',
    'weights',
    'continued-function',
    'vectors',
    'start',
    'pair-head',
    'network-gradient',
    'latex',
    'symmetry',
    'proofs/exact-reduction',
    'fuzz',
  ],
  hamiltonian: ['hamiltonian', 'double-exchange', 'forces', 'monte-carlo-energy', 'heisenberg'],
  exact: ['forces', 'monte-carlo-energy', 'double-exchange', 'finite-energy', 'poles'],
  lattice: ['lattice', 'sampler', 'hamiltonian', 'heisenberg'],
  training: ['training', 'loss', 'adam', 'pair-head', 'start', 'weights', 'own-data', 'training-fold', 'fuzz'],
  dataset: ['dataset', 'recipe', 'spin-tensor', 'work', 'vectors', 'file-format', 'own-data', 'heisenberg', 'shards'],
} as const;

export type Room = keyof typeof rooms;

export const isRoom = (name: string): name is Room => Object.hasOwn(rooms, name);
