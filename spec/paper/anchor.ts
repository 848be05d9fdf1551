/** What an entry of the index points at: a name that a file exports, a test, or the reason why there is nothing. */
import type { Law } from '../law.ts';

/** A file and a name that it exports. */
export interface Exported {
  readonly file: string;
  readonly name: string;
}

/** The same, with what has that name: so that the index cannot speak of one thing and run another. */
export interface Value<A> extends Exported {
  readonly value: A;
}

/** A test that is no law: a file and words of its title. */
export interface Example {
  readonly file: string;
  readonly title: string;
}

/** What there is not, and why. */
export interface None {
  readonly because: string;
}

/** Says why there is nothing. */
export const none = (because: string): None => ({ because });

const valueIn = <A>(file: string, named: Readonly<Record<string, A>>): Value<A> => {
  const [found, ...others] = Object.entries(named);
  if (found === undefined || others.length > 0) {
    throw new RangeError(`expected one name for ${file}, got ${Object.keys(named).join(', ')}`);
  }
  return { file, name: found[0], value: found[1] };
};

/** What a file of `src` exports: `symbolIn('network/efnn', { efnn })`. */
export const symbolIn = <S>(file: string, named: Readonly<Record<string, S>>): Value<S> =>
  valueIn(`src/${file}.ts`, named);

/** A law of `spec/laws`: `lawIn('hamiltonian', { isingIsSumOverPairs })`. */
export const lawIn = <I, C>(file: string, named: Readonly<Record<string, Law<I, C>>>): Value<Law<I, C>> =>
  valueIn(`spec/laws/${file}.ts`, named);

/** A name that a file of `src` exports. */
export const symbolNamed = (file: string, name: string): Exported => ({ file: `src/${file}.ts`, name });

/** A name that a file of `spec/laws` exports. */
export const lawNamed = (file: string, name: string): Exported => ({ file: `spec/laws/${file}.ts`, name });
