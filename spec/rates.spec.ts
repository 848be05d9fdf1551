/** What `npm run rates` measured, beside the presets: the numbers of the file are what their rule says. */
import { describe, expect, it } from 'vitest';

import measured from '../results/rates.json' with { type: 'json' };
import { architectures, type Architecture } from '../src/network/network.ts';
import { presets } from '../src/study/preset.ts';
import { peakOf } from '../src/training/schedule.ts';

const row = (name: string) => measured.rows.find((one) => one.name === name);

const rateIn = (name: string, architecture: Architecture): number | undefined =>
  row(name)?.networks.find((network) => network.architecture === architecture)?.rate;

const wholeOf = (architecture: Architecture) =>
  measured.whole.networks.find((network) => network.architecture === architecture);

it.each(architectures)(
  'of whole trainings the rate is the one of the lower loss, of the measured one and a quarter: %s',
  (one) => {
    const { rates = [], losses = [], rate } = wholeOf(one) ?? {};
    const best = rateIn(measured.whole.name, one) ?? NaN;
    expect(rates).toEqual([best, best / 4]);
    expect(rates[losses.indexOf(Math.min(...losses))]).toBe(rate);
  },
);

it.each(measured.rows)('every rate is the one of the lowest error: $name', ({ rates, networks }) => {
  expect(networks.map(({ architecture }) => architecture)).toEqual([...architectures]);
  networks.forEach(({ rmsePerDeviation, rate }) => {
    const errors = rmsePerDeviation.map((error) => error ?? Infinity);
    expect(rates[errors.indexOf(Math.min(...errors))]).toBe(rate);
    // One at the end of the grid would say nothing of those beyond.
    expect([rates[0], rates.at(-1)]).not.toContain(rate);
  });
});

describe('the presets train each network at its own rate', () => {
  const { quick, standard } = presets;

  it.each(architectures.flatMap((architecture) => [3, 5].map((kernel) => ({ architecture, kernel }))))(
    '$architecture, kernels of $kernel x $kernel',
    ({ architecture, kernel }) => {
      const trained = { architecture, channels: 3, layers: 3, kernel, pairHead: true, seed: 1 };
      const rate = rateIn(`lattice-C3-k${kernel}`, architecture);
      [quick.doubleExchange, quick.receptiveField, standard.receptiveField].forEach(({ plan }) => {
        expect(peakOf(plan(trained).schedule)).toBe(rate);
      });
      // Trainings that are eight times as long have a quarter.
      expect(4 * peakOf(standard.doubleExchange.plan(trained).schedule)).toBe(rate);
    },
  );

  it.each(
    (['three-spin-binary', 'three-spin-continuous'] as const).flatMap((system) =>
      architectures.map((architecture) => ({ system, architecture })),
    ),
  )('dense $architecture, $system', ({ system, architecture }) => {
    const rate = rateIn(system, architecture);
    expect(peakOf(quick.threeSpin.plan(system, architecture).schedule)).toBe(rate);
    const long = peakOf(standard.threeSpin.plan(system, architecture).schedule);
    // Those with forces have a quarter where trainings are long, as on lattices; the others what was measured of whole trainings.
    expect(long).toBe(system === 'three-spin-continuous' ? (rate ?? NaN) / 4 : wholeOf(architecture)?.rate);
  });
});
