/** The backends that `--backend` names, started. */
import type { Command } from 'commander';
import { sequenceS } from 'fp-ts/lib/Apply.js';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';

import { asRunError, usageError, type CommandError, type UsageError } from '../src/command/command-error.ts';
import { quoted } from '../src/file/quoted.ts';
import type { Backend } from '../src/backend/backend.ts';
import { reference } from '../src/backend/reference/reference.ts';
import { wasmBackend } from '../src/backend/wasm/wasm.ts';
import { webgpuBackend, type GpuBackend } from '../src/backend/webgpu/webgpu.ts';
import { optional, wholeNumber } from '../src/command/option-value.ts';
import { allCores } from './processors.ts';

/** Kernels read no shared number that they have not written: to set them to zero would cost a software adapter seconds. */
const dawnFeatures = 'enable-dawn-features=disable_workgroup_init';

/** The backend on a GPU. The package is asked for by those alone who want a GPU: it is not among the dependencies. */
export const startGpu: TaskEither<CommandError, GpuBackend> = pipe(
  TE.tryCatch(
    async () => import('webgpu'),
    (reason) =>
      usageError(
        `--backend: expected the package webgpu for webgpu, got ${String(reason)}: npm i -E webgpu@0.6.2, or choose another`,
      ),
  ),
  TE.chainW(({ create }) => pipe(webgpuBackend(create([dawnFeatures])), TE.mapLeft(asRunError))),
);

const starters: Readonly<Record<string, (threads: number) => TaskEither<CommandError, Backend>>> = {
  wasm: (threads) => pipe(wasmBackend({ threads, fused: 'where available' }), TE.mapLeft(asRunError)),
  reference: () => TE.right(reference),
  webgpu: () => startGpu,
};

export const backendNames: readonly string[] = Object.keys(starters);

/** A backend by name, and the threads that it may use. */
export interface ChosenBackend {
  readonly name: string;
  readonly threads: number;
}

const defaultName = 'wasm';

const nameOf = (text: string): E.Either<UsageError, string> =>
  backendNames.includes(text)
    ? E.right(text)
    : E.left(
        usageError(`--backend: expected ${backendNames.join(' or ')}, got ${quoted(text)}: choose one that is there`),
      );

/** The options --backend and --threads. */
export const backendOption = {
  added: (command: Command): Command =>
    command
      .option('--backend <name>', `what computes: ${backendNames.join(' or ')} (default: ${defaultName})`)
      .option('--threads <n>', `threads of the backend (default: all cores, ${allCores}; only wasm has more than one)`),
  read: (texts: { readonly backend?: string; readonly threads?: string }): E.Either<UsageError, ChosenBackend> =>
    sequenceS(E.Apply)({
      name: nameOf(texts.backend ?? defaultName),
      threads: optional(wholeNumber(1, 1024), allCores)('threads', texts.threads),
    }),
};

export const startBackend = ({ name, threads }: ChosenBackend): TaskEither<CommandError, Backend> =>
  starters[name]?.(threads) ??
  TE.left(usageError(`expected a backend, ${backendNames.join(' or ')}, got ${quoted(name)}`));
