/** Messages as a terminal gets them. */
import { visible } from '../file/quoted.ts';

const longest = 2000;

/**
 * The text on one line, of a length that a terminal can show, and with nothing in it that a terminal would obey.
 *
 * @example
 * messageLine('expected a file,\n got none') // 'expected a file, got none'
 */
export const messageLine = (text: string): string => {
  const line = visible(text.trim().replaceAll(/\s*\n\s*/g, ' '));
  return line.length <= longest ? line : `${line.slice(0, longest)}..`;
};
