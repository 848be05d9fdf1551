/** The weight of forces beside energies: its rules, and what was measured with them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import measured from '../results/force-weight.json' with { type: 'json' };
import { balancedForceWeight } from '../src/training/force-weight.ts';
import { meanPredictorLoss } from '../src/training/mean-predictor.ts';
import { prepareTraining } from '../src/training/preparation.ts';
import { verify } from './law.ts';
import {
  chainsHaveOneComponent,
  docstringShowsTheMeasurement,
  labelsCountAlike,
  meansHaveTheirLoss,
  measurementFollows,
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

verify(meansHaveTheirLoss, meanPredictorLoss, {
  'forces do not count': ({ weight }, sets) => meanPredictorLoss({ weight, forceWeight: null }, sets),
  'one force component a spin': ({ weight, forceWeight }, sets) =>
    meanPredictorLoss({ weight, forceWeight: forceWeight === null ? null : forceWeight / 2 }, sets),
  'the first set alone counts': (loss, [first]) => meanPredictorLoss(loss, [first]),
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

type Measured = (typeof measured.systems)[number];

/** The file with its systems changed. */
const withSystems = (change: (system: Measured) => Measured) => ({
  ...measured,
  systems: measured.systems.map(change),
});

verify(measurementFollows, measured, {
  'one system was measured': { ...measured, systems: measured.systems.slice(0, 1) },
  'a mean was typed in': withSystems((system) => ({
    ...system,
    weights: system.weights.map((row) => ({
      ...row,
      tests: row.tests.map((test) => ({ ...test, mean: 0.9 * test.mean })),
    })),
  })),
  'another weight was picked': withSystems((system) => ({ ...system, picked: 81 })),
  'a ratio was typed in': withSystems((system) => ({
    ...system,
    rules: system.rules.map((rule) => ({ ...rule, ratio: 1, low: 0.96, high: 1.04 })),
  })),
  'an interval is half as wide': withSystems((system) => ({
    ...system,
    rules: system.rules.map((rule) => ({ ...rule, high: Math.sqrt(rule.ratio * rule.high) })),
  })),
  'a seed was left out': withSystems((system) => ({
    ...system,
    rules: system.rules.map((rule) => ({ ...rule, errors: rule.errors.slice(1) })),
  })),
  'seeds are not paired': withSystems((system) => ({ ...system, best: system.best.toReversed() })),
  'the seeds that pick compare': withSystems((system) => ({
    ...system,
    seeds: { ...system.seeds, grid: system.seeds.comparison.slice(0, system.seeds.grid.length) },
  })),
  'a rule is another': withSystems((system) => ({
    ...system,
    rules: system.rules.map((rule) => ({ ...rule, multiple: rule.multiple * (rule.rule === 'minimax' ? 2 : 1) })),
  })),
  'the larger lattice has other means': {
    ...measured,
    larger: {
      ...measured.larger,
      weights: measured.larger.weights.map((row) => ({
        ...row,
        tests: row.tests.map((test) => ({ ...test, mean: 0.9 * test.mean })),
      })),
    },
  },
});

const docstring = readFileSync(join(import.meta.dirname, '..', 'src', 'training', 'force-weight.ts'), 'utf8');

verify(docstringShowsTheMeasurement, docstring, {
  'a ratio has another digit': docstring.replace(
    /(\| \d\.\d)(\d) \(/,
    (_, before: string, digit: string) => `${before}${(Number(digit) + 1) % 10} (`,
  ),
  'a system is missing': docstring.replace(/\n \* \| heisenberg[^\n]*/, ''),
  'there were more seeds': docstring.replace(/(\| heisenberg \| \d+)/, '$10'),
});
