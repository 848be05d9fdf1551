/** Where the conformance vectors lie, whether this package runs from its sources or compiled. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

const below = (folder: string): string => join(folder, 'spec', 'vectors');

const nearest = (folder: string): string =>
  existsSync(join(below(folder), 'index.json')) || dirname(folder) === folder
    ? below(folder)
    : nearest(dirname(folder));

/** The folder `spec/vectors` nearest above this file. */
export const vectorsFolder: string = nearest(import.meta.dirname);
