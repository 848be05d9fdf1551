/** The rooms that are mutated, and the properties that must notice: what reaches a room from far away is left out, for time. */
export const rooms = {
  program: ['evaluate', 'gradient', 'simplify', 'symmetry', 'typecheck', 'counts', 'latex', 'architecture', 'network'],
  network: ['network', 'architecture', 'network-gradient', 'continued-function', 'weights', 'pair-head', 'vectors'],
  hamiltonian: ['hamiltonian', 'double-exchange', 'heisenberg'],
  exact: ['monte-carlo-energy', 'poles', 'forces'],
  lattice: ['lattice', 'sampler', 'heisenberg'],
  training: ['training', 'training-fold', 'loss', 'adam', 'weights', 'pair-head'],
  dataset: ['dataset', 'heisenberg', 'own-data', 'shards', 'vectors'],
} as const;

export type Room = keyof typeof rooms;

export const isRoom = (name: string): name is Room => Object.hasOwn(rooms, name);
