/**
 * Which settings of V8 a version of it gets: one row a setting, only where that version knows it and kernels gain by it.
 *
 * Versions are those of the supported Nodes: 11.3 (Node 20), 12.4 (22), 13.6 (24), 14.6 (26). A version above the last
 * gets no setting at all: kernels then start in the baseline compiler and are slower for the first second, while a
 * setting that an engine does not know prints an error, and one that it does not expect may end the process.
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

const [node20, node24, node26]: readonly [EngineVersion, EngineVersion, EngineVersion] = [
  [11, 3],
  [13, 6],
  [14, 6],
];

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
    to: node26,
    reason: 'The optimizing compiler at once: kernels run hot from their first call.',
  },
  {
    flag: '--no-wasm-inlining',
    from: node24,
    to: node26,
    reason:
      'The inliner reads call counts that only the baseline compiler collects: with --no-liftoff alone 14.6 ends the ' +
      'process. Kernels call nothing that could be inlined.',
  },
  {
    flag: '--experimental-wasm-revectorize',
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
 * The version in a text such as `process.versions.v8`; one that cannot be read counts as newer than all, and gets none.
 *
 * @example
 * engineVersion('11.3.244.8-node.33') // [11, 3]
 */
export const engineVersion = (text: string): EngineVersion => {
  const [major = Infinity, minor = Infinity] = text.split('.', 2).map(Number);
  return Number.isInteger(major) && Number.isInteger(minor) ? [major, minor] : [Infinity, Infinity];
};
