/**
 * Products of matrices in tiles of registers: a few numbers of one factor by a few vectors of the other, and all sums of their
 * products.
 *
 *     s_ov += a_o b_v,   o = 0, 1, .., outputs - 1,   v = 0, 1, .., vectors - 1
 */
import type { Arithmetic } from '../../../assembler/arithmetic.ts';
import type { Body } from '../../../assembler/expression.ts';
import type { Scope } from '../../../assembler/module.ts';
import {
  f32xN,
  type VectorBits,
  type VectorWidth,
  type WideLocal,
  type WideVector,
} from '../../../assembler/wide-vector.ts';
import { accumulate, range } from './arithmetic.ts';

/**
 * Vectors in a tile, by its outputs, of which there are no more than the list tells: the fastest as measured. No more than fifteen
 * vectors live at once, the registers that V8 hands out. Vectors of 128 bits spill them in tiles of more outputs, which is not so
 * with those of 256.
 */
const tileVectors: Readonly<Record<VectorBits, Readonly<Record<Arithmetic, readonly number[]>>>> = {
  128: { fused: [0, 6, 4, 3], separate: [0, 5, 4, 2] },
  256: { fused: [0, 6, 4, 3, 2, 2, 2], separate: [0, 5, 4, 2, 2, 2] },
};

/** The most outputs in a tile. */
export const mostOutputs = (arithmetic: Arithmetic, bits: VectorBits): number =>
  tileVectors[bits][arithmetic].length - 1;

/** The most vectors in a tile of so many outputs. */
export const mostVectors = (arithmetic: Arithmetic, bits: VectorBits, outputs: number): number =>
  tileVectors[bits][arithmetic][outputs] ?? 1;

/** The sums of a tile, by outputs and vectors, and the statements that add the products of a step. */
interface RegisterTile {
  readonly sums: readonly (readonly WideLocal[])[];
  readonly step: Body;
}

/** A tile, and how the number of an output and a vector are loaded. The longer side goes by, the shorter one is there all the while. */
export const registerTile = (
  scope: Scope,
  width: VectorWidth,
  { outputs, vectors }: { readonly outputs: number; readonly vectors: number },
  arithmetic: Arithmetic,
  load: { readonly number: (output: number) => WideVector; readonly vector: (vector: number) => WideVector },
): RegisterTile => {
  const [allOutputs, allVectors] = [range(outputs), range(vectors)];
  const sums = allOutputs.map(() => allVectors.map(() => width.local(scope)));
  const isTall = outputs > vectors;
  const numbers = range(isTall ? 1 : outputs).map(() => width.alike(scope.local('v128')));
  const row = range(isTall ? vectors : 1).map(() => width.local(scope));
  const add = accumulate(arithmetic);
  const number = (o: number): WideLocal => numbers[o % numbers.length]!;
  const vector = (v: number): WideLocal => row[v % row.length]!;
  const added = (o: number, v: number): Body => add(sums[o]![v]!, vector(v), number(o));
  const loadNumber = (o: number): Body => f32xN.assign(number(o), load.number(o));
  const loadVector = (v: number): Body => f32xN.assign(vector(v), load.vector(v));
  return {
    sums,
    step: isTall
      ? [allVectors.map(loadVector), allOutputs.map((o) => [loadNumber(o), allVectors.map((v) => added(o, v))])]
      : [allOutputs.map(loadNumber), allVectors.map((v) => [loadVector(v), allOutputs.map((o) => added(o, v))])],
  };
};
