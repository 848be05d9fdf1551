/** The families of conformance vectors, in the order in which one is built on the other. */
import { adamFamily } from './families/adam.ts';
import { continuedFractions } from './families/continued-fractions.ts';
import { effectiveModel } from './families/effective-model.ts';
import { energyUnitsFamily, pairFit } from './families/energy-units.ts';
import { errorMeasuresFamily } from './families/error-measures.ts';
import { errors } from './families/errors.ts';
import { exactEnergies } from './families/exact-energies.ts';
import { checkpoints, dataFiles, training, weightsFiles } from './families/files.ts';
import { hamiltonians } from './families/hamiltonians.ts';
import { initialWeightsFamily } from './families/initial-weights.ts';
import { lattice } from './families/lattice.ts';
import { losses } from './families/losses.ts';
import { networks } from './families/networks.ts';
import { operations } from './families/operations.ts';
import { poles } from './families/poles.ts';
import { samplers } from './families/samplers.ts';
import { schedules } from './families/schedules.ts';
import { shuffles } from './families/shuffles.ts';
import { streams } from './families/streams.ts';
import { symmetrization } from './families/symmetrization.ts';

/** Each family once. */
export const families = [
  lattice,
  streams,
  samplers,
  hamiltonians,
  exactEnergies,
  poles,
  effectiveModel,
  operations,
  symmetrization,
  networks,
  weightsFiles,
  dataFiles,
  pairFit,
  energyUnitsFamily,
  initialWeightsFamily,
  losses,
  adamFamily,
  schedules,
  shuffles,
  training,
  checkpoints,
  continuedFractions,
  errorMeasuresFamily,
  errors,
] as const;

/** The name of a family. */
export type FamilyName = (typeof families)[number]['name'];
