/** Where users keep what can be made again. */

/**
 * The folder of the variable XDG_CACHE_HOME; without one, or where its path begins in no known folder, as an empty one does, that
 * in the user's home, as the XDG base directory specification says.
 *
 * @example
 * cacheFolder(undefined, '/home/anna') // '/home/anna/.cache'
 *
 * @example
 * cacheFolder('', '/home/anna') // '/home/anna/.cache'
 */
export const cacheFolder = (named: string | undefined, home: string): string =>
  named !== undefined && isAbsolute(named) ? named : `${home}/.cache`;

/** A path from the root, here or on Windows. */
const isAbsolute = (path: string): boolean => /^(?:[/\\]|[A-Za-z]:[/\\])/.test(path);
