/** The network of the page, as it is before any training. */
import { network, type Network } from 'efnn/networks';

/** An EFNN of so many channels and layers on a lattice, with the kernels of the paper. */
export const trainedNetwork = (channels: number, layers: number): Network =>
  network('efnn', { tag: 'lattice', channels, layers, kernel: 5, pairHead: false });
