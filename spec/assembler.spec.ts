/** The assembler writes what it says, and what is made of it is valid. */
import { describe } from 'vitest';

import { productSums } from '../src/assembler/arithmetic.ts';
import { calleesOf, unsignedLeb128 } from '../src/assembler/binary.ts';
import { after, f32x4, f64x2, i32 } from '../src/assembler/expression.ts';
import { nest, nestOfVectors } from '../src/assembler/loops.ts';
import { assembleModule, reachedFrom } from '../src/assembler/module.ts';
import { f32xN } from '../src/assembler/wide-vector.ts';
import { verify } from './law.ts';
import {
  arithmeticIsRounded,
  constantsArrive,
  functionsAreReached,
  functionsKeepTheirNames,
  fusedSumsRoundOnce,
  kernelsValidate,
  nestsOfVectorsVisitAll,
  nestsVisitAll,
  roundsOnce,
  separateSumsRoundTwice,
  storesAreWhole,
} from './laws/assembler.ts';

/** Half of the numbers whose highest seven bits are read with their sign. */
const unsigned = (value: number) =>
  value >= 0 ? { ...i32.constant(value), code: [0x41, unsignedLeb128(value)] } : i32.constant(value);

verify(
  constantsArrive,
  { i32: i32.constant, f32x4: f32x4.constant },
  {
    'integers are written without a sign bit': { i32: unsigned, f32x4: f32x4.constant },
    'reals are rounded to integers': { i32: i32.constant, f32x4: (value) => f32x4.constant(Math.round(value)) },
  },
);

verify(arithmeticIsRounded, (example) => example, {
  'subtraction is reversed': ({ vector, value }) => ({ vector: f32x4.subtract(f32x4.constant(0), vector), value }),
});

const { separate, fused } = productSums;

verify(separateSumsRoundTwice, separate, {
  'a difference is a sum': { ...separate, minus: separate.plus },
  'a difference the other way round': { ...separate, minus: (sum, x, y) => f64x2.subtract(f64x2.multiply(x, y), sum) },
  'one product after the other': {
    ...separate,
    plusBoth: (sum, x, y, u, v) => separate.plus(separate.plus(sum, x, y), u, v),
  },
});

describe.skipIf(!roundsOnce(fused))('fused', () => {
  verify(fusedSumsRoundOnce, fused, {
    'rounded twice': separate,
    'a difference is a sum': { ...fused, minus: fused.plus },
    'a difference the other way round': {
      ...fused,
      minus: (sum, x, y) => fused.plus(f64x2.negate(sum), x, y),
    },
    'the second product is left out': { ...fused, plusBoth: fused.plus },
    'the first factor twice': { ...fused, plusBoth: (sum, x, y, _, v) => fused.plusBoth(sum, x, y, x, v) },
  });
});

verify(nestsVisitAll, nest, {
  'pointers stay where they are': (scope, counts, _, body) => nest(scope, counts, [], body),
  'the first dimension is fastest': (scope, counts, pointers, body) =>
    nest(
      scope,
      counts.toReversed(),
      pointers.map(({ local, strides }) => ({ local, strides: strides.toReversed() })),
      body,
    ),
});

verify(nestsOfVectorsVisitAll, nestOfVectors, {
  'the last of an odd number is lost': (scope, counts, pointers, bits, body) =>
    nestOfVectors(scope, [...counts.slice(0, -1), 2 * Math.ceil((counts.at(-1) ?? 1) / 2)], pointers, bits, body),
  'lines of one vector are one line': (scope, counts, pointers, bits, body) =>
    counts.length > 1 && counts.at(-1) === 1
      ? nestOfVectors(
          scope,
          counts.slice(0, -1),
          pointers.map(({ local, strides }) => ({ local, strides: strides.slice(0, -1) })),
          bits,
          body,
        )
      : nestOfVectors(scope, counts, pointers, bits, body),
});

verify(storesAreWhole, f32xN.store, {
  'the lower half first': (address, value, offset) =>
    value.map((part, i) => f32xN.store(after(address, 16 * i), [part], offset)),
  'the lower half alone': (address, value, offset) => f32xN.store(address, value.slice(0, 1), offset),
});

verify(functionsKeepTheirNames, assembleModule, {
  'functions are numbered': (description) =>
    assembleModule({ ...description, functions: description.functions.map((f, i) => ({ ...f, name: String(i) })) }),
  'names are in reverse': (description) =>
    assembleModule({
      ...description,
      functions: description.functions.map((f, i) => ({
        ...f,
        name: description.functions.at(-1 - i)?.name ?? f.name,
      })),
    }),
});

verify(functionsAreReached, reachedFrom, {
  'all are kept': (_, functions) => functions,
  'those that are asked for alone': (names, functions) => functions.filter(({ name }) => names.includes(name)),
  'calls of calls are forgotten': (names, functions) => {
    const called = functions.flatMap(({ name, code }) => (names.includes(name) ? calleesOf(code) : []));
    return functions.filter(({ name }) => names.includes(name) || called.includes(name));
  },
  'in the order in which they are reached': (names, functions) =>
    reachedFrom(names, functions).toSorted((a, b) => names.indexOf(b.name) - names.indexOf(a.name)),
});

verify(kernelsValidate, assembleModule, {
  'the last byte is lost': (description) => assembleModule(description).slice(0, -1),
});
