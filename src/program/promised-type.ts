/** What `typecheck` has promised about an operand, said again where the type system cannot know it. */
import { showType, type BiasType, type FieldType, type KernelType, type ValueType } from './value-type.ts';

const broken = (promised: string, type: ValueType): string =>
  `expected a ${promised}, got a ${showType(type)}: interpret only what typecheck has returned`;

/** The type of an operand that `typecheck` has found to be a field; anything else is a bug, and throws. */
export const promisedField = (type: ValueType): FieldType => {
  if (type.tag !== 'field') {
    throw new RangeError(broken('field', type));
  }
  return type;
};

/** The type of an operand that `typecheck` has found to be a kernel; anything else is a bug, and throws. */
export const promisedKernel = (type: ValueType): KernelType => {
  if (type.tag !== 'kernel') {
    throw new RangeError(broken('kernel', type));
  }
  return type;
};

/** The type of an operand that `typecheck` has found to be a bias; anything else is a bug, and throws. */
export const promisedBias = (type: ValueType): BiasType => {
  if (type.tag !== 'bias') {
    throw new RangeError(broken('bias', type));
  }
  return type;
};
