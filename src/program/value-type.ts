/**
 * The types of the values that a program computes. None mentions the lattice, so one program runs on every N x N.
 *
 * A chain of L spins is a field of L channels on a 1 x 1 lattice; a dense layer is a 1 x 1 kernel there.
 */

import { sideOfLattice } from '../number/callers-mistake.ts';

/** A function on the lattice: `components` 3 for spin vectors, 1 for scalars. Shape [components, channels, N, N]. */
export interface FieldType {
  readonly tag: 'field';
  readonly components: number;
  readonly channels: number;
}

/** The weights of a cross-correlation. Shape [outputs, inputs, size, size], `size` odd. */
export interface KernelType {
  readonly tag: 'kernel';
  readonly outputs: number;
  readonly inputs: number;
  readonly size: number;
}

/** One number for each channel. Shape [channels]. */
export interface BiasType {
  readonly tag: 'bias';
  readonly channels: number;
}

/** One number. Shape []. */
export interface ScalarType {
  readonly tag: 'scalar';
}

/** What an operand or a result can be. */
export type ValueType = FieldType | KernelType | BiasType | ScalarType;

/** The type of fields with so many components and channels. */
export const fieldType = (components: number, channels: number): FieldType => ({ tag: 'field', components, channels });

/** The type of kernels from so many input channels to so many output channels, with size x size taps. */
export const kernelType = (outputs: number, inputs: number, size: number): KernelType => ({
  tag: 'kernel',
  outputs,
  inputs,
  size,
});

/** The type of biases for so many channels. */
export const biasType = (channels: number): BiasType => ({ tag: 'bias', channels });

/** The type of single numbers. */
export const scalarType: ScalarType = { tag: 'scalar' };

/**
 * The array shape of a value on an N x N lattice, row-major: [components, channels, N, N], [outputs, inputs, k, k],
 * [channels] or [].
 *
 * @throws RangeError unless N is a whole number of at least 1.
 */
export const shapeOf = (latticeSize: number): ((type: ValueType) => readonly number[]) => {
  const N = sideOfLattice(latticeSize);
  return (type) => {
    switch (type.tag) {
      case 'field':
        return [type.components, type.channels, N, N];
      case 'kernel':
        return [type.outputs, type.inputs, type.size, type.size];
      case 'bias':
        return [type.channels];
      case 'scalar':
        return [];
    }
  };
};

/**
 * How many numbers a value holds on an N x N lattice.
 *
 * @throws RangeError unless N is a whole number of at least 1.
 */
export const lengthOf = (latticeSize: number): ((type: ValueType) => number) => {
  const shape = shapeOf(latticeSize);
  return (type) => shape(type).reduce((product, extent) => product * extent, 1);
};

/** `field(3, 1)`, `kernel(4, 2, 5x5)`, `bias(4)`, `scalar`. */
export const showType = (type: ValueType): string => {
  switch (type.tag) {
    case 'field':
      return `field(${type.components}, ${type.channels})`;
    case 'kernel':
      return `kernel(${type.outputs}, ${type.inputs}, ${type.size}x${type.size})`;
    case 'bias':
      return `bias(${type.channels})`;
    case 'scalar':
      return 'scalar';
  }
};

/** Whether two types are equal in all that they say. */
export const sameType = (a: ValueType, b: ValueType): boolean => showType(a) === showType(b);
