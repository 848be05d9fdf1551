/** The default weight of forces beside energies. */
import measured from '../results/force-weight.json' with { type: 'json' };
import { balancedForceWeight } from '../src/training/force-weight.ts';
import { prepareTraining } from '../src/training/preparation.ts';
import { verify } from './law.ts';
import {
  chainsHaveOneComponent,
  defaultIsNearTheBest,
  labelsCountAlike,
  trainingsAreBalanced,
} from './laws/force-weight.ts';

verify(labelsCountAlike, balancedForceWeight, {
  'always 1': () => 1,
  'the square of the energy, not its variance': ([first]) =>
    balancedForceWeight([{ ...first, energies: first.energies.map((energy, i) => (i % 2 === 0 ? energy : -energy)) }]),
  'three components a spin': (sets) => 1.5 * balancedForceWeight(sets),
  'all force labels count as one': (sets) => balancedForceWeight(sets) / sets[0].latticeSize ** 2,
  'what lies along the spin counts': ([first]) => balancedForceWeight([{ ...first, spins: first.spins.map(() => 0) }]),
});

verify(chainsHaveOneComponent, balancedForceWeight, {
  'half of each counts, as of a tangent plane': (sets) => 2 * balancedForceWeight(sets),
  'always 1': () => 1,
});

verify(trainingsAreBalanced, prepareTraining, {
  'energy and force count as they stand': (backend, plan) =>
    prepareTraining(backend, { ...plan, forceWeight: plan.forceWeight === null ? null : 1 }),
  'forces are not looked at': (backend, plan) => prepareTraining(backend, { ...plan, forceWeight: null }),
});

verify(defaultIsNearTheBest, measured.systems, {
  'one system was measured': measured.systems.slice(0, 1),
  'the default is a ninth': measured.systems.map((one) => ({
    ...one,
    grid: one.grid.map((row) => ({ ...row, multiple: 9 * row.multiple })),
  })),
});
