/**
 * Typed WebAssembly: expressions have the type of the number that they leave on the stack, statements leave nothing.
 *
 * An operation is its opcode applied to typed operands, so an ill-typed program does not compile in TypeScript, and
 * what compiles validates. Vectors are four float32 numbers, `f32x4`.
 *
 * @example
 * f32x4.add(f32x4.constant(1), f32x4.constant(2)).type // 'v128'
 */
import { float32Bytes, float64Bytes, signedLeb128, unsignedLeb128, type Code } from './binary.ts';

/** The types of numbers on the stack: integers and addresses, single and double precision, 128 bits of a vector. */
export type NumberType = 'i32' | 'f32' | 'f64' | 'v128';

/** The byte that stands for each type in the binary format. */
export const typeCode: Readonly<Record<NumberType, number>> = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b };

/** Code that leaves one number of type T on the stack. */
export interface Expression<T extends NumberType = NumberType> {
  readonly type: T;
  readonly code: Code;
}

/** A local variable; as an expression, its value. */
export interface Local<T extends NumberType = NumberType> extends Expression<T> {
  readonly index: number;
}

/** Code that leaves the stack as it was. */
export interface Statement {
  readonly type: 'none';
  readonly code: Code;
}

/** Statements, one after the other. */
export type Body = Statement | readonly Body[];

/** The code of a body: that of its statements, in their order. */
export const bodyCode = (body: Body): Code => ('code' in body ? body.code : body.map(bodyCode));

const expression = <T extends NumberType>(type: T, ...code: readonly Code[]): Expression<T> => ({ type, code });

const statement = (...code: readonly Code[]): Statement => ({ type: 'none', code });

const unary =
  <A extends NumberType, T extends NumberType>(type: T, opcode: Code) =>
  (a: Expression<A>): Expression<T> =>
    expression(type, a.code, opcode);

const binary =
  <A extends NumberType, T extends NumberType = A>(type: T, opcode: Code) =>
  (a: Expression<A>, b: Expression<A>): Expression<T> =>
    expression(type, a.code, b.code, opcode);

const ternary =
  (opcode: Code) =>
  (a: Expression<'v128'>, b: Expression<'v128'>, c: Expression<'v128'>): Expression<'v128'> =>
    expression('v128', a.code, b.code, c.code, opcode);

type Address = Expression<'i32'>;

/** A load or store names an alignment, of which 0 promises nothing, and a byte offset that is added to the address. */
const memory = (opcode: Code, offset: number): Code => [opcode, 0, unsignedLeb128(offset)];

const load =
  <T extends NumberType>(type: T, opcode: Code) =>
  (address: Address, offset = 0): Expression<T> =>
    expression(type, address.code, memory(opcode, offset));

const store =
  <T extends NumberType>(opcode: Code) =>
  (address: Address, value: Expression<T>, offset = 0): Statement =>
    statement(address.code, value.code, memory(opcode, offset));

/** SIMD instructions share a prefix. */
const simd = (opcode: number): Code => [0xfd, unsignedLeb128(opcode)];

/** Instructions on integers of 32 bits, which addresses and counts are. */
export const i32 = {
  constant: (value: number): Expression<'i32'> => expression('i32', 0x41, signedLeb128(value)),
  add: binary<'i32'>('i32', 0x6a),
  subtract: binary<'i32'>('i32', 0x6b),
  multiply: binary<'i32'>('i32', 0x6c),
  equals: binary<'i32'>('i32', 0x46),
  differs: binary<'i32'>('i32', 0x47),
  /** Whether a < b, as signed integers. */
  isLess: binary<'i32'>('i32', 0x48),
  load: load('i32', 0x28),
  store: store<'i32'>(0x36),
  /** A float64 without its fraction. */
  truncate: unary<'f64', 'i32'>('i32', 0xaa),
};

/** Instructions on numbers in single precision. */
export const f32 = {
  constant: (value: number): Expression<'f32'> => expression('f32', 0x43, float32Bytes(value)),
  add: binary<'f32'>('f32', 0x92),
  multiply: binary<'f32'>('f32', 0x94),
  load: load('f32', 0x2a),
  store: store<'f32'>(0x38),
  /** The float32 nearest to a float64. */
  demote: unary<'f64', 'f32'>('f32', 0xb6),
};

/** Instructions on numbers in double precision. */
export const f64 = {
  zero: expression('f64', 0x44, [0, 0, 0, 0, 0, 0, 0, 0]),
  add: binary<'f64'>('f64', 0xa0),
  subtract: binary<'f64'>('f64', 0xa1),
  multiply: binary<'f64'>('f64', 0xa2),
  load: load('f64', 0x2b),
  store: store<'f64'>(0x39),
  promote: unary<'f32', 'f64'>('f64', 0xbb),
};

/** Which of the eight numbers of two vectors become the four of the result. */
type Lanes = readonly [number, number, number, number];

