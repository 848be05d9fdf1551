/**
 * Vectors of four or of eight float32 numbers. WebAssembly has those of four, 128 bits; eight are two of them side by side,
 * and every instruction is written for the lower one and then for the upper one. An engine that packs such pairs makes one
 * instruction on 256 bits of the two: V8 with `--experimental-wasm-revectorize`. Any other computes the same numbers, one
 * half after the other.
 *
 * It packs what ends in two stores side by side, as far back as both halves do the same; a load that may see a store between
 * them ends it. So only what is in locals is stored, and both halves are loaded before either is stored.
 *
 * The upper half is stored first. Were it the lower one, a store that leaves memory would have to write that half before it
 * traps, and so V8 (13.6 and 14.6) stores it by itself before every store of 256 bits, which transforms wait for.
 */
import { assign, f32x4, f64x2, type Body, type Expression, type Local, type Statement } from './expression.ts';
import type { Scope } from './module.ts';

/** The bits of a vector. */
export type VectorBits = 128 | 256;

/** The halves of a vector, the lower one first; the only one of 128 bits. */
export type WideVector = readonly Expression<'v128'>[];

/** A variable: a local for each half, or one for all of them where they are alike. */
export type WideLocal = readonly Local<'v128'>[];

type Unary = (a: WideVector) => WideVector;
type Binary = (a: WideVector, b: WideVector) => WideVector;
type Ternary = (a: WideVector, b: WideVector, c: WideVector) => WideVector;

const half = (vector: WideVector, index: number): Expression<'v128'> => {
  const found = vector[index];
  if (found === undefined) {
    throw new RangeError(`a vector of ${vector.length} halves meets one of more: use vectors of the same bits`);
  }
  return found;
};

const ofEach =
  (f: (a: Expression<'v128'>) => Expression<'v128'>): Unary =>
  (a) =>
    a.map(f);

const ofBoth =
  (f: (a: Expression<'v128'>, b: Expression<'v128'>) => Expression<'v128'>): Binary =>
  (a, b) =>
    a.map((x, i) => f(x, half(b, i)));

const ofAll =
  (f: (a: Expression<'v128'>, b: Expression<'v128'>, c: Expression<'v128'>) => Expression<'v128'>): Ternary =>
  (a, b, c) =>
    a.map((x, i) => f(x, half(b, i), half(c, i)));

const bytesPerHalf = 16;

/** Instructions on vectors of any width. */
export const f32xN = {
  and: ofBoth(f32x4.and),
  sqrt: ofEach(f32x4.sqrt),
  add: ofBoth(f32x4.add),
  subtract: ofBoth(f32x4.subtract),
  multiply: ofBoth(f32x4.multiply),
  divide: ofBoth(f32x4.divide),
  lesser: ofBoth(f32x4.lesser),
  greater: ofBoth(f32x4.greater),
  relaxedMultiplyAdd: ofAll(f32x4.relaxedMultiplyAdd),
  relaxedNegativeMultiplyAdd: ofAll(f32x4.relaxedNegativeMultiplyAdd),
  /** Gives a variable the value of each half; halves that are one local get the lower one's. */
  assign: (local: WideLocal, value: WideVector): Body =>
    local.flatMap((part, i): readonly Statement[] => (local.indexOf(part) === i ? [assign(part, half(value, i))] : [])),
  /** Writes all of a vector, or nothing where it leaves memory. */
  store: (address: Expression<'i32'>, value: WideLocal, offset = 0): Body =>
    value.map((part, i) => f32x4.store(address, part, offset + i * bytesPerHalf)).toReversed(),
};

/** Instructions on as many bits of float64 numbers; `f32xN` keeps and stores them, since bits are bits. */
export const f64xN = {
  sqrt: ofEach(f64x2.sqrt),
  add: ofBoth(f64x2.add),
  multiply: ofBoth(f64x2.multiply),
  divide: ofBoth(f64x2.divide),
};

/** Variables that are used again: `give` those that are read no more. */
export interface Temporaries {
  readonly take: () => WideLocal;
  readonly give: (local: WideLocal) => void;
}

/** What of a vector depends on its width. */
export interface VectorWidth {
  readonly bits: VectorBits;
  /** Vectors of 128 bits in it. */
  readonly halves: number;
  readonly bytes: number;
  readonly local: (scope: Scope) => WideLocal;
  /** The variable whose halves are all this one. */
  readonly alike: (half: Local<'v128'>) => WideLocal;
  readonly constant: (value: number) => WideVector;
  readonly load: (address: Expression<'i32'>, offset?: number) => WideVector;
  /** One number, as often as there is room. */
  readonly loadSplat: (address: Expression<'i32'>, offset?: number) => WideVector;
}

const widthOf = (bits: VectorBits): VectorWidth => {
  const halves = Array.from({ length: bits / 128 }, (_, i) => i);
  return {
    bits,
    halves: halves.length,
    bytes: halves.length * bytesPerHalf,
    local: (scope) => halves.map(() => scope.local('v128')),
    alike: (local) => halves.map(() => local),
    constant: (value) => halves.map(() => f32x4.constant(value)),
    load: (address, offset = 0) => halves.map((i) => f32x4.load(address, offset + i * bytesPerHalf)),
    loadSplat: (address, offset) => halves.map(() => f32x4.loadSplat(address, offset)),
  };
};

/**
 * Variables of one width, as few as are used at once. An engine keeps what a local had before a loop for the next round, read or
 * not, and V8 counts each such value as a reason not to pack: code in loops must not have a local for every value.
 */
export const temporaries = (scope: Scope, width: VectorWidth): Temporaries => {
  const free = new Array<WideLocal>();
  return {
    take: () => free.pop() ?? width.local(scope),
    give: (local) => {
      free.push(local);
    },
  };
};

/** The widths that there are. */
export const widths: Readonly<Record<VectorBits, VectorWidth>> = { 128: widthOf(128), 256: widthOf(256) };

/** So many vectors of 128 bits as the widest vectors that may be used, and the last by itself where one is left over. */
export const inWidths = (
  vectors: number,
  bits: VectorBits,
): readonly { readonly width: VectorWidth; readonly count: number }[] => {
  const wide = widths[bits];
  return [
    { width: wide, count: Math.floor(vectors / wide.halves) },
    { width: widths[128], count: vectors % wide.halves },
  ].filter(({ count }) => count > 0);
};
