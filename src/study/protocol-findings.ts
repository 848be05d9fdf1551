/** What networks of two protocols have to tell beside each other: the published one, in small, and that of the preset. */
import { comparable, layersOf, type PlannedLattice } from './double-exchange-findings.ts';
import { isPublishedInSmall } from './job.ts';
import { latticeNetworks, type Study } from './outcome.ts';

/** The networks of both protocols, trained or not. */
export interface Protocols {
  readonly published: readonly PlannedLattice[];
  readonly ours: readonly PlannedLattice[];
}

/** The networks of a study by their protocols. */
export const protocolsOf = (study: Study): Protocols => {
  const planned = latticeNetworks(study);
  return {
    published: planned.filter(({ job }) => isPublishedInSmall(job)),
    ours: planned.filter(({ job }) => !isPublishedInSmall(job)),
  };
};

/** The depth of the networks of which the paper tells numbers on larger lattices. */
export const comparedLayers = 3;

/** Of each protocol the networks of this depth, trained alike. */
export const deepOf = ({ published, ours }: Protocols): Protocols => ({
  published: comparable(published).filter((network) => layersOf(network) === comparedLayers),
  ours: comparable(ours).filter((network) => layersOf(network) === comparedLayers),
});
