import { describe, expect, it } from 'vitest';

import { engineVersion, settingsFor } from '../src/backend/wasm/engine-settings.ts';
import { verify } from './law.ts';
import {
  engineKnowsItsSettings,
  inlinerNeedsTheBaseline,
  optimizedAtOnce,
  packedWhereItGains,
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

  verify(inlinerNeedsTheBaseline, settingsFor, {
    'the baseline compiler leaves alone': (version) =>
      settingsFor(version).filter((flag) => flag !== '--no-wasm-inlining'),
  });

  verify(optimizedAtOnce, settingsFor, {
    'no flag at all': () => [],
    'no flag for the newest': (version) => (version[0] === 14 ? [] : settingsFor(version)),
    'no relaxed SIMD': (version) => settingsFor(version).filter((flag) => !flag.includes('relaxed')),
  });

  verify(packedWhereItGains, settingsFor, {
    never: (version) => settingsFor(version).filter((flag) => !flag.includes('revectorize')),
    'wherever the flag is known': (version) =>
      version[0] === 12 ? [...settingsFor(version), '--experimental-wasm-revectorize'] : settingsFor(version),
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
