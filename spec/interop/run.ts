/**
 * Foreign software on our files and vectors: `npm run test:interop`.
 *
 * Ports in numpy, JAX and PyTorch answer the conformance vectors of their families, and `efnn check-port` has to agree with all
 * answers; then bugs are planted in them, one at a time, and it has to name them. ONNX's checker and ONNX Runtime read exported
 * networks. Packages are installed into an environment of their own. What cannot be had is shown as skipped, with the reason;
 * with `--strict`, or CI set, that is a failure of everything but PyTorch.
 */
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { z } from 'zod';

import { readAnswers } from '../../src/conformance/answers.ts';
import { readVector, type Vector } from '../../src/conformance/vector.ts';
import { right } from '../right.ts';

const root = join(import.meta.dirname, '..', '..');
const here = import.meta.dirname;
const place = join(root, 'reports', 'interop');
const run = promisify(execFile);

const isStrict = process.env['CI'] !== undefined || process.argv.includes('--strict');

/** A bug that is planted by writing another text for one that the port has once, and where it shows. */
interface Planted {
  /** The name by which `check-port` knows it. */
  readonly bug: string;
  readonly instead: readonly [right: string, wrong: string];
  readonly families: readonly string[];
}

interface Port {
  readonly file: string;
  readonly families: readonly string[];
  readonly planted: readonly Planted[];
}

/** Software of others: what it needs of Python, and what it does with our files. */
interface Software {
  readonly name: string;
  /** What Python imports of it. */
  readonly modules: readonly string[];
  readonly mayBeMissing: boolean;
  readonly ports: readonly Port[];
  /** Programs that read the exported networks. */
  readonly readers: readonly string[];
}

const networkFamilies = ['symmetrization', 'networks', 'weights-files'];
const trainingFamilies = ['losses', 'adam', 'schedules'];

const plantedInTraining: readonly Planted[] = [
  {
    bug: 'epsilon inside the root',
    instead: ['(v[k] / (1 - beta2**t)) ** 0.5 + epsilon', '(v[k] / (1 - beta2**t) + epsilon) ** 0.5'],
    families: ['adam'],
  },
  {
    bug: "one cycle rises for 0.3 of the steps (PyTorch's default)",
    instead: ['0.2 * steps', '0.3 * steps'],
    families: ['schedules'],
  },
];

const convolution = (instead: Planted['instead']): Planted => ({
  bug: 'convolution instead of cross-correlation',
  instead,
  families: ['symmetrization'],
});

const software: readonly Software[] = [
  {
    name: 'numpy',
    modules: ['numpy'],
    mayBeMissing: false,
    readers: [],
    ports: [
      {
        file: 'numpy_port.py',
        families: networkFamilies,
        planted: [convolution(['"oiab,Bixyab->Boxy", K,', '"oiab,Bixyab->Boxy", K[..., ::-1, ::-1],'])],
      },
      {
        file: 'numpy_physics.py',
        families: ['lattice', 'hamiltonians', 'exact-energies', 'effective-model', 'data-files', 'error-measures'],
        planted: [
          { bug: 'sign of J', instead: ['on_site = -model', 'on_site = model'], families: ['hamiltonians'] },
          {
            bug: 'twist conjugated',
            instead: ['(twist["x"], twist["y"])', '(-twist["x"], -twist["y"])'],
            families: ['hamiltonians'],
          },
        ],
      },
    ],
  },
  {
    name: 'ONNX Runtime',
    modules: ['onnx', 'onnxruntime'],
    mayBeMissing: false,
    readers: ['onnx_check.py'],
    ports: [],
  },
  {
    name: 'JAX',
    modules: ['jax'],
    mayBeMissing: false,
    readers: [],
    ports: [
      {
        file: 'jax_port.py',
        families: [...networkFamilies, ...trainingFamilies],
        planted: [convolution(['around], K, (1, 1)', 'around], K[..., ::-1, ::-1], (1, 1)']), ...plantedInTraining],
      },
    ],
  },
  {
    name: 'PyTorch',
    modules: ['torch'],
    mayBeMissing: true,
    readers: [],
    ports: [
      {
        file: 'torch_port.py',
        families: [...networkFamilies, ...trainingFamilies],
        planted: [
          convolution(['around], K)', 'around], K.flip(-1, -2))']),
          { bug: 'EFNN: S_i = g_i + F_i', instead: ['g(i, T(i)) *', 'g(i, T(i)) +'], families: ['networks'] },
          {
            bug: 'loss with forces: not projected',
            instead: ['(tangential(forces - F, s) ** 2)', '((forces - F) ** 2)'],
            families: ['losses'],
          },
          ...plantedInTraining,
        ],
      },
    ],
  },
];