/** Instructions on vectors of four numbers in single precision. */
export const f32x4 = {
  constant: (value: number): Expression<'v128'> =>
    expression(
      'v128',
      simd(0x0c),
      [1, 2, 3, 4].map(() => float32Bytes(value)),
    ),
  /** The bits of four int32 numbers: -1 keeps a number under `and`, 0 clears it. */
  mask: (bits: readonly number[]): Expression<'v128'> =>
    expression(
      'v128',
      simd(0x0c),
      bits.map((bit) => [bit & 0xff, bit & 0xff, bit & 0xff, bit & 0xff]),
    ),
  load: load('v128', simd(0x00)),
  /** One number, four times. */
  loadSplat: load('v128', simd(0x09)),
  store: store<'v128'>(simd(0x0b)),
  splat: unary<'f32', 'v128'>('v128', simd(0x13)),
  and: binary<'v128'>('v128', simd(0x4e)),
  sqrt: unary<'v128', 'v128'>('v128', simd(0xe3)),
  add: binary<'v128'>('v128', simd(0xe4)),
  subtract: binary<'v128'>('v128', simd(0xe5)),
  multiply: binary<'v128'>('v128', simd(0xe6)),
  divide: binary<'v128'>('v128', simd(0xe7)),
  /** b < a ? b : a, so that a NaN in a stays. */
  lesser: binary<'v128'>('v128', simd(0xea)),
  /** a < b ? b : a, so that a NaN in a stays. */
  greater: binary<'v128'>('v128', simd(0xeb)),
  lane: (lane: number) => unary<'v128', 'f32'>('f32', [simd(0x1f), lane]),
  shuffle: (lanes: Lanes) =>
    binary<'v128'>('v128', [simd(0x0d), lanes.map((lane) => [4 * lane, 4 * lane + 1, 4 * lane + 2, 4 * lane + 3])]),
  /** a b + c, rounded once or twice, as the processor likes: fused multiply-add where there is one. */
  relaxedMultiplyAdd: ternary(simd(0x105)),
  /** c - a b, rounded once or twice likewise. */
  relaxedNegativeMultiplyAdd: ternary(simd(0x106)),
};

/** Instructions on vectors of two numbers in double precision. */
export const f64x2 = {
  load: load('v128', simd(0x00)),
  /** Two numbers, or one twice. */
  constant: (first: number, second = first): Expression<'v128'> =>
    expression('v128', simd(0x0c), [first, second].map(float64Bytes)),
  /** One number, twice. */
  loadSplat: load('v128', simd(0x0a)),
  store: store<'v128'>(simd(0x0b)),
  negate: unary<'v128', 'v128'>('v128', simd(0xed)),
  add: binary<'v128'>('v128', simd(0xf0)),
  subtract: binary<'v128'>('v128', simd(0xf1)),
  multiply: binary<'v128'>('v128', simd(0xf2)),
  divide: binary<'v128'>('v128', simd(0xf3)),
  sqrt: unary<'v128', 'v128'>('v128', simd(0xef)),
  /** a b + c, rounded once or twice, as the processor likes. */
  relaxedMultiplyAdd: ternary(simd(0x107)),
  /** c - a b, rounded once or twice likewise. */
  relaxedNegativeMultiplyAdd: ternary(simd(0x108)),
  lane: (lane: number) => unary<'v128', 'f64'>('f64', [simd(0x21), lane]),
  /** The lower two of four numbers in single precision. */
  promote: unary<'v128', 'v128'>('v128', simd(0x5f)),
  /** Two of the four numbers of two vectors. */
  shuffle: (first: number, second: number) =>
    binary<'v128'>('v128', [
      simd(0x0d),
      [first, second].map((lane) => Array.from({ length: 8 }, (_, byte) => 8 * lane + byte)),
    ]),
};

/** Gives a local variable the value of an expression of its type. */
export const assign = <T extends NumberType>(local: Local<T>, value: Expression<NoInfer<T>>): Statement =>
  statement(value.code, 0x21, unsignedLeb128(local.index));

/** Moves a pointer by a number of bytes. */
export const advance = (pointer: Local<'i32'>, bytes: number): Body =>
  bytes === 0 ? [] : assign(pointer, i32.add(pointer, i32.constant(bytes)));

/** An address some bytes after another. */
export const after = (address: Address, bytes: number): Address =>
  bytes === 0 ? address : i32.add(address, i32.constant(bytes));

/** Runs the body, and again while the condition holds. */
export const repeatWhile = (body: Body, condition: Expression<'i32'>): Statement =>
  statement([0x03, 0x40], bodyCode(body), condition.code, [0x0d, 0], 0x0b);

/** Runs the body `count` times, count >= 1; nothing is looped over once. */
export const times = (counter: Local<'i32'>, count: number, body: Body): Body =>
  count === 1 ? body : [assign(counter, i32.constant(count)), repeatWhile([body, advance(counter, -1)], counter)];

/** As `times`, where the count is known when the code runs, and is at least 1. */
export const timesOf = (counter: Local<'i32'>, count: Expression<'i32'>, body: Body): Body => [
  assign(counter, count),
  repeatWhile([body, advance(counter, -1)], counter),
];

/** Runs the body if the condition is not 0. */
export const when = (condition: Expression<'i32'>, body: Body): Statement =>
  statement(condition.code, [0x04, 0x40], bodyCode(body), 0x0b);

/** Calls a function without result by its name; the module it is assembled into has to define it. */
export const call = (name: string, ...operands: readonly Expression<'i32'>[]): Statement =>
  statement(
    operands.map(({ code }) => code),
    0x10,
    { callee: name },
  );
