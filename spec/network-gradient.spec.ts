/** The gradient of every network, and what the pair head adds. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { gradient } from '../src/program/gradient.ts';
import type { Equation } from '../src/program/program.ts';
import { typecheck } from '../src/program/typecheck.ts';
import { verify } from './law.ts';
import type { Gradient } from './laws/gradient.ts';
import {
  energyByDefinition,
  networkGradientIsTheDualPart,
  networkGradientIsTheSlope,
  pairHeadIsTheTwoBodySum,
} from './laws/network-gradient.ts';

/** The equations that a gradient adds, rewritten. */
const rewritten =
  (rewrite: (equation: Equation) => Equation): Gradient =>
  (output, variables) =>
  (program) =>
    pipe(
      gradient(output, variables)(program),
      E.chain((differentiated) =>
        typecheck({
          ...differentiated,
          equations: differentiated.equations.map((equation, index) =>
            index < program.equations.length ? equation : rewrite(equation),
          ),
        }),
      ),
    );

const signLost = rewritten((equation) =>
  equation.tag === 'constant' && equation.value === -1 ? { ...equation, value: 1 } : equation,
);

const onlyFirstUse = rewritten((equation) =>
  equation.tag === 'add' ? { ...equation, right: equation.left } : equation,
);

verify(networkGradientIsTheDualPart, gradient, {
  'tanh has the derivative 1 + tanh^2': signLost,
  'the contributions of two uses are not added': onlyFirstUse,
});

verify(networkGradientIsTheSlope, gradient, {
  'tanh has the derivative 1 + tanh^2': signLost,
  'the contributions of two uses are not added': onlyFirstUse,
});

const transposed = (K: readonly number[]): readonly number[] => {
  const k = Math.round(Math.sqrt(K.length));
  return K.map((_, tap) => K[(tap % k) * k + Math.floor(tap / k)] ?? NaN);
};

verify(pairHeadIsTheTwoBodySum, energyByDefinition, {
  'rows and columns of the kernel are exchanged': (network) => (size, weights, spins) =>
    energyByDefinition(network)(size, { ...weights, 'pair.weight': transposed(weights['pair.weight'] ?? []) }, spins),
  'each pair counts half': (network) => (size, weights, spins) =>
    energyByDefinition(network)(
      size,
      { ...weights, 'pair.weight': (weights['pair.weight'] ?? []).map((K) => K / 2) },
      spins,
    ),
  'the head is scaled too': (network) => (size, weights, spins) =>
    energyByDefinition(network)(
      size,
      { ...weights, 'pair.weight': (weights['pair.weight'] ?? []).map((K) => K * network.energyScale) },
      spins,
    ),
});
