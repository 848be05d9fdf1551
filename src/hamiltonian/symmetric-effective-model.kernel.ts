/** The loops of the symmetric effective model: sums over all places of products of bonds. */
import type { SpinConfiguration } from '../lattice/spins.ts';
import type { Reals } from '../number/reals.ts';
import { sumOf } from '../number/sum.kernel.ts';

/** What is summed, by the numbers of the bonds. */
export interface Plan {
  readonly classes: readonly {
    /** The features are the sums times this. */
    readonly scale: number;
    readonly terms: readonly {
      readonly bond: number;
      /** The second bond, and the site from which it starts for each site from which the first does. */
      readonly other: { readonly bond: number; readonly shift: Int32Array } | null;
    }[];
  }[];
  /** Where each bond ends, by the site from which it starts. */
  readonly bonds: readonly Int32Array[];
}

/** The dot product of the spins at both ends of a bond, for each site from which it starts. */
const products = ({ size, components }: SpinConfiguration, ends: Int32Array): Float64Array => {
  const sites = size * size;
  const values = new Float64Array(sites);
  for (let k = 0; k < 3; k++) {
    const plane = k * sites;
    for (let site = 0; site < sites; site++) {
      values[site]! += components[plane + site]! * components[plane + ends[site]!]!;
    }
  }
  return values;
};

const correlation = (one: Float64Array, other: Float64Array, shift: Int32Array): number => {
  let sum = 0;
  for (let site = 0; site < one.length; site++) {
    sum += one[site]! * other[shift[site]!]!;
  }
  return sum;
};

/** The features of a configuration, one a class. */
export const features = ({ classes, bonds }: Plan, spins: SpinConfiguration): Float64Array => {
  const values = bonds.map((ends) => products(spins, ends));
  const found = new Float64Array(classes.length);
  for (let index = 0; index < classes.length; index++) {
    const { scale, terms } = classes[index]!;
    let sum = 0;
    for (const { bond, other } of terms) {
      sum += other === null ? sumOf(values[bond]!) : correlation(values[bond]!, values[other.bond]!, other.shift);
    }
    found[index] = scale * sum;
  }
  return found;
};

/** The dot product of two rows. */
export const dot = (a: Reals, b: Reals): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    sum += a[i]! * b[i]!;
  }
  return sum;
};

/** The sum of rows, each times its weight. */
export const weightedSum = (rows: readonly Reals[], weights: Reals, columns: number): Float64Array => {
  const sums = new Float64Array(columns);
  for (let row = 0; row < rows.length; row++) {
    const values = rows[row]!;
    const weight = weights[row]!;
    for (let i = 0; i < columns; i++) {
      sums[i]! += weight * values[i]!;
    }
  }
  return sums;
};
