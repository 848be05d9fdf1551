/** Where training starts: the published rule, and layers of unit variance. */
import { reference } from '../src/backend/reference/reference.ts';
import { initialWeights } from '../src/network/initial-weights.ts';
import { unitVariance } from '../src/training/unit-variance.ts';
import { verify } from './law.ts';
import { layersHaveUnitVariance, publishedStartIsUniform, type PublishedStart, type UnitStart } from './laws/start.ts';
import { right } from './right.ts';

const scaledStart =
  (factor: (name: string) => number): PublishedStart =>
  (seed) =>
  (program) =>
    Object.fromEntries(
      Object.entries(initialWeights(seed)(program)).map(([name, values]) => [
        name,
        values.map((w) => factor(name) * w),
      ]),
    );

verify(publishedStartIsUniform, initialWeights, {
  'biases reach to 1': scaledStart((name) => (name.endsWith('.bias') ? 5 : 1)),
  'half the published range': scaledStart(() => 0.5),
  'weights are positive': (seed) => (program) =>
    Object.fromEntries(
      Object.entries(initialWeights(seed)(program)).map(([name, values]) => [name, values.map(Math.abs)]),
    ),
  'the pair head starts at random': (seed) => (program) => ({
    ...initialWeights(seed)(program),
    'pair.weight': initialWeights(seed)(program)['T.0.a'] ?? new Float64Array(0),
  }),
});

const unitStart: UnitStart = async (program, configurations, initial) =>
  right(await unitVariance(reference)(program, configurations)(initial)());

verify(layersHaveUnitVariance, unitStart, {
  'the published start': async (_, __, initial) => Promise.resolve(initial),
  'each kernel of a T_j is scaled as if it were alone': async (program, configurations, initial) => {
    const weights = await unitStart(program, configurations, initial);
    return Object.fromEntries(
      Object.entries(weights).map(([name, values]) => {
        const factor = (values[0] ?? 0) / (initial[name]?.[0] ?? 1);
        return [name, name.startsWith('T.') ? values.map((w) => w * factor) : values];
      }),
    );
  },
  'the readout keeps its size': async (program, configurations, initial) => {
    const weights = await unitStart(program, configurations, initial);
    return Object.fromEntries(
      Object.entries(weights).map(([name, values]) => [name, name === 'q.weight' ? (initial[name] ?? values) : values]),
    );
  },
});