/** What was said of a program that ended badly: its last line. */
const lastLine = (error: unknown): string => {
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
  return said.trim().split('\n').at(-1) ?? '';
};

const environment = join(place, 'python');

/** Installs the pinned packages, each by itself so that one that cannot be had leaves the others; what cannot be had, and why. */
const installed = async (): Promise<ReadonlyMap<string, string>> => {
  const pins = (await readFile(join(here, 'requirements.txt'), 'utf8')).split('\n').filter((line) => line !== '');
  const missing = new Map<string, string>();
  try {
    await run('python3', ['-m', 'venv', environment]);
  } catch (error) {
    return new Map(pins.map((pin) => [pin.replace(/==.*/, ''), `no environment of Python: ${lastLine(error)}`]));
  }
  for (const pin of pins) {
    try {
      await run(join(environment, 'bin', 'pip'), ['install', '-q', '--disable-pip-version-check', pin]);
    } catch (error) {
      missing.set(pin.replace(/==.*/, ''), lastLine(error));
    }
  }
  return missing;
};

/** The Pythons that may have a package: ours, and those of the machine. */
const pythons = [join(environment, 'bin', 'python'), 'python3', '/usr/bin/python3'];

/** The first Python that imports all of these; null where none does. */
const pythonWith = async (modules: readonly string[]): Promise<string | null> => {
  for (const python of pythons) {
    try {
      await run(python, ['-c', `import ${modules.join(', ')}`]);
      return python;
    } catch {
      // The next one may have them.
    }
  }
  return null;
};

const verdictSchema = z.object({
  parting: z.array(z.string()),
  likely: z.array(z.object({ bug: z.string(), or: z.array(z.string()) })),
});

interface Checked {
  /** The answers of the port as it printed them. */
  readonly results: Buffer;
  readonly verdict: z.infer<typeof verdictSchema>;
}

/** The answers of a port, and what `efnn check-port` says of them; it ends with 1 where they part. */
const checked = async (python: string, port: string, families: readonly string[]): Promise<Checked> => {
  const path = join(place, 'results.json');
  const { stdout } = await run(python, [join(here, 'answers.py'), port, ...families], { maxBuffer: 2 ** 26 });
  await writeFile(path, stdout);
  const said = await run(process.execPath, [join(root, 'scripts', 'efnn.mjs'), 'check-port', path, '--json']).catch(
    (error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 1 && 'stdout' in error) {
        return { stdout: String(error.stdout), fails: true };
      }
      throw error;
    },
  );
  const verdict = verdictSchema.parse(JSON.parse(said.stdout));
  if ('fails' in said !== verdict.parting.length > 0) {
    throw new RangeError(`expected check-port to end with 1 exactly where answers part, got ${said.stdout}`);
  }
  return { results: await readFile(path), verdict };
};

/** All vectors of some families. */
const vectorsOf = async (families: readonly string[]): Promise<readonly Vector[]> => {
  const folders = families.map((family) => join(root, 'spec', 'vectors', family));
  const paths = await Promise.all(
    folders.map(async (folder) => (await readdir(folder)).map((name) => join(folder, name))),
  );
  return Promise.all(
    paths
      .flat()
      .filter((path) => path.endsWith('.json'))
      .map(async (path) => right(readVector(await readFile(path)))),
  );
};

