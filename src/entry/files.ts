/** `efnn/files`: data sets, weights, arrays and ONNX files as bytes; where bytes come from is the caller's. */
export * from '../dataset/data-set-file.ts';
export * from '../dataset/data-set.ts';
export * from '../dataset/spin-tensor.ts';
export * from '../file/data-error.ts';
export * from '../file/npy.ts';
export * from '../file/safetensors.ts';
export * from '../file/tensor.ts';
export * from '../network/model-file.ts';
export * from '../onnx/network-model.ts';
export * from '../onnx/program-model.ts';
export type { Meta } from '../dataset/meta.ts';
export type { Recipe } from '../dataset/recipe.ts';
