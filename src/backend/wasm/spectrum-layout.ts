/**
 * How spectra lie in memory: for each slot the numbers of the samples side by side, whole vectors; the slots of a plane one
 * after the other, planes as the channels and components of the field.
 */
import type { FieldType } from '../../program/value-type.ts';
import { lineBytes, type Grid } from './grid.ts';

/** From one slot of a plane to the next, in bytes. */
export const slotBytes = ({ samples }: Grid): number => lineBytes(samples);

/** A plane: one channel of one component. */
export const planeBytes = (grid: Grid): number => grid.size * grid.size * slotBytes(grid);

/** All planes of a field. */
export const spectrumBytes = (
  grid: Grid,
  { components, channels }: Pick<FieldType, 'components' | 'channels'>,
): number => components * channels * planeBytes(grid);
