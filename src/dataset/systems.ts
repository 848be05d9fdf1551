/**
 * The table of systems: one row a Hamiltonian. Its name is what `efnn generate`, `energy` and the metadata of data sets
 * call it; to add one, write its row (see `systems/`) and name it here.
 */
import * as R from 'fp-ts/lib/Record.js';

import type { System } from './system.ts';
import { doubleExchangeSystem } from './systems/double-exchange.ts';
import { heisenbergSystem } from './systems/heisenberg.ts';
import { threeSpinSystem } from './systems/three-spin.ts';

const table = {
  'double-exchange': doubleExchangeSystem,
  heisenberg: heisenbergSystem,
  'three-spin-binary': threeSpinSystem('three-spin-binary'),
  'three-spin-continuous': threeSpinSystem('three-spin-continuous'),
};

/** The name of a system in the table. */
export type SystemName = keyof typeof table;

/** Every Hamiltonian by its name. */
export const systems: Readonly<Record<SystemName, System>> = table;

/** The names in the table, in alphabetic order. */
export const systemNames: readonly SystemName[] = R.keys(table);

/** The samplers of all systems, each once. */
export const samplerNames: readonly string[] = [
  ...new Set(systemNames.flatMap((name) => Object.keys(systems[name].samplers))),
];
