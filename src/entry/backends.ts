/** `efnn/backends`: what runs programs, on batches: the plain reference, WebAssembly on several threads, and GPUs. */
export * from '../backend/backend.ts';
export { reference } from '../backend/reference/reference.ts';
export { hasFused } from '../assembler/engine.ts';
export { alone, teamOf, type Team } from '../backend/wasm/team.ts';
export { backendOn, wasmBackend, type WasmOptions } from '../backend/wasm/wasm.ts';
export type { Adapters } from '../backend/webgpu/adapter.ts';
export { webgpuBackend, type GpuBackend } from '../backend/webgpu/webgpu.ts';
export type { CorrelationChoice } from '../backend/wasm/correlation-work.ts';
export type { Arithmetic } from '../assembler/arithmetic.ts';
export type { Correlations } from '../backend/wasm/setting.ts';
export type { VectorBits } from '../assembler/wide-vector.ts';
