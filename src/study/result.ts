/** What jobs find. Results are read back from files, so their shape is checked. */
import { z } from 'zod';

import { decodeJson } from '../file/decode.ts';
import { effectiveForms } from './job.ts';

/** A time or a count. */
export const positive = z.number().nonnegative();

/** A diverged prediction is honest, and JSON has no infinity: such a number is null. */
const measure = z.number().nullable();

/** The errors of a model on one set of samples, as result files hold them; see `ErrorMeasures` for their meaning. */
export const errorSchema = z.object({
  /** N of the lattice, or the number of spins of a chain. */
  size: z.number().int(),
  /** Which samples: all tests, or those whose configuration was not among the training samples. */
  samples: z.enum(['all', 'unseen']),
  count: z.number().int(),
  rmse: measure,
  /** The parts of the RMSE, see `ErrorParts`; null in results of before they were recorded. */
  offset: measure.default(null),
  spread: measure.default(null),
  relative: measure,
  rmsePerDeviation: measure,
  /** The relative error of always answering the mean of the exact energies. */
  meanPredictor: measure,
});

/** A result as its file holds it: one shape for each kind of job. */
export const resultSchema = z.discriminatedUnion('tag', [
  z.object({
    tag: z.literal('exact-reduction'),
    isingCases: z.number().int(),
    isingMismatches: z.number().int(),
    threeSpinCases: z.number().int(),
    threeSpinMismatches: z.number().int(),
    threeSpinWidth: z.number().int(),
  }),
  z.object({
    tag: z.literal('resummation'),
    sums: z.array(
      z.object({
        series: z.string(),
        /** The last coefficient told. */
        order: z.number().int(),
        x: z.number(),
        exact: z.number(),
        /** What each method gives; null where it has no real, finite value. */
        values: z.array(z.object({ method: z.string(), value: measure })),
      }),
    ),
  }),
  z.object({
    tag: z.literal('network'),
    parameters: z.number().int(),
    epochs: z.number().int(),
    trainingSamples: z.number().int(),
    trainingLoss: measure,
    /** What the rates of the plan were multiplied by: see `RateFactor`. */
    rateFactor: z.union([z.literal(1), z.literal(0.5)]).default(1),
    errors: z.array(errorSchema),
    /** A few exact energies and predictions of the first test set, for a scatter chart. */
    examples: z.array(z.object({ exact: z.number(), predicted: measure })),
  }),
  z.object({
    /** Of a network, whose training diverged at the rates of its plan and at half of them: it has no weights and no errors. */
    tag: z.literal('diverged'),
    /** What was expected and got, and at which rate. */
    message: z.string(),
  }),
  z.object({
    tag: z.literal('pair-head'),
    energyPerSite: z.number(),
    /** K of each shell of neighbours, nearest first. */
    couplings: z.array(z.number()),
    errors: z.array(errorSchema),
  }),
  z.object({
    tag: z.literal('effective-model'),
    form: z.enum(effectiveForms),
    labels: z.number().int(),
    /** How many of the labels were fitted; the others chose the ridge. */
    fitted: z.number().int(),
    parameters: z.number().int(),
    /** Null where there is none: the pairs alone are fitted by least squares. */
    ridge: positive.nullable(),
    errors: z.array(errorSchema),
  }),
  z.object({
    tag: z.literal('speed'),
    forward: z.array(z.object({ size: z.number().int(), seconds: positive })),
    diagonalization: z.array(z.object({ size: z.number().int(), seconds: positive })),
    /** Exact energies by the pole method; none in results of before they were timed. */
    poles: z.array(z.object({ size: z.number().int(), seconds: positive })).default([]),
    /** Load average of the machine before the first timing, 0 when idle; null where none was recorded. */
    load: positive.nullable().default(null),
  }),
]);

/** What a job has found. */
export type Result = Readonly<z.infer<typeof resultSchema>>;

/** What a job of one kind has found. */
export type ResultOf<Tag extends Result['tag']> = Extract<Result, { readonly tag: Tag }>;

/** The errors of one model on one set of samples. */
export type TestError = Readonly<z.infer<typeof errorSchema>>;

/** The result in the bytes of its file. Fails where they are none. */
export const readResult = decodeJson<Result>('the result of a job', resultSchema);

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** The SHA-256 of files that are too large to go where a result goes. */
export const leftBehindSchema = z.strictObject({
  /** Of the network that was trained; null where none was. */
  model: sha256.nullable(),
  /** Of the labels that the job was trained and tested on. */
  labels: z.array(sha256),
});

/** The digests of the network and the labels of a job. */
export type LeftBehind = Readonly<z.infer<typeof leftBehindSchema>>;

const runRecordSchema = z.strictObject({
  /** How long the job took; null where it went on from a checkpoint, for then nobody knows. */
  seconds: positive.nullable(),
  /** Processor and Node; null where that is not known. */
  machine: z.string().nullable(),
  /** Network and labels, where the job was done in another folder and its result alone was taken over. */
  leftBehind: leftBehindSchema.exactOptional(),
});

/** How a job was done: what the same job would not find again. */
export type RunRecord = Readonly<z.infer<typeof runRecordSchema>>;

/** The record in the bytes of its file. */
export const readRunRecord = decodeJson<RunRecord>('how a job was done', runRecordSchema);
