/** What the options of `efnn export` mean, and what it says of the file that it wrote. */
import * as E from 'fp-ts/lib/Either.js';

import type { Digest } from '../file/digest.ts';
import { quoted } from '../file/quoted.ts';
import type { Network } from '../network/network.ts';
import { opset } from '../onnx/program-model.ts';
import type { RunError, UsageError } from './command-error.ts';
import { without } from './option-value.ts';
import { outputLine } from './output-line.ts';

/** Refuses a size of the lattice for a dense network, which has none. */
export const expectLattice = ({ size }: { readonly size?: string }, { shape }: Network): E.Either<UsageError, void> =>
  shape.tag === 'dense'
    ? without('size', size, `this network reads ${shape.sites} spins of a chain, leave it out`)
    : E.right(undefined);

/** What a file was written for. */
export interface Exported {
  readonly onnx: string;
  readonly forces: boolean;
  readonly json?: true;
}

/** The file that was written, for people or as JSON. */
export const exportedOutput =
  (digest: Digest) =>
  ({ onnx, forces, json }: Exported, bytes: Uint8Array): E.Either<RunError, string> =>
    json === true
      ? outputLine({ file: onnx, bytes: bytes.length, sha256: digest(bytes), opset, forces })
      : E.right(`${quoted(onnx)}: ${bytes.length} bytes, opset ${opset}, energies${forces ? ' and forces' : ''}\n`);
