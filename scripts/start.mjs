// Starts a module: its compiled form where that lies beside this file, as in an installed package, its TypeScript otherwise.
import { existsSync } from 'node:fs';

/** Imports `name`, given without its ending, blind to any tsconfig.json of the caller's folder. */
export const start = async (name) => {
  const compiled = new URL(`${name}.js`, import.meta.url);
  if (existsSync(compiled)) {
    await import(compiled.href);
    return;
  }
  const { tsImport } = await import('tsx/esm/api');
  await tsImport(`./${name}.ts`, { parentURL: import.meta.url, tsconfig: false });
};
