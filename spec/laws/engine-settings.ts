/** Laws of the settings that an engine gets. The flags that each version knows are as its `--v8-options` lists them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';

import fc from 'fast-check';

import type { EngineVersion, packsPairs, settingsFor } from '../../src/assembler/engine-settings.ts';
import type { Law } from '../law.ts';

type SettingsFor = typeof settingsFor;

interface Engine {
  readonly version: EngineVersion;
  /** Of the flags about WebAssembly, those that it knows. */
  readonly flags: readonly string[];
}

const common = ['liftoff', 'wasm-lazy-compilation', 'wasm-tier-up', 'wasm-dynamic-tiering', 'wasm-tiering-budget'];
const later = [...common, 'wasm-sync-tier-up', 'experimental-wasm-revectorize'];

/** Read from `node --v8-options` of Node 20.19, 22.23, 24.21, 25.9 and 26.12. */
const engines: readonly Engine[] = [
  { version: [11, 3], flags: [...common, 'wasm-inlining', 'experimental-wasm-relaxed-simd'] },
  { version: [12, 4], flags: [...later, 'experimental-wasm-inlining'] },
  { version: [13, 6], flags: [...later, 'wasm-inlining'] },
  { version: [14, 1], flags: [...later, 'wasm-inlining', 'wasm-deopt'] },
  { version: [14, 6], flags: [...later, 'wasm-inlining', 'wasm-deopt'] },
];

const foreignModules = fileURLToPath(new URL('../workers/foreign-modules.mjs', import.meta.url));

const nameOf = (flag: string): string => flag.replace(/^--(no-)?/, '').replace(/=.*/, '');

export const engineKnowsItsSettings: Law<SettingsFor, Engine> = {
  statement: 'an engine gets only flags that it knows',
  cases: fc.constantFrom(...engines),
  holds:
    (settings) =>
    ({ version, flags }) =>
      settings(version).every((flag) => flags.includes(nameOf(flag))),
};

/** The flags that this process' own engine lists. */
const ownFlags = (): readonly string[] =>
  [...execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8' }).matchAll(/^ +--([a-z0-9-]+) /gm)].map(
    ([, name]) => name ?? '',
  );

const thisEngine: fc.Arbitrary<EngineVersion> = fc
  .constantFrom(process.versions.v8.split('.').map(Number))
  .map(([major = 0, minor = 0]) => [major, minor]);

export const thisEngineKnowsItsSettings: Law<SettingsFor, EngineVersion> = {
  statement: 'the engine that runs this gets only flags that it lists itself',
  cases: thisEngine,
  runs: 1,
  holds: (settings) => (version) => {
    const known = ownFlags();
    return settings(version).every((flag) => known.includes(nameOf(flag)));
  },
};

const versions: fc.Arbitrary<EngineVersion> = fc.tuple(
  fc.integer({ min: 11, max: 20 }),
  fc.integer({ min: 0, max: 9 }),
);

export const unknownEnginesAreLeftAlone: Law<SettingsFor, EngineVersion> = {
  statement: 'an engine newer than every one that was tried gets no flag',
  cases: versions.filter(([major, minor]) => major > 14 || (major === 14 && minor > 6)),
  holds: (settings) => (version) => settings(version).length === 0,
};

export const baselineStays: Law<SettingsFor, EngineVersion> = {
  statement: 'from 14.1 on, whose optimizing compiler asks what the baseline compiler saw, that is not switched off',
  cases: versions.filter(([major]) => major >= 14),
  holds: (settings) => (version) => !settings(version).includes('--no-liftoff'),
};

/** What `spec/workers/foreign-modules.mjs` prints: 1,000 calls by the table, and one more of the first function. */
const ofForeignModules = [
  [1, 2],
  [1, 2],
  [3, 4],
  [5, 6],
].map(([first = NaN, second = NaN]) => [1000 * first + first, 1000 * second + first]);

export const modulesOfOthersRunOn: Law<SettingsFor, EngineVersion> = {
  statement: 'the engine that runs this also runs modules of others, compiled before it got its settings and after',
  cases: thisEngine,
  runs: 1,
  holds: (settings) => (version) => {
    const { status, stdout } = spawnSync(process.execPath, [foreignModules, ...settings(version)], {
      encoding: 'utf8',
    });
    return status === 0 && isDeepStrictEqual(JSON.parse(stdout), ofForeignModules);
  },
};

/** By the optimizing compiler from the first call on, or after it. */
const hotSoon: readonly (readonly string[])[] = [['--no-liftoff'], ['--wasm-sync-tier-up', '--wasm-tiering-budget=1']];

export const optimizedAtOnce: Law<SettingsFor, Engine> = {
  statement: 'the engines of the supported Nodes compile kernels with the optimizing compiler, and fuse where they can',
  cases: fc.constantFrom(...engines),
  holds:
    (settings) =>
    ({ version, flags }) =>
      hotSoon.some((way) => way.every((flag) => settings(version).includes(flag))) &&
      settings(version).includes('--experimental-wasm-relaxed-simd') ===
        flags.includes('experimental-wasm-relaxed-simd'),
};

/** As timed, of the engines that know the flag: 12.4 takes it and packs nothing. */
const packs = ([major]: EngineVersion): boolean => major >= 13;

export const packedWhereItGains: Law<SettingsFor, Engine> = {
  statement: 'pairs of vectors are packed by the engines of the supported Nodes that gain by it',
  cases: fc.constantFrom(...engines),
  holds:
    (settings) =>
    ({ version }) =>
      settings(version).includes('--experimental-wasm-revectorize') === packs(version),
};

export const packingIsKnown: Law<typeof packsPairs, Engine> = {
  statement: 'of the engines of the supported Nodes it is known which pack pairs of vectors',
  cases: fc.constantFrom(...engines),
  holds:
    (packing) =>
    ({ version }) =>
      packing(version) === packs(version),
};
