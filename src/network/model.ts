/** Models: networks with their weights. */
import type { Network } from './network.ts';
import type { Weights } from './weights.ts';

/** A network with its weights. */
export interface Model {
  readonly network: Network;
  readonly weights: Weights;
}
