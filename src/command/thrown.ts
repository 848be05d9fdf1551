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
