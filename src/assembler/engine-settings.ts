/**
 * Which settings of V8 a version of it gets: one row a setting, only where that version knows it and kernels gain by it.
 *
 * Versions are those of the supported Nodes, 11.3 (Node 20), 12.4 (22), 13.6 (24), 14.6 (26), and 14.1 (25). A version above
 * the last gets no setting at all: kernels then start in the baseline compiler and are slower for the first second, while a
 * setting that an engine does not know prints an error, and one that it does not expect may end the process.
 *
 * A setting is the process', so it must leave alone the modules of others, and those compiled before. Without its inliner
 * (`--no-wasm-inlining`, 13.6 on) or without its deoptimizer (`--no-wasm-deopt`, 14.1 on) the engine ends the process when
 * such a module is started again or meets what it did not expect, so neither is ever switched off.
 */

/** Major and minor version of V8. */
export type EngineVersion = readonly [major: number, minor: number];

interface Setting {
  readonly flag: string;
  /** The first and the last version that get it. */
  readonly from: EngineVersion;
  readonly to: EngineVersion;
  readonly reason: string;
}

const [node20, node24, node25, node26]: readonly [EngineVersion, EngineVersion, EngineVersion, EngineVersion] = [
  [11, 3],
  [13, 6],
  [14, 1],
  [14, 6],
];

/** The setting by which pairs of operations on 128 bits become one on 256. */
const packing = '--experimental-wasm-revectorize';

const settings: readonly Setting[] = [
  {
    flag: '--experimental-wasm-relaxed-simd',
    from: node20,
    to: node20,
    reason: 'Fused multiply-add, 1.3 times as fast; on without a flag from 11.4 on, and the flag is unknown later.',
  },
  {
    flag: '--no-liftoff',
    from: node20,
    to: node24,
    reason: 'The optimizing compiler at once: kernels run hot from their first call.',
  },
  {
    flag: '--wasm-sync-tier-up',
    from: node25,
    to: node26,
    reason:
      'The optimizing compiler after the first call, which waits for it: it asks what the baseline compiler saw, and ends ' +
      'the process where that never ran.',
  },
  {
    flag: '--wasm-tiering-budget=1',
    from: node25,
    to: node26,
    reason: 'After the first call, not after thousands.',
  },
  {
    flag: packing,
    from: node24,
    to: node26,
    reason:
      'Pairs of operations on 128 bits become one on 256, where the processor has them; 12.4 knows the flag and packs ' +
      'nothing. Whether kernels are written for it is measured: see `vector-bits.ts`.',
  },
  {
    flag: '--no-wasm-lazy-compilation',
    from: node20,
    to: node26,
    reason: 'A kernel is compiled when its module is, not within the first timed step.',
  },
];

/** Orders versions as numbers of two digits; the minor version of V8 stays below 1000. */
const rank = ([major, minor]: EngineVersion): number => 1000 * major + minor;

/**
 * The flags for a version of V8, in the order in which they are set.
 *
 * @example
 * settingsFor([12, 4]) // ['--no-liftoff', '--no-wasm-lazy-compilation']
 */
export const settingsFor = (version: EngineVersion): readonly string[] =>
  settings.filter(({ from, to }) => rank(from) <= rank(version) && rank(version) <= rank(to)).map(({ flag }) => flag);

/**
 * Whether a version of V8 is told to pack pairs of vectors.
 *
 * @example
 * packsPairs([14, 6]) // true
 */
export const packsPairs = (version: EngineVersion): boolean => settingsFor(version).includes(packing);

/**
 * The version in a text such as `process.versions.v8`; one that cannot be read counts as newer than all, and gets none.
 *
 * @example
 * engineVersion('11.3.244.8-node.33') // [11, 3]
 */
export const engineVersion = (text: string): EngineVersion => {
  const [major = Infinity, minor = Infinity] = text.split('.', 2).map(Number);
  return Number.isInteger(major) && Number.isInteger(minor) ? [major, minor] : [Infinity, Infinity];
};
