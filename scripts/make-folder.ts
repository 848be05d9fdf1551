/**
 * Makes a folder and those above it. Node's own `recursive` tries forever where a file system refuses new folders by saying that
 * the folder above is missing, as /proc does.
 */
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

import { hasCode } from '../src/command/thrown.ts';

/** Fails where the path is a file, or no folder can be made. */
export const makeFolder = async (path: string): Promise<void> => {
  try {
    await mkdir(path);
  } catch (error) {
    if (hasCode(error, 'EEXIST') && (await stat(path)).isDirectory()) {
      return;
    }
    if (!hasCode(error, 'ENOENT') || dirname(path) === path) {
      throw error;
    }
    await makeFolder(dirname(path));
    await mkdir(path);
  }
};
