/** What is said of a model whose file leaves its energy units open. */
import { unitsWhereNoneAreStated, type EnergyUnit } from '../network/model-file.ts';

/**
 * What is taken for units that a file does not state; null where it states all.
 *
 * @example
 * assumedUnitsLine(['energyScale']) // 'expected energyScale in the metadata, got none: taken as 1; write it there'
 */
export const assumedUnitsLine = (units: readonly EnergyUnit[]): string | null =>
  units.length === 0
    ? null
    : `expected ${units.join(' and ')} in the metadata, got none: taken as ` +
      `${units.map((unit) => unitsWhereNoneAreStated[unit]).join(' and ')}; write ${units.length === 1 ? 'it' : 'them'} there`;
