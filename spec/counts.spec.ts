/** Counts of parameters, products and numbers. */
import { expect, it } from 'vitest';

import { network, networkProgram } from '../src/network/network.ts';
import { multiplyAdds, numbersHeld, parameterCounts, parameterTotal, type Count } from '../src/program/counts.ts';
import type { TypedProgram } from '../src/program/typecheck.ts';
import {
  denseParametersFollowTheFormula,
  latticeParametersFollowTheFormula,
  numbersAreThoseOfTheValues,
  productsAreThoseOfTheDefinition,
  type Total,
} from './laws/counts.ts';
import { verify } from './law.ts';
import { right } from './right.ts';

const without =
  (ending: RegExp): Total =>
  (program) =>
    Object.entries(parameterCounts(program)).reduce((sum, [name, count]) => (ending.test(name) ? sum : sum + count), 0);

verify(latticeParametersFollowTheFormula, parameterTotal, {
  'biases are forgotten': without(/\.bias$/),
  "a T_j's kernels are taken for one": without(/\.b$/),
  'the readout is forgotten': without(/^q/),
});

verify(denseParametersFollowTheFormula, parameterTotal, {
  'biases are forgotten': without(/\.bias$/),
  'the second layer of each map is forgotten': without(/\.1\.weight$/),
});

const leavingOut =
  (tag: string): ((program: TypedProgram) => Count) =>
  (program) =>
    multiplyAdds({
      ...program,
      equations: program.equations.map((equation) => (equation.tag === tag ? { tag: 'constant', value: 0 } : equation)),
    });

verify(productsAreThoseOfTheDefinition, multiplyAdds, {
  'correlations are not counted': leavingOut('correlate'),
  'kernel gradients are not counted': leavingOut('kernelGradient'),
  'contractions are not counted': leavingOut('contract'),
  'one component is counted': (program) =>
    multiplyAdds({
      ...program,
      types: program.types.map((type) => (type.tag === 'field' ? { ...type, components: 1 } : type)),
    }),
  'sites are not counted': (program) => {
    const { fixed, perSite } = multiplyAdds(program);
    return { fixed: fixed + perSite, perSite: 0 };
  },
});

verify(numbersAreThoseOfTheValues, numbersHeld, {
  'inputs are not counted': (program) =>
    numbersHeld({ ...program, types: program.types.filter((_, i) => program.equations[i]?.tag !== 'input') }),
});

it.each([
  [1, 1, 230],
  [3, 2, 2350],
  [3, 3, 3412],
  [9, 1, 9262],
  [9, 3, 26_434],
])("the paper's lattice EFNN with C = %i, n = %i has %i parameters, within its 200 to 30,000", (channels, layers, count) => {
  const program = right(networkProgram(network('efnn', { tag: 'lattice', channels, layers, kernel: 5, pairHead: false })));
  expect(parameterTotal(program)).toBe(count);
});
