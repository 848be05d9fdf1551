/** What a family of conformance vectors is made of. */
import { z } from 'zod';

import { vectorSchema, vectorsVersion, type Expected, type Vector } from '../../src/conformance/vector.ts';

/** An output: what it means, its shape, and its numbers. */
export interface Output {
  readonly meaning: string;
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

/** A value from outside this code that an output has to agree with. */
export interface Outside {
  readonly output: string;
  readonly source: string;
  readonly values: ArrayLike<number>;
  /** How many digits of it are known, relative to its size. */
  readonly relative: number;
}

/** A case of a family, before it is written. */
export interface Case<Inputs> {
  /** Its name within the family. */
  readonly name: string;
  readonly equation: string;
  readonly why: string;
  readonly inputs: Inputs;
  readonly outputs: Readonly<Record<string, Output>>;
  /** Where it is not the family's. */
  readonly tolerance?: Tolerance;
  readonly outside?: readonly Outside[];
  /** Of input that must be refused. */
  readonly error?: { readonly tag: string; readonly message: string };
}

/** How large the error of a right implementation may be, relative to the size of an output, and why. */
export interface Tolerance {
  readonly relative: number;
  readonly reason: string;
}

/** What numbers that are counted, copied or drawn are held to. */
export const exact: Tolerance = { relative: 0, reason: 'whole numbers, or numbers without any rounding' };

/** A family: its cases, and the schema of what they ask. */
export interface Family<Name extends string = string, Inputs extends z.ZodType = z.ZodType> {
  readonly name: Name;
  readonly about: string;
  readonly inputs: Inputs;
  readonly tolerance: Tolerance;
  readonly cases: () => readonly Case<z.infer<Inputs>>[] | Promise<readonly Case<z.infer<Inputs>>[]>;
}

/** A family, with the types of its cases checked against the schema of its inputs. */
export const family = <const Name extends string, Inputs extends z.ZodType>(
  definition: Family<Name, Inputs>,
): Family<Name, Inputs> => definition;

/** The vectors of a family. */
export type VectorOf<F> = F extends Family<string, infer Inputs> ? Vector<z.infer<Inputs>> : never;

/** The bits of a float64, high byte first. */
export const bitsOf = (x: number): string => {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  return view.getBigUint64(0).toString(16).padStart(16, '0');
};

/** 0 has no sign here: -0 would be one number in decimal and another in bits. */
const unsignedZero = (x: number): number => (x === 0 ? 0 : x);

const expectedOf = ({ meaning, shape, values }: Output): Expected => {
  const decimal = Array.from(values, unsignedZero);
  if (decimal.length === 0 || shape.reduce((product, n) => product * n, 1) !== decimal.length) {
    throw new RangeError(`${meaning}: expected numbers of shape [${shape.join(', ')}], got ${decimal.length}`);
  }
  return { meaning, shape: [...shape], decimal, float64: decimal.map(bitsOf) };
};

const outsideOf = ({ output, source, values, relative }: Outside) => ({
  output,
  source,
  decimal: Array.from(values),
  relative,
});

/** The vectors that a family's cases are. */
export const vectorsOf = async ({ name, tolerance, cases }: Family): Promise<readonly Vector[]> =>
  (await cases()).map((example) => ({
    version: vectorsVersion,
    id: `${name}/${example.name}`,
    equation: example.equation,
    why: example.why,
    inputs: example.inputs,
    expected: Object.fromEntries(
      Object.entries(example.outputs).map(([output, numbers]) => [output, expectedOf(numbers)]),
    ),
    tolerance: example.tolerance ?? tolerance,
    ...(example.outside === undefined || example.outside.length === 0
      ? {}
      : { outside: example.outside.map(outsideOf) }),
    ...(example.error === undefined ? {} : { error: example.error }),
  }));

/** The JSON Schema, draft 2020-12, of a family's vectors. */
export const jsonSchemaOf = ({ inputs }: Family): unknown => z.toJSONSchema(vectorSchema(inputs));

/** Numbers by name. */
export const namedNumbers = z.record(z.string(), z.array(z.number()));

/** A number of things, 1 or more. */
export const counted = z.number().int().positive();
