/** What Node and libraries throw. */

/**
 * Whether an error is the system's of this name, such as ENOENT.
 *
 * @example
 * hasCode(Object.assign(new Error('no such file'), { code: 'ENOENT' }), 'ENOENT') // true
 */
export const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

/**
 * What an error says.
 *
 * @example
 * reasonOf(new Error('no such file')) // 'no such file'
 */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Why no file is written where a folder is. */
export const aFolder = 'it is a folder';

/**
 * What helps where a file cannot be written.
 *
 * @example
 * writingAdvice(new RangeError('it is a folder')) // 'name a file inside of it'
 */
export const writingAdvice = (error: unknown): string => {
  if (hasCode(error, 'ENOENT')) {
    return 'make the folder, or choose another name';
  }
  return reasonOf(error).endsWith(aFolder) ? 'name a file inside of it' : 'choose another name';
};
