/** The files of a folder and of those inside it. */
import type { Stats } from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { hasCode } from '../../src/command/thrown.ts';

/**
 * Paths relative to the root, with / between names. Links are followed, to files and to folders, each folder once: what
 * lies elsewhere belongs to the folder as well, and a circle of links ends. A link to nothing is no file. Fails for what is there and
 * cannot be looked at, by its name too: Node reads names as UTF-8, and finds no file by one that is none.
 */
export const filesBelow = async (root: string): Promise<readonly string[]> => below(root, '', new Set());

const below = async (root: string, prefix: string, visited: Set<string>): Promise<readonly string[]> => {
  const place = await realpath(join(root, prefix));
  if (visited.has(place)) {
    return [];
  }
  visited.add(place);
  const paths = new Array<string>();
  for (const name of await readdir(place)) {
    const found = await statOf(join(place, name));
    if (found?.isFile() === true) {
      paths.push(prefix + name);
    } else if (found?.isDirectory() === true) {
      paths.push(...(await below(root, `${prefix}${name}/`, visited)));
    }
  }
  return paths;
};

/** What a path leads to; nothing where it is a link to nothing, or to itself. */
const statOf = async (path: string): Promise<Stats | null> => {
  try {
    return await stat(path);
  } catch (error) {
    const isLink = (await lstat(path)).isSymbolicLink();
    if (isLink && (hasCode(error, 'ENOENT') || hasCode(error, 'ELOOP'))) {
      return null;
    }
    throw error;
  }
};
