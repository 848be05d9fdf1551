/** Laws of initial weights: the published rule, and layers of unit variance. */
import fc from 'fast-check';

import { reference } from '../../src/backend/reference/reference.ts';
import { network, networkProgram, type Network } from '../../src/network/network.ts';
import type { Weights } from '../../src/network/weights.ts';
import { expressionsOf, record } from '../../src/program/expression.ts';
import { declarations, type TypedProgram } from '../../src/program/typecheck.ts';
import { drawn, uniformsBetween } from '../../src/random/draw.ts';
import { streamOf } from '../../src/random/stream.ts';
import { deviationOf } from '../../src/training/error-measures.ts';
import type { Configurations } from '../../src/training/prediction.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';

/** Initial weights of a program, from a seed. */
export type PublishedStart = (seed: number) => (program: TypedProgram) => Weights;

interface StartCase {
  readonly seed: number;
  readonly channels: number;
  readonly kernel: number;
}

const efnn = (channels: number, kernel: number): Network =>
  network('efnn', { tag: 'lattice', channels, layers: 2, kernel, pairHead: true });

export const publishedStartIsUniform: Law<PublishedStart, StartCase> = {
  statement:
    'the published start is uniform in +-1/sqrt(fan_in) for each map: within the bound, mean 0, variance bound^2/3',
  cases: fc.record({
    seed: fc.nat(1000),
    channels: fc.integer({ min: 3, max: 6 }),
    kernel: fc.constantFrom(3, 5),
  }),
  runs: 20,
  holds:
    (start) =>
    ({ seed, channels, kernel }) => {
      const program = right(networkProgram(efnn(channels, kernel)));
      const weights = start(seed)(program);
      const fanIn = (name: string): number => (name.startsWith('T') ? 1 : channels) * kernel ** 2;
      const unit = Object.entries(weights).flatMap(([name, values]) =>
        name === 'pair.weight' ? [] : Array.from(values, (w) => w * Math.sqrt(fanIn(name))),
      );
      const mean = unit.reduce((sum, w) => sum + w, 0) / unit.length;
      const variance = unit.reduce((sum, w) => sum + w * w, 0) / unit.length;
      // Five standard errors: the mean of n uniforms in [-1, 1] has 1/sqrt(3 n), that of their squares sqrt(4/45 n).
      const n = unit.length;
      return (
        Object.keys(weights).join() === Object.keys(declarations('parameter')(program)).join() &&
        unit.every((w) => Math.abs(w) <= 1) &&
        Math.abs(mean) < 5 / Math.sqrt(3 * n) &&
        Math.abs(variance - 1 / 3) < 5 * Math.sqrt(4 / 45 / n) &&
        (weights['pair.weight'] ?? [1]).every((w) => w === 0)
      );
    },
};

/** Weights rescaled on a sample of configurations. */
export type UnitStart = (program: TypedProgram, configurations: Configurations, initial: Weights) => Promise<Weights>;

interface UnitCase {
  readonly network: Network;
  readonly seed: number;
}

/** The outputs of all layers: T_j contract, and the two affine maps of f_i and g_i, and q, add. */
const layerOutputs = (program: TypedProgram) =>
  Object.fromEntries(
    expressionsOf(program).flatMap((expression, index) =>
      expression.operation.tag === 'contract' || expression.operation.tag === 'add' ? [[`y.${index}`, expression]] : [],
    ),
  );

export const layersHaveUnitVariance: Law<UnitStart, UnitCase> = {
  statement: 'the unit-variance start gives every T_j and every affine map an output of unit variance on its sample',
  cases: fc.record({
    network: fc
      .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 2 }))
      .map(([channels, layers]) => network('efnn', { tag: 'lattice', channels, layers, kernel: 3, pairHead: false })),
    seed: fc.nat(1000),
  }),
  runs: 10,
  holds:
    (start) =>
    async ({ network: description, seed }) => {
      const program = right(networkProgram(description));
      const draw = drawn(streamOf(seed, 0));
      const sample = { count: 4, latticeSize: 3, spins: draw(uniformsBetween(-1, 1)(4 * 27)) };
      const initial = Object.fromEntries(
        Object.entries(declarations('parameter')(program)).map(([name, type], index) => [
          name,
          drawn(streamOf(seed, index + 1))(
            uniformsBetween(
              -0.3,
              0.3,
            )(
              type.tag === 'kernel'
                ? type.outputs * type.inputs * 9
                : description.shape.tag === 'lattice' && name !== 'q.bias'
                  ? description.shape.channels
                  : 1,
            ),
          ),
        ]),
      );
      const weights = await start(program, sample, initial);
      const executable = right(await reference.compile(record(layerOutputs(program)))());
      const outputs = right(
        await executable.run({ parameters: weights, inputs: { spins: sample.spins }, latticeSize: 3, batch: 4 })(),
      );
      return Object.values(outputs).every((values) => Math.abs(deviationOf(values) - 1) < 1e-9);
    },
};
