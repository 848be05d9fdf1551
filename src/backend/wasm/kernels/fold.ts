/**
 * Sums over neighbouring numbers, in float64 and one after the other: the end of sums over sites, and of sums over
 * the batch.
 */
import {
  advance,
  assign,
  f32,
  f64,
  f64x2,
  times,
  timesOf,
  type Body,
  type Local,
} from '../../../assembler/expression.ts';
import { nest } from '../../../assembler/loops.ts';
import { defineFunction, type FunctionDefinition, type Scope } from '../../../assembler/module.ts';
import { bytesPerNumber, bytesPerReal, bytesPerVector } from '../grid.ts';
import { blocksOf, range } from './arithmetic.ts';

/** Adds to each sum `terms` numbers that are `stride` bytes apart; from sum to sum they are `apart` bytes apart. */
const added = (
  scope: Scope,
  sums: readonly Local<'f64'>[],
  from: Local<'i32'>,
  { terms, stride, apart }: Readonly<Record<'terms' | 'stride' | 'apart', number>>,
): Body => {
  const term = scope.local('i32');
  return [
    assign(term, from),
    times(scope.local('i32'), terms, [
      sums.map((sum, index) => assign(sum, f64.add(sum, f64.promote(f32.load(term, index * apart))))),
      advance(term, stride),
    ]),
  ];
};

/** Lines, `lineBytes` apart, in each of which the numbers of the samples alternate and are summed sample by sample. */
export interface SampleSums {
  readonly lines: number;
  readonly lineBytes: number;
  /** Numbers of each sample in a line. */
  readonly terms: number;
  readonly samples: number;
}

/** For each line and sample, the sum of its numbers. Parameters: the lines; the sums, float32, line by line. */
export const sampleSums = (name: string, { lines, lineBytes, terms, samples }: SampleSums): FunctionDefinition =>
  defineFunction(name, (scope) => {
    const [from, to] = [scope.parameter(), scope.parameter()];
    const sum = scope.local('f64');
    const pointers = [
      { local: from, strides: [lineBytes, bytesPerNumber] },
      { local: to, strides: [samples * bytesPerNumber, bytesPerNumber] },
    ];
    return nest(scope, [lines, samples], pointers, [
      assign(sum, f64.zero),
      added(scope, [sum], from, { terms, stride: samples * bytesPerNumber, apart: 0 }),
      f32.store(to, f32.demote(sum)),
    ]);
  });

/** Lines, `lineBytes` apart, each of which is summed to one number. */
export interface LineSums {
  readonly lines: number;
  readonly lineBytes: number;
  /** Numbers in a line. */
  readonly terms: number;
}

/** Lines that are summed side by side: a sum takes four cycles, and the next of its line waits for it. */
const neighbouringLines = 4;

/** Adds all numbers of each line to its sum. Parameters: the lines; the sums, float64. */
export const lineSums = (name: string, { lines, lineBytes, terms }: LineSums): FunctionDefinition =>
  defineFunction(name, (scope) => {
    const [from, to] = [scope.parameter(), scope.parameter()];
    return blocksOf(lines, neighbouringLines).map(({ size, count }) => {
      const sums = range(size).map(() => scope.local('f64'));
      const pointers = [
        { local: from, strides: [size * lineBytes] },
        { local: to, strides: [size * bytesPerReal] },
      ];
      return nest(scope, [count], pointers, [
        sums.map((sum, index) => assign(sum, f64.load(to, index * bytesPerReal))),
        added(scope, sums, from, { terms, stride: bytesPerNumber, apart: lineBytes }),
        sums.map((sum, index) => f64.store(to, sum, index * bytesPerReal)),
      ]);
    });
  });

/**
 * Adds sums of all groups to those of the first, in their order; from group to group they are `groupBytes` bytes apart. Parameters: an
 * address that it does not use; sums of the first group; how many more groups there are, and how many vectors of two sums, at least 1.
 */
export const groupSums = (name: string, groupBytes: number): FunctionDefinition =>
  defineFunction(name, (scope) => {
    scope.parameter();
    const [sums, others, vectors] = [scope.parameter(), scope.parameter(), scope.parameter()];
    const [other, counter] = [scope.local('i32'), scope.local('i32')];
    const sum = scope.local('v128');
    return timesOf(scope.local('i32'), vectors, [
      assign(sum, f64x2.load(sums)),
      assign(other, sums),
      timesOf(counter, others, [advance(other, groupBytes), assign(sum, f64x2.add(sum, f64x2.load(other)))]),
      f64x2.store(sums, sum),
      advance(sums, bytesPerVector),
    ]);
  });
