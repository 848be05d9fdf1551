/**
 * The fast backend: float32 in WebAssembly, four numbers at a time, or eight where the engine can, on several threads.
 *
 * `compile` checks the types. The first run on a lattice size, and on a number of samples, emits and instantiates the
 * kernels and plans their memory, which later runs use again.
 *
 * Correlations of samples that share a kernel are computed tap by tap, or as products of Fourier spectra: in the way that takes
 * fewer operations on the lattice and for the batch, unless one is asked for.
 *
 * Results do not depend on the number of threads, or on the width of vectors, to the last bit. They do depend on how correlations are computed, and on
 * whether products and sums are fused, which rounds once instead of twice: both ways a result that is reached through D roundings is within
 * 4 D 2^-24 of the exact one, relative to the largest entry of its kind, so the two are within twice that.
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { Arithmetic } from '../../assembler/arithmetic.ts';
import type { VectorBits } from '../../assembler/wide-vector.ts';
import { typecheck } from '../../program/typecheck.ts';
import { backendError, type Backend, type BackendError } from '../backend.ts';
import { hasFused } from '../../assembler/engine.ts';
import type { CorrelationChoice } from './correlation-work.ts';
import { executable } from './executable.ts';
import { teamOf, type Team } from './team.ts';
import { vectorBits } from './vector-bits.ts';

/** What the fast backend may use of the machine. */
export interface WasmOptions {
  /** How many threads compute at once; with 1, no worker is started. */
  readonly threads: number;
  /** Whether products and sums are fused, where the processor can: relaxed SIMD. */
  readonly fused: boolean | 'where available';
  /** How correlations are computed: by default in the way that takes fewer operations. */
  readonly correlations?: CorrelationChoice;
}

const expectSharedMemory = (threads: number): E.Either<BackendError, void> =>
  threads > 1 && typeof SharedArrayBuffer === 'undefined'
    ? E.left(
        backendError(
          `expected memory that ${threads} threads share, got a page that is not cross-origin isolated: serve it with the headers ` +
            'Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp, or ask for one thread',
        ),
      )
    : E.right(undefined);

const arithmeticFor = (fused: WasmOptions['fused']): E.Either<BackendError, Arithmetic> => {
  const available = fused !== false && hasFused();
  return fused === true && !available
    ? E.left(backendError('expected relaxed SIMD, this engine has none: ask for it where available, or not at all'))
    : E.right(available ? 'fused' : 'separate');
};

/** The backend on a given team, with vectors of 128 bits unless others are asked for, which asks nothing of the engine that it does not have. */
export const backendOn = (
  team: Team,
  arithmetic: Arithmetic,
  correlations: CorrelationChoice,
  bits: VectorBits = 128,
): Backend => ({
  name: 'wasm',
  compile: (program) =>
    TE.fromEither(
      pipe(
        typecheck(program),
        E.bimap(({ message }) => backendError(message), executable(team, arithmetic, bits, correlations)),
      ),
    ),
});

/**
 * Starts the backend.
 *
 * @example
 * E.isRight(await wasmBackend({ threads: 1, fused: 'where available' })()) // true
 */
export const wasmBackend = ({
  threads,
  fused,
  correlations = 'fewer operations',
}: WasmOptions): TaskEither<BackendError, Backend> =>
  pipe(
    TE.fromEither(expectSharedMemory(threads)),
    TE.chainEitherK(() => arithmeticFor(fused)),
    TE.chainEitherK((arithmetic) =>
      E.tryCatch(
        () => backendOn(teamOf(threads), arithmetic, correlations, vectorBits()),
        (reason) => backendError(`expected an engine with WebAssembly and its SIMD, got ${String(reason)}`),
      ),
    ),
  );
