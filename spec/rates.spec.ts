/** What `npm run rates` measured, beside the presets: the numbers of the file are what their rule says. */
import { expect, it } from 'vitest';

import measured from '../results/rates.json' with { type: 'json' };
import { architectures } from '../src/network/network.ts';
import { presets } from '../src/study/preset.ts';
import { peakOf } from '../src/training/schedule.ts';

const [lattice, dense] = measured.systems;

it('the rates that were measured beside others are those of the presets', () => {
  const { doubleExchange, threeSpin } = presets.quick;
  const peaks = doubleExchange.trainings.map((training) => peakOf(doubleExchange.plan(training).schedule));
  expect([...new Set(peaks)]).toEqual([lattice?.presetRate]);
  const densePeaks = [presets.quick, presets.standard].flatMap((preset) =>
    architectures.map((one) => peakOf(preset.threeSpin.plan('three-spin-continuous', one).schedule)),
  );
  expect([...new Set(densePeaks)]).toEqual([dense?.presetRate]);
  expect(threeSpin.plan('three-spin-binary', 'dnn').schedule.tag).toBe('oneCycle');
});

it.each(measured.systems)('each rate is chosen by its rule: $system', ({ rates, networks, commonRate, presetRate }) => {
  expect(networks.map(({ architecture }) => architecture)).toEqual([...architectures]);
  const lost = networks.map(({ rmsePerDeviation }) => rmsePerDeviation.map((x) => x / Math.min(...rmsePerDeviation)));
  const products = rates.map((_, at) => lost.reduce((product, each) => product * (each[at] ?? NaN), 1));
  expect(rates[products.indexOf(Math.min(...products))]).toBe(commonRate);
  networks.forEach(({ rmsePerDeviation, ownRate, atPresetRate, atCommonRate }, i) => {
    expect(rates[rmsePerDeviation.indexOf(Math.min(...rmsePerDeviation))]).toBe(ownRate);
    expect(lost[i]?.[rates.indexOf(presetRate)]).toBeCloseTo(atPresetRate, 12);
    expect(lost[i]?.[rates.indexOf(commonRate)]).toBeCloseTo(atCommonRate, 12);
  });
});
