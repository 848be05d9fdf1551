/**
 * Samples of a data set, which lie one after the other, brought side by side into a chunk from the places that a step names:
 *
 *     to[entry, sample] = data[place(sample), entry].
 *
 * Samples are read four numbers at a time, and each four of their vectors are transposed in registers, as measured in a quarter of the
 * time that one number after the other takes. Eight samples are read at once where there are as many: a core waits for all of them
 * together, since each lies in memory that nobody has read of late.
 */
import {
  advance,
  after,
  assign,
  f32x4,
  f64,
  i32,
  times,
  type Body,
  type Expression,
  type Local,
} from '../../../assembler/expression.ts';
import { nest, type Pointer } from '../../../assembler/loops.ts';
import { defineFunction, type FunctionDefinition, type Scope } from '../../../assembler/module.ts';
import { bytesPerNumber, bytesPerReal, numbersPerVector } from '../grid.ts';
import { range } from './arithmetic.ts';

/** What of a data set is gathered, and how it lies in a chunk. */
export interface Gather {
  /** Samples of the chunk. */
  readonly samples: number;
  /** The entries of a sample in their order, as loops, outermost first. */
  readonly counts: readonly number[];
  /** How far each loop moves in the chunk, in bytes; the samples of an entry are side by side. */
  readonly to: readonly number[];
}

/** Neighbouring loops become one as long as the inner one moves on as the outer one does. */
const withLongRuns = (
  counts: readonly number[],
  to: readonly number[],
): { readonly outer: readonly number[]; readonly strides: readonly number[]; readonly run: number } => {
  const step = to.at(-1) ?? 0;
  const extended = (last: number, run: number): { readonly last: number; readonly run: number } =>
    last > 0 && (counts[last - 1] === 1 || to[last - 1] === run * step)
      ? extended(last - 1, run * (counts[last - 1] ?? 1))
      : { last, run };
  const { last, run } = extended(counts.length - 1, counts.at(-1) ?? 1);
  return { outer: counts.slice(0, last), strides: to.slice(0, last), run };
};

/** For each loop, how far it moves in a sample of the data, whose numbers follow each other. */
const inData = (outer: readonly number[], run: number): readonly number[] =>
  outer.map((_, index) => bytesPerNumber * outer.slice(index + 1).reduce((product, count) => product * count, run));

/** Samples that are read at once, at most: there are registers for as many addresses. */
const mostAtOnce = 8;

const rowLocals = (scope: Scope): readonly Local<'v128'>[] => range(numbersPerVector).map(() => scope.local('v128'));

/** The rows and columns of 4 x 4 numbers exchanged: two rounds in which vectors are interleaved. */
const transposed = (rows: readonly Local<'v128'>[], scratch: readonly Local<'v128'>[]): Body => {
  const interleave = (to: readonly Local<'v128'>[], from: readonly Local<'v128'>[]): Body =>
    [0, 1].flatMap((pair) => [
      assign(to[2 * pair]!, f32x4.shuffle([0, 4, 1, 5])(from[pair]!, from[pair + 2]!)),
      assign(to[2 * pair + 1]!, f32x4.shuffle([2, 6, 3, 7])(from[pair]!, from[pair + 2]!)),
    ]);
  return [interleave(scratch, rows), interleave(rows, scratch)];
};

/**
 * Parameters: the places of the samples, float64; the array of the data; where the first number of the chunk is to be.
 */
export const gather = (name: string, { samples, counts, to: strides }: Gather): FunctionDefinition =>
  defineFunction(name, (scope: Scope) => {
    const [places, data, target] = [scope.parameter(), scope.parameter(), scope.parameter()];
    const to = scope.local('i32');
    const entryBytes = strides.at(-1) ?? 0;
    const sampleBytes = bytesPerNumber * counts.reduce((product, count) => product * count, 1);
    const { outer, strides: outerStrides, run } = withLongRuns(counts, strides);
    const dataStrides = inData(outer, run);
    const blocks = Math.floor(run / numbersPerVector);

    const placed = (sample: number): Expression<'i32'> =>
      i32.add(data, i32.multiply(i32.truncate(f64.load(places, sample * bytesPerReal)), i32.constant(sampleBytes)));

    /** Goes through the entries from the number `first` of each run on, in steps of so many, for some samples. */
    const through = (from: readonly Local<'i32'>[], first: number, count: number, width: number, body: Body): Body => {
      const pointers: readonly Pointer[] = [
        { local: to, strides: [...outerStrides, width * entryBytes] },
        ...from.map((local) => ({ local, strides: [...dataStrides, width * bytesPerNumber] })),
      ];
      return count === 0
        ? []
        : [
            assign(to, after(target, first * entryBytes)),
            from.map((local, sample) => assign(local, after(placed(sample), first * bytesPerNumber))),
            nest(scope, [...outer, count], pointers, body),
          ];
    };

    const locals = range(mostAtOnce).map(() => scope.local('i32'));
    const [rows, scratch] = [rowLocals(scope), rowLocals(scope)];
    /** A vector of each of four samples. */
    const block = (from: readonly Local<'i32'>[], samplesBefore: number): Body => [
      rows.map((row, sample) => assign(row, f32x4.load(from[sample]!))),
      transposed(rows, scratch),
      rows.map((row, entry) => f32x4.store(to, row, entry * entryBytes + samplesBefore * bytesPerNumber)),
    ];
    const single = (from: readonly Local<'i32'>[]): Body =>
      from.map((local, sample) => i32.store(to, i32.load(local), sample * bytesPerNumber));
    /** The next so many samples, as many at once. */
    const together = (count: number, rounds: number): Body => {
      const from = locals.slice(0, count);
      const fours = range(Math.floor(count / numbersPerVector)).map((index) => index * numbersPerVector);
      const inVectors = fours.length === 0 ? 0 : blocks;
      return rounds === 0
        ? []
        : times(scope.local('i32'), rounds, [
            through(
              from,
              0,
              inVectors,
              numbersPerVector,
              fours.map((first) => block(from.slice(first), first)),
            ),
            through(from, inVectors * numbersPerVector, run - inVectors * numbersPerVector, 1, single(from)),
            advance(places, count * bytesPerReal),
            advance(target, count * bytesPerNumber),
          ]);
    };
    const rest = samples % mostAtOnce;
    return [
      together(mostAtOnce, Math.floor(samples / mostAtOnce)),
      together(numbersPerVector, Math.floor(rest / numbersPerVector)),
      together(1, rest % numbersPerVector),
    ];
  });
