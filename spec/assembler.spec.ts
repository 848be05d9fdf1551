/** The assembler writes what it says, and what is made of it is valid. */
import { unsignedLeb128 } from '../src/assembler/binary.ts';
import { f32x4, i32 } from '../src/assembler/expression.ts';
import { nest } from '../src/assembler/loops.ts';
import { assembleModule } from '../src/assembler/module.ts';
import { verify } from './law.ts';
import { arithmeticIsRounded, constantsArrive, kernelsValidate, nestsVisitAll } from './laws/assembler.ts';

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

verify(kernelsValidate, assembleModule, {
  'the last byte is lost': (description) => assembleModule(description).slice(0, -1),
});
