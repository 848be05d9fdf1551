/** What tells the checkpoint of a training that is not finished from other files of tensors, before any of it is believed. */
import type { TensorFile } from './safetensors.ts';

/** How the name of a checkpoint's file ends. */
export const checkpointEnding = '.checkpoint';

/** Whether tensors say themselves that they are a checkpoint: they name a run, and the step of Adam that it has reached. */
export const isCheckpoint = ({ metadata }: Pick<TensorFile, 'metadata'>): boolean =>
  Object.hasOwn(metadata, 'run') && Object.hasOwn(metadata, 'step');
