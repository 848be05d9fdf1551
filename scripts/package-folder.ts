/** Where this package lies, whether it runs from its sources or compiled. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

const nearest = (folder: string): string =>
  existsSync(join(folder, 'package.json')) || dirname(folder) === folder ? folder : nearest(dirname(folder));

/** The nearest folder above this file with a package.json. */
export const packageFolder: string = nearest(import.meta.dirname);
