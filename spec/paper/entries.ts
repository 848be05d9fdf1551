/** The index of the paper: its entries, in the order of the text. */
import { doubleExchange } from './double-exchange.ts';
import { architecture, continuedFunctions } from './efnn.ts';
import type { Entry } from './entry.ts';
import { ising } from './ising.ts';
import { latticeNetworks } from './lattice-networks.ts';
import { performance } from './performance.ts';
import { threeSpin } from './three-spin.ts';

/** A part of the paper. */
export interface Chapter {
  readonly title: string;
  readonly entries: readonly Entry[];
}

/** The paper, part by part. */
export const parts: readonly Chapter[] = [
  { title: 'The Ising model as a network (Fig. 1)', entries: ising },
  { title: 'Effective field neural networks (Fig. 2a)', entries: architecture },
  { title: 'Three spins (Eq. 1, Figs. 2b and 2c)', entries: threeSpin },
  { title: 'The double exchange model (Eqs. 2 and 3)', entries: doubleExchange },
  { title: 'Networks on the lattice (Figs. 3 and 4a)', entries: latticeNetworks },
  { title: 'Errors and times (Figs. 4b and 4c)', entries: performance },
  { title: 'Structures (Fig. 5 and the discussion)', entries: continuedFunctions },
];

/** Every entry. */
export const entries: readonly Entry[] = parts.flatMap((part) => part.entries);
