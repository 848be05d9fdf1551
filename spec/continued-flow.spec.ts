/** The RG semigroup of layers with equal weights, its fixed points, and the mean-field magnet. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { expect, it } from 'vitest';

import { criticalCoupling, curieWeissLayer, magnetization, relaxationRate } from '../src/continued/curie-weiss.ts';
import { contractionBound, fixedPoint, flow, layersNeeded, tiedLayer } from '../src/continued/flow.ts';
import { rational } from '../src/number/rational.ts';
import { verify } from './law.ts';
import {
  boundIsSharp,
  contractionsFindTheField,
  criticalSlowing,
  flowIsASemigroup,
  layersSuffice,
  magnetizationSolves,
  rateIsTheSlope,
  tiedLayersAreAContinuedFunction,
} from './laws/continued-flow.ts';
import { messageOf } from './right.ts';

const tied = tiedLayer(rational);

verify(flowIsASemigroup(tied), flow, {
  'a layer more': (layer, n) => flow(layer, n + 1),
  'layers count squared': (layer, n) => flow(layer, n * n),
  'one layer at most': (layer, n) => flow(layer, Math.min(n, 1)),
});

verify(tiedLayersAreAContinuedFunction(flow), tied, {
  'the spins enter as they are': ({ f }, S0) => tied({ f, g: (x) => x }, S0),
  'a sum for the product': tiedLayer({ mul: rational.add }),
});

verify(boundIsSharp, contractionBound, {
  'one layer too many': (c) => (k) => contractionBound(c)(k + 1),
  'the distance for the step': (c) => (k) => contractionBound(c)(k) * (1 - c.rate),
});

verify(layersSuffice(contractionBound), layersNeeded, {
  'one layer more': (c, tolerance) =>
    pipe(
      layersNeeded(c, tolerance),
      E.map((k) => k + 1),
    ),
  'one layer less': (c, tolerance) =>
    pipe(
      layersNeeded(c, tolerance),
      E.map((k) => Math.max(0, k - 1)),
    ),
});

verify(contractionsFindTheField(curieWeissLayer), fixedPoint, {
  'one layer is enough': (layer) => (start) => E.right(layer(start)),
  'half of the layers': (layer, rate) => (start, tolerance) => fixedPoint(layer, rate)(start, Math.sqrt(tolerance)),
});

verify(magnetizationSolves, magnetization, {
  'K m for m': (magnet) => magnet.K * magnetization(magnet),
  'the critical coupling is 2': (magnet) => magnetization({ ...magnet, K: magnet.K / 2 }),
  'the field is forgotten': (magnet) => magnetization({ ...magnet, h: 0 }),
});

verify(rateIsTheSlope(curieWeissLayer), relaxationRate, {
  '1 - m for 1 - m^2': ({ K }, m) => K * (1 - m),
  'the rate without magnetization': ({ K }) => K,
});

verify(criticalSlowing, curieWeissLayer, {
  'the coupling is a tenth larger': ({ K, h }) => curieWeissLayer({ K: 1.1 * K, h }),
  'tanh is linear':
    ({ K }) =>
    (S) =>
      K * S,
});

it('below the critical coupling the field alone magnetizes', () => {
  expect(magnetization({ K: criticalCoupling, h: 0 })).toBe(0);
  expect(magnetization({ K: 0, h: 0.5 })).toBeCloseTo(Math.tanh(0.5), 15);
});

it('no layers are promised at rate 1, for no tolerance, or beyond a million', () => {
  expect(messageOf(layersNeeded({ rate: 1, firstStep: 1 }, 1))).toContain('expected a rate in [0, 1)');
  expect(messageOf(layersNeeded({ rate: 0.5, firstStep: 1 }, 0))).toContain('a tolerance above 0');
  expect(messageOf(layersNeeded({ rate: 1 - 1e-9, firstStep: 1 }, 1e-3))).toContain('expected at most 1000000 layers');
  expect(layersNeeded({ rate: 0, firstStep: 1 }, 1e-3)).toEqual(E.right(1));
});
