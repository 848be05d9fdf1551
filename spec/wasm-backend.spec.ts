/** The wasm backend keeps the laws of backends. */
import { wasmBackend } from '../src/backend/wasm/wasm.ts';
import { verify } from './law.ts';
import { adjointness, agreement, agreementToRounding, batching, linearity, orderOfSamples, refusals, runsAreIndependent, translationEquivariance } from './laws/backend.ts';
import { right } from './right.ts';

const float32Precision = { exactUpTo: 2 ** 24, unitRoundoff: 2 ** -23 };
const backend = right(await wasmBackend({ threads: 1, fused: false })());

verify(agreement(float32Precision), backend, {});
verify(agreementToRounding(float32Precision), backend, {});
verify(adjointness, backend, {});
verify(linearity, backend, {});
verify(translationEquivariance, backend, {});
verify(batching(float32Precision), backend, {});
verify(orderOfSamples(float32Precision), backend, {});
verify(runsAreIndependent(float32Precision), backend, {});
verify(refusals, backend, {});
