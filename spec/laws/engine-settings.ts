/** Laws of the settings that an engine gets. The flags that each version knows are as its `--v8-options` lists them. */
import { execFileSync } from 'node:child_process';

import fc from 'fast-check';

import type { EngineVersion, settingsFor } from '../../src/backend/wasm/engine-settings.ts';
import type { Law } from '../law.ts';

type SettingsFor = typeof settingsFor;

interface Engine {
  readonly version: EngineVersion;
  /** Of the flags about WebAssembly, those that it knows. */
  readonly flags: readonly string[];
}

const common = ['liftoff', 'wasm-lazy-compilation', 'wasm-tier-up', 'wasm-dynamic-tiering'];

/** Read from `node --v8-options` of Node 20.19, 22.23, 24.21 and 26.12. */
const engines: readonly Engine[] = [
  { version: [11, 3], flags: [...common, 'wasm-inlining', 'experimental-wasm-relaxed-simd'] },
  { version: [12, 4], flags: [...common, 'experimental-wasm-inlining', 'experimental-wasm-revectorize'] },
  { version: [13, 6], flags: [...common, 'wasm-inlining', 'experimental-wasm-revectorize'] },
  { version: [14, 6], flags: [...common, 'wasm-inlining', 'experimental-wasm-revectorize'] },
];

const nameOf = (flag: string): string => flag.replace(/^--(no-)?/, '');

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

export const thisEngineKnowsItsSettings: Law<SettingsFor, EngineVersion> = {
  statement: 'the engine that runs this gets only flags that it lists itself',
  cases: fc.constantFrom(process.versions.v8.split('.').map(Number)).map(([major = 0, minor = 0]) => [major, minor]),
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

export const inlinerNeedsTheBaseline: Law<SettingsFor, EngineVersion> = {
  statement:
    'from 13.6 on, where functions are inlined by default, the baseline compiler leaves with the inliner alone',
  cases: versions.filter(([major, minor]) => major > 13 || (major === 13 && minor >= 6)),
  holds: (settings) => (version) =>
    !settings(version).includes('--no-liftoff') || settings(version).includes('--no-wasm-inlining'),
};

export const optimizedAtOnce: Law<SettingsFor, Engine> = {
  statement: 'the engines of the supported Nodes compile kernels with the optimizing compiler, and fuse where they can',
  cases: fc.constantFrom(...engines),
  holds:
    (settings) =>
    ({ version, flags }) =>
      settings(version).includes('--no-liftoff') &&
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
