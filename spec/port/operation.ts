/** Single operations, as the port has them. */
import type { z } from 'zod';

import type { operations } from '../vectors/families/operations.ts';
import { correlation } from './lattice.ts';
import type { NetworkRules } from './network.ts';
import { plus, times } from './tape.ts';

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

const sum = (values: Iterable<number>): number => [...values].reduce((total, x) => total + x, 0);

/** The numbers of a case of the family. */
export const operationAnswer = (
  rules: NetworkRules,
  { operation, latticeSize: N, operands, shapes, attributes }: z.infer<typeof operations.inputs>,
): readonly number[] => {
  const of = (name: string): Float64Array => Float64Array.from(operands[name] ?? []);
  const shape = (name: string): readonly number[] => shapes[name] ?? [];
  const attribute = (name: string): number => attributes[name] ?? NaN;
  const [x, y] = [of('x'), of('y')];
  const [components = 1, channels = 1] = shape('x');
  const sites = N * N;
  /** The channels from one to another, of every component. */
  const channelsOf = (values: Float64Array, among: number, from: number, to: number): readonly (readonly number[])[] =>
    upTo(values.length / (among * sites)).map((c) => [
      ...values.slice((c * among + from) * sites, (c * among + to) * sites),
    ]);
  const stencil = (kernel: readonly number[], fieldComponents: number) => {
    const [outputs = 1, inputs = 1, k = 1] = kernel;
    return correlation(rules, { N, k, inputs, outputs, components: fieldComponents });
  };
  switch (operation) {
    case 'correlate':
      return [...stencil(shape('kernel'), components).forward(of('kernel'), x)];
    case 'correlateTransposed':
      return [...stencil(shape('kernel'), shape('y')[0] ?? 1).inField(of('kernel'), y)];
    case 'kernelGradient':
      return [...stencil([shape('y')[1] ?? 1, channels, attribute('size')], components).inKernel(y, x)];
    case 'add':
      return [...plus(x, y)];
    case 'multiply':
      return [...times(x, y)];
    case 'scale':
      return [...x.map((value) => (of('factor')[0] ?? NaN) * value)];
    case 'tanh':
      return [...x.map(Math.tanh)];
    case 'reciprocal':
      return [...x.map((value) => 1 / value)];
    case 'sqrt':
      return [...x.map(Math.sqrt)];
    case 'contract':
      return upTo(channels * sites).map((i) =>
        sum(upTo(components).map((c) => (x[c * channels * sites + i] ?? NaN) * (y[c * channels * sites + i] ?? NaN))),
      );
    case 'modulate':
      return [...x.map((value, i) => value * (of('amplitude')[i % (channels * sites)] ?? NaN))];
    case 'total':
      return [sum(x)];
    case 'fill':
      return upTo(attribute('components') * attribute('channels') * sites).map(() => of('scalar')[0] ?? NaN);
    case 'sumSites':
      return upTo(channels).map((c) => sum(channelsOf(x, channels, c, c + 1).flat()));
    case 'broadcast':
      return upTo(attribute('components')).flatMap(() =>
        [...of('bias')].flatMap((value) => upTo(sites).map(() => value)),
      );
    case 'concat': {
      const others = channelsOf(y, shape('y')[1] ?? 1, 0, shape('y')[1] ?? 1);
      return channelsOf(x, channels, 0, channels).flatMap((part, c) => [...part, ...(others[c] ?? [])]);
    }
    case 'slice':
      return channelsOf(x, channels, attribute('from'), attribute('to')).flat();
  }
};
