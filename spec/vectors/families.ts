/** The families of conformance vectors, in the order in which one is built on the other. */
import { continuedFractions } from './families/continued-fractions.ts';
import { effectiveModel } from './families/effective-model.ts';
import { errorMeasuresFamily } from './families/error-measures.ts';
import { errors } from './families/errors.ts';
import { exactEnergies } from './families/exact-energies.ts';
import { hamiltonians } from './families/hamiltonians.ts';
import { lattice } from './families/lattice.ts';
import { networks } from './families/networks.ts';
import { operations } from './families/operations.ts';
import { poles } from './families/poles.ts';
import { samplers } from './families/samplers.ts';
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
  continuedFractions,
  errorMeasuresFamily,
  errors,
] as const;

/** The name of a family. */
export type FamilyName = (typeof families)[number]['name'];
