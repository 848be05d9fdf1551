/**
 * The package as its users meet it: packed, installed into an empty project, and run there: `npm run test:package`.
 *
 * Prints a line a check, and ends with 1 where one fails. A browser that is not installed is shown as skipped.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';

import { build, preview } from 'vite';

import { chromium, noChromium } from '../chromium.ts';

const root = join(import.meta.dirname, '..', '..');
const run = promisify(execFile);

/** Runs a program, and returns what it printed; fails with what it said where it ends badly. */
const output = async (folder: string, program: string, args: readonly string[]): Promise<string> =>
  (await run(program, [...args], { cwd: folder, maxBuffer: 2 ** 26 })).stdout;

const tool = (name: string): string => join(root, 'node_modules', '.bin', name);

/** The first example of the README that imports this package. */
const readmeExample = async (): Promise<string> => {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const example = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].find(([, code]) => code?.includes("from 'efnn/"));
  if (example?.[1] === undefined) {
    throw new RangeError('README.md: expected an example that imports efnn, got none');
  }
  return example[1];
};

/** What the example prints, on every engine: an exact energy, and the equations of a network. */
const isExpected = (printed: string): boolean => printed.includes('energy') && printed.includes('equations');

const expect = (holds: boolean, expected: string, got: string): void => {
  if (!holds) {
    throw new RangeError(`expected ${expected}, got ${got}`);
  }
};

/** A new project with the package in it. */
const projectWith = async (parent: string, name: string, ...options: readonly string[]): Promise<string> => {
  const folder = join(parent, name);
  await mkdir(folder);
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  const quiet = ['--no-audit', '--no-fund', '--ignore-scripts'];
  await output(folder, 'npm', ['install', ...quiet, ...options, join(parent, 'efnn.tgz')]);
  return folder;
};

const packed = async (parent: string): Promise<void> => {
  const listed: unknown = JSON.parse(await output(root, 'npm', ['pack', '--json', '--pack-destination', parent]));
  const [file] = (await readdir(parent)).filter((name) => name.endsWith('.tgz'));
  expect(file !== undefined && Array.isArray(listed), 'one packed file', String(file));
  await output(parent, 'mv', [file ?? '', 'efnn.tgz']);
};

/** A check of the package: what it says, and how; it throws where it does not hold. */
interface Check {
  readonly says: string;
  readonly holds: (place: Place) => Promise<void>;
}

interface Place {
  /** A folder with the packed file. */
  readonly parent: string;
  /** A project with the library alone. */
  readonly library: string;
  /** A project with the command line. */
  readonly whole: string;
}

/** Packages that only the command line, or only development, needs. */
const noLibraries = ['tsx', 'vega', 'vega-lite', 'commander', 'cli-progress', 'typescript', 'esbuild', 'vitest'];

/** The most kilobytes of a page that computes energies, compressed. */
const largestBundle = 150_000;

/** The most seconds of a processor that `efnn --help` takes; on a machine that does nothing else it takes no longer. */
const slowestHelp = 0.3;

/** The seconds that processors spend on a command, however busy the machine. */
const processorSeconds = async (folder: string, command: string): Promise<number> => {
  const { stderr } = await run('bash', ['-c', `time -p ${command} >/dev/null`], { cwd: folder });
  return [...stderr.matchAll(/^(?:user|sys) ([\d.]+)$/gm)].reduce((sum, [, seconds]) => sum + Number(seconds), 0);
};

const page = `
import { alone, backendOn, reference } from 'efnn/backends';
import { initialWeights, network, networkProgram } from 'efnn/networks';
import { sample } from 'efnn/physics';
import { compilePrediction } from 'efnn/training';

const right = (either) => {
  if (either._tag === 'Left') throw new Error(either.left.message);
  return either.right;
};
const predicted = async (backend, program, spins) => {
  const predict = right(await compilePrediction(backend, { forces: true })(program)());
  return right(await predict(initialWeights(1)(program))({ count: 1, latticeSize: 6, spins })());
};
export const largestDifference = async () => {
  const program = right(networkProgram(network('efnn', { tag: 'lattice', channels: 3, layers: 2, kernel: 5, pairHead: false })));
  const spins = sample('sphere')(6, 1, 0).components;
  const [slow, fast] = await Promise.all(
    [reference, backendOn(alone, 'separate', 'fewer operations')].map((backend) => predicted(backend, program, spins)),
  );
  return Math.max(...[...slow.forces].map((force, i) => Math.abs(force - fast.forces[i])), Math.abs(slow.energies[0] - fast.energies[0]));
};
`;

