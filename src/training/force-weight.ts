/**
 * How much a force error counts beside an energy error, by default: every label alike, each in units of its own variance. In
 *
 *     loss = ((E - E*)^2 + f sum over sites of |P_i (dE/ds_i - F*_i)|^2) / Var(E*)
 *
 * that is f = Var(E*) / Var(F*), Var(F*) the mean square of one force component along the tangent plane (two a unit vector,
 * one a number on a chain). So an N x N lattice has one label of energy and 2 N^2 of forces of the same weight: on 10 x 10
 * double exchange f is about 30. There 1 doubles the error at N = 40, and weights from 10 to 1000 are alike. Small networks on three
 * systems gain 4 to 14 percent, with three seeds, from three to nine times this weight: `results/force-weight.json`.
 */
import { joinedReals } from '../file/joined.kernel.ts';
import type { Reals } from '../number/reals.ts';
import type { LabelledSamples, SampleSets } from './batch.ts';
import { varianceIn } from './energy-variance.ts';
import { meanOf } from '../number/mean.ts';

/** The weight of squared force errors: a number, or `balanced`, which the labels decide. */
export type ForceWeight = number | 'balanced';

const square = (x: number): number => x * x;

/** The squared tangential force at each site of each sample, divided by its number of components. */
const componentSquares = ({ count, latticeSize, spins, forces }: LabelledSamples): Reals => {
  if (forces === null) {
    return new Float64Array(0);
  }
  if (latticeSize === 1) {
    return forces.map(square);
  }
  const sites = latticeSize * latticeSize;
  return Float64Array.from({ length: count * sites }, (_, i) => {
    const first = Math.floor(i / sites) * 3 * sites + (i % sites);
    const places = [first, first + sites, first + 2 * sites];
    const [norm, along] = places.reduce<readonly [number, number]>(
      ([squares, projection], place) => [
        squares + square(forces[place] ?? NaN),
        projection + (forces[place] ?? NaN) * (spins[place] ?? NaN),
      ],
      [0, 0],
    );
    return (norm - square(along)) / 2;
  });
};

/** f for these labels; 1 where energies or forces do not vary, or there are no forces. */
export const balancedForceWeight = (sets: SampleSets): number => {
  const weight = varianceIn(sets, ({ energies }) => energies) / meanOf(joinedReals(sets.map(componentSquares)));
  return Number.isFinite(weight) && weight > 0 ? weight : 1;
};

/** The number that a weight stands for, given the labels. */
export const forceWeightOf = (weight: ForceWeight | null, sets: SampleSets): number | null =>
  weight === 'balanced' ? balancedForceWeight(sets) : weight;