const answersAll = async (python: string, { file, families }: Port): Promise<string> => {
  const vectors = await vectorsOf(families);
  const { results, verdict } = await checked(python, join(here, file), families);
  const answers = right(readAnswers(vectors)(results));
  const open = vectors.flatMap(({ id, expected }) =>
    Object.keys(expected).flatMap((output) => (answers[id]?.[output] === undefined ? [`${id} ${output}`] : [])),
  );
  if (open.length > 0 || verdict.parting.length > 0) {
    throw new RangeError(
      `expected right answers to all, got ${open.length} without one (${open.slice(0, 3).join(', ')}), wrong ones of ` +
        verdict.parting.join(', '),
    );
  }
  return `${file} answers every output of ${vectors.length} vectors: ${families.join(', ')}`;
};

const isNamed = async (python: string, { file }: Port, { bug, instead, families }: Planted): Promise<string> => {
  const [from, to] = instead;
  const text = await readFile(join(here, file), 'utf8');
  if (text.split(from).length !== 2) {
    throw new RangeError(
      `${file}: expected '${from}' once, where '${bug}' is planted, got ${text.split(from).length - 1}`,
    );
  }
  const mutant = join(place, file);
  await writeFile(
    mutant,
    text.replace(from, () => to),
  );
  const { likely, parting } = (await checked(python, mutant, families)).verdict;
  const named = likely.flatMap((each) => [each.bug, ...each.or]);
  if (!named.includes(bug)) {
    throw new RangeError(`expected it to be named, got ${named.join(', ')} for wrong ${parting.join(', ')}`);
  }
  return `${file} with the bug '${bug}': check-port names it, from ${parting.length} vectors that part`;
};

const reads = async (python: string, file: string): Promise<string> => {
  const { stdout } = await run(python, [join(here, file), join(place, 'files')]);
  return `${file}: ${stdout.trim().split('\n').join(', ')}`;
};

const counts = { passed: 0, failed: 0, skipped: 0 };

const check = async (says: string, holds: Promise<string>): Promise<void> => {
  try {
    console.log(`ok      ${await holds}`);
    counts.passed += 1;
  } catch (error) {
    console.log(`FAILED  ${says}: ${error instanceof RangeError ? error.message : lastLine(error)}`);
    counts.failed += 1;
  }
};

await mkdir(join(place, 'files'), { recursive: true });
const missing = await installed();
await run(join(root, 'node_modules', '.bin', 'tsx'), [join(here, 'write.ts'), join(place, 'files')]);

for (const { name, modules, mayBeMissing, ports, readers } of software) {
  const python = await pythonWith(modules);
  if (python === null) {
    const reasons = modules.map((module) => missing.get(module) ?? `no Python that imports ${module}`);
    const isFailure = isStrict && !mayBeMissing;
    console.log(`${isFailure ? 'FAILED ' : 'skipped'} ${name}: ${reasons.join('; ')}; looked in ${pythons.join(', ')}`);
    counts[isFailure ? 'failed' : 'skipped'] += 1;
    continue;
  }
  const versions = ['import sys', ...modules.map((module) => `import ${module}`)].join('; ');
  const shown = modules.map((module) => `'${module}', ${module}.__version__`).join(', ');
  console.log(
    (await run(python, ['-c', `${versions}; print(${shown}, 'Python', sys.version.split()[0])`])).stdout.trim(),
  );
  for (const reader of readers) {
    await check(reader, reads(python, reader));
  }
  for (const port of ports) {
    await check(port.file, answersAll(python, port));
    for (const planted of port.planted) {
      await check(`${port.file} with the bug '${planted.bug}'`, isNamed(python, port, planted));
    }
  }
}
console.log(`${counts.passed} checks passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed === 0 ? 0 : 1;
