/** The files of this folder that the specification computes: their names, contents and text. */
import { errorVectors } from './error-vectors.ts';
import { invalidVectors } from './invalid-vectors.ts';
import { denseNetworkVectors, latticeNetworkVectors, symmetrizationVectors } from './network-vectors.ts';
import {
  doubleExchangeVectors,
  drawVectors,
  effectiveModelVectors,
  isingVectors,
  threeSpinVectors,
} from './physics-vectors.ts';
import { jsonSchemas, type VectorFile, type VectorName } from './schema.ts';

export const computedVectors: { readonly [Name in VectorName]: () => VectorFile<Name> } = {
  'networks-lattice.json': latticeNetworkVectors,
  'networks-dense.json': denseNetworkVectors,
  'symmetrization.json': symmetrizationVectors,
  'double-exchange.json': doubleExchangeVectors,
  'ising.json': isingVectors,
  'three-spin.json': threeSpinVectors,
  'effective-model.json': effectiveModelVectors,
  'draws.json': drawVectors,
  'error-measures.json': errorVectors,
  'invalid.json': invalidVectors,
};

/** JSON with one line for each list of numbers. */
export const textOf = (value: unknown): string =>
  `${JSON.stringify(value, null, 1).replaceAll(/\[[-\d.e+,\s]*\]/g, (list) => list.replaceAll(/\s+/g, ' '))}\n`;

/** Everything that `npm run -s vectors` writes, by file name. */
export const computedFiles = (): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(Object.entries(computedVectors).map(([name, compute]) => [name, textOf(compute())])),
  'schema.json': textOf(jsonSchemas),
});
