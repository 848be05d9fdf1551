// Makes the compiled form of the package, dist/: what is installed runs without a loader of TypeScript.
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const asIs = ['src/assembler/webassembly.d.ts', 'scripts/bench/peers'];

rmSync(dist, { recursive: true, force: true });
execFileSync(
  process.execPath,
  [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(root, 'tsconfig.build.json')],
  {
    stdio: 'inherit',
  },
);
asIs.forEach((path) => cpSync(join(root, path), join(dist, path), { recursive: true }));

// The command line reads its version beside its folder, here as in the sources.
const { name, version, type } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
writeFileSync(join(dist, 'package.json'), `${JSON.stringify({ name, version, type })}\n`);
