/** Which version of efnn this is. */
import { readFileSync } from 'node:fs';

// Node 20 warns of JSON modules, so the manifest is read as a text.
const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');

const [, version = 'unknown'] = /"version": ?"([^"]+)"/.exec(manifest) ?? [];

export const programVersion: string = version;
