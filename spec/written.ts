/** Files of values that can be written; for others the law's case is wrong, and the law fails loudly. */
import { flow } from 'fp-ts/lib/function.js';

import { writeNpz } from '../src/dataset/data-set-file.ts';
import { writeNpy } from '../src/file/npy.ts';
import { writeSafetensors } from '../src/file/safetensors.ts';
import { right } from './right.ts';

/** The `.npz` file of a data set. */
export const npzOf = flow(writeNpz, right);

/** The `.npy` file of a tensor. */
export const npyOf = flow(writeNpy, right);

/** The `.safetensors` file of tensors. */
export const safetensorsOf = flow(writeSafetensors, right);
