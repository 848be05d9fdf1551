/** The files of a folder and of those inside it. */
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Paths relative to the root, with / between names. Links are followed, to files and to folders, each folder once: what
 * lies elsewhere belongs to the folder as well, and a circle of links ends. A link to nothing is no file.
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
    const found = await stat(join(place, name)).catch(() => null);
    if (found?.isFile() === true) {
      paths.push(prefix + name);
    } else if (found?.isDirectory() === true) {
      paths.push(...(await below(root, `${prefix}${name}/`, visited)));
    }
  }
  return paths;
};
