/** The shape of the vectors, one schema a file; `schema.json` is their JSON Schema, for porters. */
import { z } from 'zod';

/** Why the case is there: what a wrong implementation would get wrong. */
const why = z.string().min(10);

const numbers = z.array(z.number());

const counted = z.number().int().positive();

/** A file of cases of one kind. */
const fileOf = <Case extends z.ZodType>(schema: Case) =>
  z.strictObject({
    /** What the numbers are, their order and their tolerance. */
    about: z.string(),
    /** The largest error of a right implementation in float64: |x - y| <= tolerance * (1 + |x|). */
    tolerance: z.number().positive(),
    cases: z.array(schema).nonempty(),
  });

const architecture = z.enum(['efnn', 'dnn', 'resnet', 'densenet']);

const networkCase = z.strictObject({
  why,
  network: z.strictObject({
    architecture,
    shape: z.discriminatedUnion('tag', [
      z.strictObject({ tag: z.literal('dense'), sites: counted, neurons: counted, layers: counted }),
      z.strictObject({
        tag: z.literal('lattice'),
        channels: counted,
        layers: counted,
        kernel: counted,
        pairHead: z.boolean(),
      }),
    ]),
    energyScale: z.number(),
    energyShift: z.number(),
  }),
  /** N of the N x N lattice; 1 for dense networks. */
  latticeSize: counted,
  parameters: counted,
  /** By the names of the `.safetensors` interface. */
  weights: z.record(z.string(), z.strictObject({ shape: z.array(counted), values: numbers })),
  /** [3, N, N] or [L]. */
  spins: numbers,
  energy: z.number(),
  /** dE/ds, shaped like the spins. */
  forces: numbers,
  /** dE/dw, shaped like the weights. */
  gradient: z.record(z.string(), numbers),
});

const symmetrizationCase = z.strictObject({
  why,
  latticeSize: counted,
  channels: counted,
  kernel: counted,
  a: numbers,
  b: numbers,
  spins: numbers,
  /** [C, N, N]. */
  T: numbers,
});

const doubleExchangeCase = z.strictObject({
  why,
  model: z.strictObject({ t: z.number(), J: z.number(), mu: z.number(), T: z.number() }),
  /** Phases along one period, to the right (x) and down (y). */
  twist: z.strictObject({ x: z.number(), y: z.number() }),
  latticeSize: counted,
  spins: numbers,
  /** Eigenvalues of H - mu n, ascending. */
  levels: numbers,
  energy: z.number(),
  forces: numbers,
});

const isingCase = z.strictObject({
  why,
  latticeSize: counted,
  J: z.number(),
  spins: z.array(z.union([z.literal(1), z.literal(-1)])),
  /** The 3 x 3 kernel of f_0. */
  kernel: numbers,
  energy: z.number(),
});

const threeSpinCase = z.strictObject({
  why,
  sites: counted,
  couplings: numbers,
  spins: numbers,
  energy: z.number(),
  forces: numbers,
  /** The linear EFNN of two layers that is this energy: width and weights. */
  width: counted,
  weights: z.record(z.string(), numbers),
});

const effectiveCase = z.strictObject({
  why,
  latticeSize: counted,
  /** Sites of each cluster. */
  clusters: z.array(z.array(z.number().int())),
  coefficients: numbers,
  spins: numbers,
  energy: z.number(),
});

const drawCase = z.discriminatedUnion('draw', [
  z.strictObject({
    why,
    draw: z.literal('numpy'),
    seed: z.number().int(),
    uniforms: numbers,
    normals: numbers,
    permutation: numbers,
  }),
  z.strictObject({
    why,
    draw: z.literal('spins'),
    sampler: z.enum(['sphere', 'angles', 'published']),
    latticeSize: counted,
    seed: z.number().int(),
    index: z.number().int(),
    spins: numbers,
  }),
]);

const errorCase = z.strictObject({
  why,
  exact: numbers,
  predicted: numbers,
  /** |mean energy| that errors are relative to. */
  reference: z.number(),
  rmse: z.number(),
  /** The ratios are null where they are to 0: energies that do not vary have no deviation. */
  relative: z.number().nullable(),
  rmsePerDeviation: z.number().nullable(),
  meanPredictor: z.number().nullable(),
});

/** Input that must be refused; NaN is written as the string "NaN". */
const invalidCase = z.strictObject({
  why,
  /** What is asked for. */
  what: z.enum(['spins', 'double-exchange', 'energy', 'network', 'r-spin', 'effective-model', 'program', 'symmetry']),
  input: z.unknown(),
  error: z.strictObject({ tag: z.string(), message: z.string() }),
});

/** The files and their schemas. */
export const vectorSchemas = {
  'networks-lattice.json': fileOf(networkCase),
  'networks-dense.json': fileOf(networkCase),
  'symmetrization.json': fileOf(symmetrizationCase),
  'double-exchange.json': fileOf(doubleExchangeCase),
  'ising.json': fileOf(isingCase),
  'three-spin.json': fileOf(threeSpinCase),
  'effective-model.json': fileOf(effectiveCase),
  'draws.json': fileOf(drawCase),
  'error-measures.json': fileOf(errorCase),
  'invalid.json': fileOf(invalidCase),
};

export type VectorName = keyof typeof vectorSchemas;

export type VectorFile<Name extends VectorName> = z.infer<(typeof vectorSchemas)[Name]>;

/** The JSON Schema of all files, by name. */
export const jsonSchemas: Readonly<Record<string, unknown>> = Object.fromEntries(
  Object.entries(vectorSchemas).map(([name, schema]) => [name, z.toJSONSchema(schema)]),
);
