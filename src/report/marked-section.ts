/** Sections of a hand-written text that a program writes: between the lines `<!-- name -->` and `<!-- /name -->`. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';

/** A text without exactly one pair of the markers that were looked for. */
export interface MarkerError {
  readonly tag: 'MarkerError';
  readonly message: string;
}

const placeOf = (name: string, text: string): Either<MarkerError, readonly [start: number, end: number]> => {
  const [opening, closing] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [start, end] = [text.indexOf(opening) + opening.length, text.indexOf(closing)];
  return text.split(opening).length === 2 && text.split(closing).length === 2 && start <= end
    ? E.right([start, end])
    : E.left({
        tag: 'MarkerError',
        message: `expected one line ${opening} and below it one line ${closing}, got another text: put the markers there`,
      });
};

/** What stands between the markers, without the line ends beside them. */
export const markedSection =
  (name: string) =>
  (text: string): Either<MarkerError, string> =>
    E.Functor.map(placeOf(name, text), ([start, end]) => text.slice(start, end).replace(/^\n/, '').replace(/\n$/, ''));

/** The text with another section; all else stays. */
export const withMarkedSection =
  (name: string, section: string) =>
  (text: string): Either<MarkerError, string> =>
    E.Functor.map(placeOf(name, text), ([start, end]) => `${text.slice(0, start)}\n${section}\n${text.slice(end)}`);
