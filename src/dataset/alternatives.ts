/** Lists of words in messages. */

/**
 * The words with commas and a last `or`.
 *
 * @example
 * alternatives(['a', 'b', 'c']) // 'a, b or c'
 */
export const alternatives = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
