/** Transforms of lines, as networks. */
import { operationsOf, transposed, type LinearNetwork } from '../src/backend/schedule/linear-network.ts';
import { lineTransforms, wavesOfRealLine } from '../src/backend/schedule/line-transform.ts';
import { describe, expect, it } from 'vitest';
import { verify } from './law.ts';
import {
  realLinesKeepTheirSize,
  transformsAreTheirSums,
  transposesAreAdjoint,
  transposesInvert,
  type Lines,
} from './laws/line-transform.ts';

const lines: Lines = { transforms: lineTransforms, waves: wavesOfRealLine };

const eachNetwork = (change: (network: LinearNetwork) => LinearNetwork): Lines => ({
  ...lines,
  transforms: (N) => {
    const { real, complex, realTransposed, complexTransposed } = lineTransforms(N);
    return {
      real: change(real),
      complex: change(complex),
      realTransposed: change(realTransposed),
      complexTransposed: change(complexTransposed),
    };
  },
});

const conjugated = eachNetwork((network) => ({
  ...network,
  outputs: network.outputs.map(({ sign, node }, index) => ({
    sign: index % 2 === 0 ? sign : -sign > 0 ? 1 : -1,
    node,
  })),
}));

const additionsAlone = eachNetwork((network) => ({
  ...network,
  nodes: network.nodes.map((node) => (node.tag === 'subtract' ? { ...node, tag: 'add' } : node)),
}));

const withoutSigns = (network: LinearNetwork): LinearNetwork => ({
  ...network,
  outputs: network.outputs.map(({ node }) => ({ sign: 1, node })),
});

const withoutFactors = (network: LinearNetwork): LinearNetwork => ({
  ...network,
  nodes: network.nodes.map((node) => ('factor' in node ? { ...node, factor: 1 } : node)),
});

const halfTurn: Lines = { ...lines, waves: (N) => ({ ...wavesOfRealLine(N), real: [0] }) };

verify(transformsAreTheirSums, lines, {
  'exp(-2 pi i k n / N)': conjugated,
  'differences are sums': additionsAlone,
  'factors are ones': eachNetwork(withoutFactors),
  'even lines have one real wave': halfTurn,
});
verify(realLinesKeepTheirSize, lines, {
  'factors are ones': eachNetwork(withoutFactors),
  'even lines have one real wave': halfTurn,
});
verify(transposesInvert, lines, {
  'the transpose is the transform': {
    ...lines,
    transforms: (N) => ({ ...lineTransforms(N), realTransposed: lineTransforms(N).real }),
  },
  'no real wave counts half': { ...lines, waves: (N) => ({ ...wavesOfRealLine(N), real: [] }) },
});
verify(transposesAreAdjoint, transposed, {
  'nothing is transposed': (network) => network,
  'signs are lost': (network) => withoutSigns(transposed(network)),
  'factors are lost': (network) => transposed(withoutFactors(network)),
});

describe('the operations of a line', () => {
  it.each([
    // What they take as they stand: alike parts that are no longer shared are noticed.
    [2, 2],
    [3, 5],
    [4, 6],
    [8, 26],
    [10, 40],
  ])('of %i real numbers are no more than %i', (N, most) => {
    expect(operationsOf(lineTransforms(N).real)).toBeLessThanOrEqual(most);
  });
  it('of ten real numbers, transposed, are as many', () => {
    expect(operationsOf(lineTransforms(10).realTransposed)).toBe(operationsOf(lineTransforms(10).real));
  });
});
