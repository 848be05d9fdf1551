/** Whether two data sets are of one Hamiltonian, as far as they say. */
import type { CustomMeta, Meta } from './meta.ts';
import { customSystem } from './meta.ts';
import { systems } from './systems.ts';

type AnyMeta = Meta | CustomMeta;

/** What is no constant of a Hamiltonian, but says how well its energies were computed. */
const accuracies: readonly string[] = ['tolerance'];

/** What the random couplings of a data set follow from, in words; null where there are none. */
const couplingsOf = ({ system, sampler, seed }: Meta): string | null =>
  systems[system].couplings === undefined ? null : `couplings of seed ${seed} (${sampler})`;

const systemDifference = (one: AnyMeta, other: AnyMeta): string | null =>
  one.system === customSystem || other.system === customSystem || one.system === other.system
    ? null
    : `${one.system} and ${other.system}`;

const parameterDifference = (one: AnyMeta, other: AnyMeta): string | null => {
  const symbol = Object.keys(one.parameters).find(
    (name) =>
      !accuracies.includes(name) &&
      Object.hasOwn(other.parameters, name) &&
      other.parameters[name] !== one.parameters[name],
  );
  return symbol === undefined
    ? null
    : `${symbol} = ${one.parameters[symbol]} and ${symbol} = ${other.parameters[symbol]}`;
};

const couplingDifference = (one: AnyMeta, other: AnyMeta): string | null => {
  if (one.system === customSystem || other.system === customSystem) {
    return null;
  }
  const [first, second] = [couplingsOf(one), couplingsOf(other)];
  return first === second ? null : `${first ?? 'no couplings'} and ${second ?? 'no couplings'}`;
};

/**
 * In what the Hamiltonians of two data sets differ, in words: in their system, a parameter that both name, or their random
 * couplings, which follow from the seed; null where nothing that both say of themselves differs.
 *
 * @example
 * hamiltonianDifference({ system: 'custom', parameters: { T: 0.1 } }, { system: 'custom', parameters: { T: 0.2 } }) // 'T = 0.1 and T = 0.2'
 */
export const hamiltonianDifference = (one: AnyMeta, other: AnyMeta): string | null =>
  systemDifference(one, other) ?? parameterDifference(one, other) ?? couplingDifference(one, other);
