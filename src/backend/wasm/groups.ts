/**
 * The chunks of a portion cut into groups, each of which one thread computes.
 *
 * One lattice is one chunk, which is not cut: its energy is a sequence of short calls of kernels, and each would have to wait for the
 * one before on all threads, which takes about as long as such a call.
 *
 * Sums over the batch are added up within each group and then over groups in their order, so results depend on this
 * cut, and not on the number of threads.
 */

/** Neighbouring chunks, from a first one on. */
export interface Group {
  readonly index: number;
  readonly first: number;
  readonly chunks: number;
}

/** Most groups of a machine in a round, and most parts that its work is cut into. */
export const mostGroups = 32;

/**
 * The most groups for sums of so many bytes. Sums of many groups cost memory and time; few groups keep few threads busy. So
 * 32 groups as long as their sums take 16 MiB at most, and 8 beyond. The counts are part of the results' bits, since they
 * decide how sums are split.
 */
export const mostGroupsFor = (sumsBytes: number): number => (sumsBytes > 2 ** 19 ? 8 : mostGroups);

/** Groups as even as can be. */
export const groupsOf = (chunks: number, most: number): readonly Group[] => {
  const count = Math.min(chunks, most);
  const start = (index: number): number => Math.floor((index * chunks) / count);
  return Array.from({ length: count }, (_, index) => ({
    index,
    first: start(index),
    chunks: start(index + 1) - start(index),
  }));
};

/**
 * The same chunks as one group, where each group has one: the sums of such groups, added in their order, are those of this group to the
 * bit, as long as a chunk adds to each of them once.
 */
export const asOneGroup = (groups: readonly Group[]): readonly Group[] =>
  groups.every(({ chunks }) => chunks === 1) ? groupsOf(groups.length, 1) : groups;
