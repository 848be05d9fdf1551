/**
 * Conformance vectors: a question to an implementation of this specification, with the right answer, so that a port in any
 * language can be checked without running this code. A vector is a JSON file `spec/vectors/FAMILY/CASE.json`.
 */
import type { Either } from 'fp-ts/lib/Either.js';
import { z } from 'zod';

import type { DataError } from '../file/data-error.ts';
import { decodeJson } from '../file/decode.ts';

/** The version of the vectors: another one where a number, a name or the format of a vector has changed. */
export const vectorsVersion = 'efnn-vectors/1';

const count = z.number().int().min(0);

/** Numbers of one output, row-major: in decimal, and as the bits of their float64, high byte first. */
export const expectedSchema = z.strictObject({
  /** What the numbers are, in symbols. */
  meaning: z.string().min(1),
  shape: z.array(count),
  decimal: z.array(z.number()).nonempty(),
  float64: z.array(z.string().regex(/^[0-9a-f]{16}$/)).nonempty(),
});

/** The right numbers of one output. */
export type Expected = Readonly<z.infer<typeof expectedSchema>>;

/** Where a value from outside this code comes from, and that value. */
const outsideSchema = z.strictObject({
  /** The output that it is of. */
  output: z.string().min(1),
  /** A closed form, an exact rational, a published number, or another library with its version. */
  source: z.string().min(10),
  decimal: z.array(z.number()).nonempty(),
  /** How far it may be from what is expected, relative to the largest of its moduli. */
  relative: z.number().min(0),
});

/** A vector of a family whose inputs have this schema. */
export const vectorSchema = <Inputs extends z.ZodType>(inputs: Inputs) =>
  z.strictObject({
    version: z.literal(vectorsVersion),
    /** FAMILY/CASE. */
    id: z.string().regex(/^[a-z0-9-]+\/[a-z0-9-]+$/),
    /** Where the paper has it, or which rule of the guide it is. */
    equation: z.string().min(1),
    /** Why the case is there: what a wrong implementation would get wrong. */
    why: z.string().min(10),
    inputs,
    /** The right answers by output, in the order in which they are computed. */
    expected: z.record(z.string(), expectedSchema),
    tolerance: z.strictObject({
      /** The largest error of a right implementation in float64, relative to the largest modulus of the output. */
      relative: z.number().min(0),
      reason: z.string().min(10),
    }),
    outside: z.array(outsideSchema).optional(),
    /** What this code says of input that must be refused; a port may word its own. */
    error: z.strictObject({ tag: z.string().min(1), message: z.string().min(1) }).optional(),
  });

/** A vector of any family. */
export type Vector<Inputs = unknown> = Readonly<
  Omit<z.infer<ReturnType<typeof vectorSchema<z.ZodUnknown>>>, 'inputs'> & { readonly inputs: Inputs }
>;

/** The families and their cases, in the order in which one is built on the other. */
const indexSchema = z.strictObject({
  version: z.literal(vectorsVersion),
  families: z.array(z.strictObject({ family: z.string(), about: z.string(), cases: z.array(z.string()).nonempty() })),
});

/** Which vectors there are. */
export type VectorIndex = Readonly<z.infer<typeof indexSchema>>;

/** The index in the bytes of `index.json`. */
export const readIndex: (bytes: Uint8Array) => Either<DataError, VectorIndex> = decodeJson(
  `an index of conformance vectors, version ${vectorsVersion}`,
  indexSchema,
);

/** The vector in the bytes of its file. */
export const readVector: (bytes: Uint8Array) => Either<DataError, Vector> = decodeJson(
  `a conformance vector, version ${vectorsVersion}`,
  vectorSchema(z.unknown()),
);
