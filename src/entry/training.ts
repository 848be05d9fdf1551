/** `efnn/training`: losses, Adam, schedules, training as a fold, predictions and their errors. */
export * from '../training/adam.ts';
export * from '../training/batch.ts';
export * from '../training/checkpoint.ts';
export * from '../training/energy-units.ts';
export * from '../training/error-measures.ts';
export * from '../training/evaluation.ts';
export * from '../training/loss.ts';
export * from '../training/pair-fit.ts';
export * from '../training/prediction.ts';
export * from '../training/preparation.ts';
export * from '../training/schedule.ts';
export * from '../training/train.ts';
export * from '../training/trained-model.ts';
export * from '../training/training-run.ts';
export * from '../training/unit-variance.ts';
export type { Json } from '../file/canonical-json.ts';
export type { Digest } from '../file/digest.ts';
export type { ForceWeight } from '../training/force-weight.ts';
