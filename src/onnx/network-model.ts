/**
 * Networks as ONNX files: spins in, energies out, and forces where they are asked for.
 *
 * | value    | lattice          | dense     |                                                      |
 * |----------|------------------|-----------|------------------------------------------------------|
 * | `spins`  | [batch, 3, N, N] | [batch, L] | as data files hold them                              |
 * | `energy` | [batch]          | [batch]   | the total energy, scale, shift and pair head included |
 * | `forces` | [batch, 3, N, N] | [batch, L] | dE/ds, the unconstrained gradient                    |
 *
 * Weights keep their names. The metadata of the model's file are carried over.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import type { Dtype } from '../file/tensor.ts';
import type { Model } from '../network/model.ts';
import { networkProgram, type Shape } from '../network/network.ts';
import { gradient, gradientName } from '../program/gradient.ts';
import { simplify } from '../program/simplify.ts';
import { outputNamed, type TypedProgram } from '../program/typecheck.ts';
import { lowering, type LoweringTable, type Surroundings } from './lowering.ts';
import { encodeModel } from './model-proto.ts';
import { opset, programGraphBy, type ExportSettings } from './program-model.ts';

/** How a network is exported. */
export interface NetworkExport {
  readonly dtype: Dtype;
  /** Whether the forces are a second output. */
  readonly forces: boolean;
  /** N; null for any, as for dense networks, which have none. */
  readonly latticeSize: number | null;
  /** The version of this program, which the file names as its producer. */
  readonly version: string;
  /** Texts for the file's metadata. */
  readonly metadata: Readonly<Record<string, string>>;
}

const meanings = {
  spins: 'the spins: unit vectors on a periodic square lattice, or numbers along a chain',
  energy: 'the total energy of each sample',
  forces: 'dE/ds of each sample, in the shape of the spins',
};

/** Which of components, channels, rows and columns have extent 1 in spins. */
const omittedAxes = ({ tag }: Shape): ExportSettings['omittedAxes'] => (tag === 'dense' ? [0, 2, 3] : [1]);

/** N of the inputs: a chain lies on a 1 x 1 lattice, whatever N is given. What is no size stays, and is refused with the program. */
const sizeOf = ({ tag }: Shape, latticeSize: number | null): number | null =>
  tag === 'dense' && (latticeSize === null || Number.isSafeInteger(latticeSize)) && (latticeSize ?? 1) >= 1
    ? 1
    : latticeSize;

/** The network with its forces under their name in files. */
const withForces = (program: TypedProgram) =>
  pipe(
    program,
    gradient('energy', ['spins']),
    E.chain(simplify),
    E.bindTo('both'),
    E.bind('energy', ({ both }) => outputNamed('energy')(both)),
    E.bind('forces', ({ both }) => outputNamed(gradientName('energy', 'spins'))(both)),
    E.map(({ both, energy, forces }): TypedProgram => ({ ...both, outputs: { energy: energy.id, forces: forces.id } })),
  );

/** The export that goes by a table of operators. */
export const networkOnnxBy =
  (table: (surroundings: Surroundings) => LoweringTable) =>
  ({ dtype, forces, latticeSize, version, metadata }: NetworkExport) =>
  ({ network, weights }: Model): Either<{ readonly message: string }, Uint8Array> =>
    pipe(
      networkProgram(network),
      E.chainW((program) => (forces ? withForces(program) : E.right(program))),
      E.chainW(
        programGraphBy(table)({
          weights,
          dtype,
          latticeSize: sizeOf(network.shape, latticeSize),
          omittedAxes: omittedAxes(network.shape),
          meanings,
        }),
      ),
      E.map((graph) => encodeModel({ producer: { name: 'efnn', version }, opset, graph, metadata })),
    );

/** The bytes of a network's ONNX file. Fails for weights that the element type cannot hold, and for a lattice size that is none. */
export const networkOnnx = networkOnnxBy(lowering);
