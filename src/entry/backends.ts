/** `efnn/backends`: what runs programs, on batches: the plain reference, and WebAssembly on several threads. */
export * from '../backend/backend.ts';
export { reference } from '../backend/reference/reference.ts';
export { hasFused, tuneEngine } from '../backend/wasm/engine.ts';
export { alone, teamOf, type Team } from '../backend/wasm/team.ts';
export { backendOn, wasmBackend, type WasmOptions } from '../backend/wasm/wasm.ts';
