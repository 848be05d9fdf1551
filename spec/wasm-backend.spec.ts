/** The wasm backend keeps the laws of backends, in the arithmetic that every engine has. */
import { alone } from '../src/backend/wasm/team.ts';
import { reference } from '../src/backend/reference/reference.ts';
import { backendOn } from '../src/backend/wasm/wasm.ts';
import { verifyBackend } from './every-backend.ts';
import { verify } from './law.ts';
import { float32Precision } from './laws/backend.ts';
import { stepsKeepTheirArrays } from './laws/resident.ts';
import { tanhIsGood } from './laws/wasm.ts';
import { clampedTanh, halfPrecisionTanh, unclampedTanh } from './mutants/backends.ts';

const wasm = backendOn(alone, 'separate', 'direct');

verifyBackend(wasm, float32Precision, { 'tanh is rounded to half precision': halfPrecisionTanh });

verify(tanhIsGood, wasm, {
  'half precision': halfPrecisionTanh,
  'clamped so that a NaN is lost': clampedTanh,
  'the polynomials go on beyond their range': unclampedTanh,
});

verify(stepsKeepTheirArrays, wasm, { 'each step is a run, with arrays of its own': reference });
