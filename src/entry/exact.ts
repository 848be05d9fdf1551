/** `efnn/exact`: the Monte Carlo energy and its forces, by diagonalization and by pole expansion. */
export type * from '../exact/energy-and-forces.ts';
export * from '../exact/energy-by-poles.ts';
export * from '../exact/energy-method.ts';
export * from '../exact/forces.ts';
export * from '../exact/monte-carlo-energy.ts';
export * from '../exact/pole-expansion.ts';
export type { Arithmetic } from '../assembler/arithmetic.ts';
export { hasFused } from '../assembler/engine.ts';
export type { EnergyRangeError } from '../exact/finite-energy.ts';
export type { WorkSpaceError } from '../exact/work-space.ts';
export type { LogarithmicPole } from '../exact/level-fit.kernel.ts';
export type { DiagonalizationError } from '../linear/diagonalize.ts';
