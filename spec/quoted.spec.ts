/** Text from outside in messages. */
import { quoted } from '../src/file/quoted.ts';
import { verify } from './law.ts';
import * as laws from './laws/quoted.ts';

const raw = (text: string): string => `'${text}'`;

verify(laws.quotedIsOneSafeLine, quoted, {
  'text is quoted as it stands': raw,
  'JSON escapes alone': (text) => `'${JSON.stringify(text.slice(0, 100)).slice(1, -1)}'`,
  'line ends alone are escaped': (text) => raw(text.slice(0, 100).replaceAll('\n', '\\n')),
  'nothing is cut': (text) => raw(Array.from(text, (character) => quoted(character).slice(1, -1)).join('')),
});

verify(laws.shortTextIsQuotedAsItIs, quoted, {
  'letters that are not Latin are escaped': (text) => raw(text.replaceAll(/[^ -~]/gu, '?')),
  'every text is cut': (text) => raw(text.slice(0, 10)),
});

verify(laws.bothEndsAreShown, quoted, {
  'the end is left out': (text) => raw(text.slice(0, 120)),
  'the start is left out': (text) => raw(text.slice(-120)),
});
