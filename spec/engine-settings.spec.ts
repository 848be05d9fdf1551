import { describe, expect, it } from 'vitest';

import { engineVersion, packsPairs, settingsFor } from '../src/assembler/engine-settings.ts';
import { verify } from './law.ts';
import {
  baselineStays,
  engineKnowsItsSettings,
  modulesOfOthersRunOn,
  optimizedAtOnce,
  packedWhereItGains,
  packingIsKnown,
  thisEngineKnowsItsSettings,
  unknownEnginesAreLeftAlone,
} from './laws/engine-settings.ts';

const always = ['--experimental-wasm-relaxed-simd', '--no-liftoff', '--no-wasm-lazy-compilation'];

describe('settings of an engine', () => {
  verify(engineKnowsItsSettings, settingsFor, {
    'every flag for every version': () => always,
    'the flag of relaxed SIMD up to 12.4': (version) =>
      version[0] < 13 ? ['--experimental-wasm-relaxed-simd'] : settingsFor(version),
    'no inlining from 12.4 on': (version) => (version[0] >= 12 ? ['--no-wasm-inlining'] : []),
  });

  verify(thisEngineKnowsItsSettings, settingsFor, {
    'a flag of no engine': () => ['--no-lift-off'],
  });

  verify(unknownEnginesAreLeftAlone, settingsFor, {
    'the newest known settings from then on': (version) => settingsFor(version[0] >= 14 ? [14, 6] : version),
  });

  verify(baselineStays, settingsFor, {
    'as 13.6': (version) => settingsFor(version[0] >= 14 ? [13, 6] : version),
  });

  const [ownMajor] = engineVersion(process.versions.v8);
  verify(modulesOfOthersRunOn, settingsFor, {
    'an engine that takes small modules alone': () => ['--wasm-max-module-size=10'],
    ...(ownMajor >= 13 && { 'no inliner': (version) => [...settingsFor(version), '--no-wasm-inlining'] }),
    ...(ownMajor >= 14 && {
      'no baseline compiler': (version) => [...settingsFor(version), '--no-liftoff'],
      'no deoptimizer': (version) => [...settingsFor(version), '--no-wasm-deopt'],
    }),
  });

  verify(optimizedAtOnce, settingsFor, {
    'no flag at all': () => [],
    'no flag for the newest': (version) => (version[0] === 14 ? [] : settingsFor(version)),
    'half of the way': (version) => settingsFor(version).filter((flag) => !flag.includes('sync')),
    'no relaxed SIMD': (version) => settingsFor(version).filter((flag) => !flag.includes('relaxed')),
  });

  verify(packedWhereItGains, settingsFor, {
    never: (version) => settingsFor(version).filter((flag) => !flag.includes('revectorize')),
    'wherever the flag is known': (version) =>
      version[0] === 12 ? [...settingsFor(version), '--experimental-wasm-revectorize'] : settingsFor(version),
  });
});

describe('packing', () => {
  verify(packingIsKnown, packsPairs, {
    'none packs': () => false,
    'every one that knows the flag': ([major]) => major >= 12,
    'the newest alone': ([major]) => major >= 14,
  });
});

describe('version of an engine', () => {
  it.each([
    ['11.3.244.8-node.33', [11, 3]],
    ['14.6.202.34-node.40', [14, 6]],
    ['13', [Infinity, Infinity]],
    ['', [Infinity, Infinity]],
    ['x.y', [Infinity, Infinity]],
  ])('reads %s', (text, version) => {
    expect(engineVersion(text)).toEqual(version);
  });
});