const pageStart = `
const lines = [];
console.log = (value) => lines.push(JSON.stringify(value));
const { largestDifference } = await import('./backends.js');
const difference = await largestDifference();
await import('./example.ts');
document.body.textContent = difference < 1e-4 ? lines.join(' ') : 'backends differ by ' + difference;
document.body.id = 'done';
`;

const builtPage = async (library: string): Promise<string> => {
  const folder = join(library, 'page');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'index.html'), '<body><script type="module" src="./main.js"></script></body>');
  await writeFile(join(folder, 'main.js'), pageStart);
  await writeFile(join(folder, 'backends.js'), page);
  await writeFile(join(folder, 'example.ts'), await readmeExample());
  await build({ root: folder, logLevel: 'error', configFile: false, build: { target: 'es2023' } });
  return folder;
};

/** The installed command line. */
const efnn = 'node_modules/.bin/efnn';

const checks: readonly Check[] = [
  {
    says: 'publint has no findings',
    holds: async ({ parent }) => {
      await output(root, tool('publint'), ['run', join(parent, 'efnn.tgz'), '--strict', '--level', 'suggestion']);
    },
  },
  {
    says: 'the types resolve under every modern resolution',
    holds: async ({ parent }) => {
      await output(root, tool('attw'), [join(parent, 'efnn.tgz'), '--profile', 'esm-only', '--no-color', '--no-emoji']);
    },
  },
  {
    says: 'the library installs no loader, no charts and no command line',
    holds: ({ library }) => {
      const there = noLibraries.filter((name) => existsSync(join(library, 'node_modules', name)));
      expect(there.length === 0, 'none of them', there.join(', '));
      return Promise.resolve();
    },
  },
  {
    says: 'the lines of the README run in plain Node',
    holds: async ({ library }) => {
      await writeFile(join(library, 'example.mjs'), await readmeExample());
      const printed = await output(library, process.execPath, ['example.mjs']);
      expect(isExpected(printed), 'an energy and equations', printed.slice(0, 200));
    },
  },
  {
    says: 'the lines of the README are TypeScript, with all types checked',
    holds: async ({ library }) => {
      await writeFile(join(library, 'example.ts'), await readmeExample());
      const strict = ['--strict', '--noEmit', '--target', 'es2023', '--module', 'nodenext'];
      await output(library, tool('tsc'), [...strict, '--lib', 'es2023,dom', 'example.ts']);
    },
  },
  {
    says: 'every entry can be imported',
    holds: async ({ library }) => {
      const names = ['networks', 'physics', 'exact', 'backends', 'training', 'files'];
      const code = names.map((name) => `import * as ${name} from 'efnn/${name}';`).join('\n');
      await writeFile(
        join(library, 'entries.mjs'),
        `${code}\nconsole.log(${names.map((name) => `Object.keys(${name}).length`).join(', ')});`,
      );
      const printed = await output(library, process.execPath, ['entries.mjs']);
      expect(!/\b0\b/.test(printed), 'exports of each', printed);
    },
  },
  {
    says: 'several threads of the installed library agree with one',
    holds: async ({ library }) => {
      const threads = page
        .replace('import { alone, backendOn, reference }', 'import { backendOn, reference, teamOf }')
        .replace('backendOn(alone, ', 'backendOn(teamOf(2), ');
      await writeFile(join(library, 'threads.mjs'), `${threads}\nconsole.log((await largestDifference()) < 1e-4);`);
      const printed = await output(library, process.execPath, ['threads.mjs']);
      expect(printed === 'true\n', 'true', printed);
    },
  },
  {
    says: `a page with exact energies, networks and the wasm backend has at most ${largestBundle / 1000} kB, compressed`,
    holds: async ({ library }) => {
      const assets = join(await builtPage(library), 'dist', 'assets');
      const files = await Promise.all((await readdir(assets)).map((name) => readFile(join(assets, name))));
      const size = files.reduce((sum, file) => sum + gzipSync(file).length, 0);
      console.log(`  ${size} bytes`);
      expect(size <= largestBundle, `${largestBundle} bytes at most`, `${size}`);
    },
  },
  {
    says: 'the lines of the README, and the wasm backend, run in a page',
    holds: async ({ library }) => {
      if (chromium === null) {
        console.log(`  skipped: ${noChromium}`);
        return;
      }
      const folder = join(library, 'page');
      const server = await preview({ root: folder, configFile: false, logLevel: 'error', preview: { port: 0 } });
      try {
        const address = server.resolvedUrls?.local[0] ?? '';
        const options = [
          '--headless=new',
          '--no-sandbox',
          '--disable-gpu',
          '--virtual-time-budget=60000',
          '--dump-dom',
        ];
        const dom = await output(folder, chromium, [...options, address]);
        expect(dom.includes('id="done"') && isExpected(dom), 'an energy and equations', dom.slice(0, 300));
      } finally {
        await server.close();
      }
    },
  },
  {
    says: 'the command line says what it lacks where its packages were left out',
    holds: async ({ library }) => {
      const said = await run(process.execPath, [
        join(library, 'node_modules/efnn/dist/scripts/efnn.mjs'),
        '--help',
      ]).then(
        () => 'help',
        (error: unknown) => String(error),
      );
      expect(said.includes('expected the package commander'), 'one line that names it', said);
    },
  },
  {
    says: `efnn --help takes at most ${slowestHelp} s of a processor`,
    holds: async ({ whole }) => {
      expect((await output(whole, efnn, ['--help'])).includes('Usage: efnn'), 'the help', 'other text');
      const times: number[] = [];
      for (const _ of [1, 2, 3, 4, 5]) {
        times.push(await processorSeconds(whole, `${efnn} --help`));
      }
      const least = Math.min(...times);
      console.log(`  ${least.toFixed(2)} s`);
      expect(least > 0 && least <= slowestHelp, `${slowestHelp} s`, `${least}`);
    },
  },
  {
    says: 'the installed command line computes, with threads, what the sources compute',
    holds: async ({ whole }) => {
      const line = 'generate double-exchange --size 4 --samples 40 --seed 3 --forces --threads 2 --json --out';
      const installed = await output(whole, efnn, [...line.split(' '), 'installed.npz']);
      const program = join(root, 'scripts', 'efnn.mjs');
      const sources = await output(whole, process.execPath, [program, ...line.split(' '), 'sources.npz']);
      expect(/"sha256": ?"[0-9a-f]{64}"/.test(installed), 'a digest', installed);
      const [one, other] = await Promise.all(
        ['installed.npz', 'sources.npz'].map((name) => readFile(join(whole, name))),
      );
      expect(one !== undefined && other?.equals(one) === true, 'equal files', `${installed}${sources}`);
    },
  },
  {
    says: 'the installed command line trains, exports, and reproduces a figure with its chart',
    holds: async ({ whole }) => {
      const runs = (line: string) => output(whole, efnn, line.split(' '));
      await runs(
        'train --data installed.npz --model efnn --layers 1 --channels 2 --epochs 1 --batch 10 --threads 2 --out m.safetensors',
      );
      await runs('export --model m.safetensors --onnx m.onnx');
      const figure = await runs('reproduce ising --preset quick --out report --json');
      expect(figure.includes('ising'), 'the claims of a figure', figure.slice(0, 200));
      expect(existsSync(join(whole, 'report', 'report.html')), 'a report', 'none');
    },
  },
];

const parent = await mkdtemp(join(tmpdir(), 'efnn-package-'));
const failures: string[] = [];
try {
  await packed(parent);
  const place: Place = {
    parent,
    library: await projectWith(parent, 'library', '--omit=optional'),
    whole: await projectWith(parent, 'whole'),
  };
  for (const { says, holds } of checks) {
    try {
      await holds(place);
      console.log(`ok      ${says}`);
    } catch (error) {
      failures.push(says);
      const said = error instanceof Error && 'stdout' in error ? `\n${String(error.stdout)}` : '';
      console.log(`FAILED  ${says}: ${String(error)}${said}`);
    }
  }
} finally {
  await rm(parent, { recursive: true, force: true });
}
console.log(`${checks.length - failures.length} checks passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;
