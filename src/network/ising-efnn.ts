/**
 * The 2D Ising energy as an EFNN of one layer with fixed weights: F_1 = phi(S_0) = -J/2 times the sum of the nearest
 * neighbours, S_1 = S_0 * F_1, E = sum of S_1. Exact on every lattice.
 *
 * @eq phi (Fig. 1)
 */
import { identity } from 'fp-ts/lib/function.js';
import type { Field as NumberField } from 'fp-ts/lib/Field.js';

import { inputField, record } from '../program/expression.ts';
import type { Program } from '../program/program.ts';
import { mapName } from '../program/weight.ts';
import { efnn } from './efnn.ts';
import { linear, sumOfEntries } from './maps.ts';

/** Input `spins` field(1, 1), parameter `f.0.weight` kernel(1, 1, 3x3), output `energy`. */
export const isingEfnn: Program = record({
  energy: efnn({
    layers: [{ f: linear(mapName('field', 0), { inputs: 1, outputs: 1, kernel: 3 }), g: identity }],
    q: sumOfEntries,
  })(inputField('spins', 1, 1)),
});

/** The effective-field kernel: -J/2 on the four nearest neighbours. */
export const isingWeights =
  <A>(field: NumberField<A>) =>
  (J: A): Readonly<Record<'f.0.weight', readonly A[]>> => {
    const two = field.add(field.one, field.one);
    const phi = field.div(field.sub(field.zero, J), two);
    const o = field.zero;
    return { 'f.0.weight': [o, phi, o, phi, o, phi, o, phi, o] };
  };
