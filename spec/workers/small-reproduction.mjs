// A reproduction of seconds in the folder that is named: `node small-reproduction.mjs out`.
import { tsImport } from 'tsx/esm/api';

await tsImport('../small-reproduction.ts', { parentURL: import.meta.url, tsconfig: false });
