/**
 * Python literals, as numpy's headers hold them: strings, whole numbers, True, False, None, tuples, lists and dictionaries.
 * What else `ast.literal_eval` knows (floats, complex numbers, bytes, sets) is nowhere in a header that numpy accepts.
 * Each character is read once.
 *
 * @source The Python Language Reference, 2.4 Literals and 6.2 Atoms; numpy.lib.format for the `L` of Python 2
 */

/** A Python value; whole numbers of any length are bigints, and None is null. */
export type Literal = string | bigint | boolean | null | Sequence | Dictionary;

/** A tuple or a list; numpy tells them apart. */
export interface Sequence {
  readonly tag: 'tuple' | 'list';
  readonly items: readonly Literal[];
}

/** Of a key that is there twice, the last entry counts, as in Python. */
export interface Dictionary {
  readonly tag: 'dictionary';
  readonly entries: ReadonlyMap<Literal, Literal>;
}

/** Deeper than any header that describes numbers. */
const deepest = 32;

/** The literal that is the whole text; undefined where the text is none. `python2` allows whole numbers to end with an L. */
export const pythonLiteral = (text: string, python2: boolean): Literal | undefined => {
  let at = 0;
  let depth = 0;

  const skipBlanks = (): void => {
    for (;;) {
      if (' \t\n\r\f'.includes(text[at] ?? '-')) at++;
      else if (text[at] === '\\' && text[at + 1] === '\n') at += 2;
      else if (text[at] === '#') while (at < text.length && text[at] !== '\n') at++;
      else return;
    }
  };

  const taken = (token: string): boolean => {
    if (!text.startsWith(token, at)) return false;
    at += token.length;
    return true;
  };

  /** The name, or the digits, that begin here. */
  const word = (): string => {
    const start = at;
    while (/\w/.test(text[at] ?? '')) at++;
    return text.slice(start, at);
  };

  const value = (): Literal | undefined => {
    skipBlanks();
    const first = text[at] ?? '';
    if (first === "'" || first === '"') return strings();
    if (first === '(' || first === '[' || first === '{') return nested();
    if (first === '+' || first === '-') {
      at++;
      skipBlanks();
      const magnitude = /\d/.test(text[at] ?? '') ? wholeNumber() : undefined;
      return magnitude !== undefined && first === '-' ? -magnitude : magnitude;
    }
    if (/\d/.test(first)) return wholeNumber();
    const quote = text[at + 1] ?? '';
    if (/[uUrR]/.test(first) && (quote === "'" || quote === '"')) return strings();
    switch (word()) {
      case 'True':
        return true;
      case 'False':
        return false;
      case 'None':
        return null;
      default:
        return undefined;
    }
  };

  const wholeNumber = (): bigint | undefined => {
    const digits = word();
    const plain = python2 && digits.endsWith('L') ? digits.slice(0, -1) : digits;
    if (python2 && plain === digits) {
      skipBlanks();
      if (text[at] === 'L' && !/\w/.test(text[at + 1] ?? '')) at++;
    }
    // Longer ones are no extent, and conversion takes the square of the length.
    const isNumber =
      plain.length <= 100 && /^(0[0_]*|[1-9](_?\d)*|0[xX](_?[\da-fA-F])+|0[oO](_?[0-7])+|0[bB](_?[01])+)$/.test(plain);
    return isNumber && !plain.endsWith('_') && text[at] !== '.' ? BigInt(plain.replaceAll('_', '')) : undefined;
  };

  /** Strings next to each other are one. */
  const strings = (): string | undefined => {
    let joined = '';
    for (;;) {
      const part = string();
      if (part === undefined) return undefined;
      joined += part;
      skipBlanks();
      const quote = /[uUrR]/.test(text[at] ?? '') ? text[at + 1] : text[at];
      if (quote !== "'" && quote !== '"') return joined;
    }
  };

  const string = (): string | undefined => {
    const isRaw = /[rR]/.test(text[at] ?? '');
    if (/[uUrR]/.test(text[at] ?? '')) at++;
    const quote = text[at] ?? '';
    const isLong = text.startsWith(quote.repeat(3), at);
    const end = isLong ? quote.repeat(3) : quote;
    at += end.length;
    let content = '';
    while (at < text.length) {
      if (taken(end)) return content;
      if (text[at] === '\n' && !isLong) return undefined;
      if (text[at] !== '\\') content += text.charAt(at++);
      else if (isRaw) {
        content += text.slice(at, at + 2);
        at += 2;
      } else {
        const character = escape();
        if (character === undefined) return undefined;
        content += character;
      }
    }
    return undefined;
  };

  const escape = (): string | undefined => {
    const [whole, octal, hex] =
      /^\\(?:([0-7]{1,3})|(?:x([\da-fA-F]{2})|u[\da-fA-F]{4}|U[\da-fA-F]{8}))/.exec(text.slice(at, at + 10)) ?? [];
    if (whole !== undefined) {
      at += whole.length;
      const code = octal === undefined ? parseInt(hex ?? whole.slice(2), 16) : parseInt(octal, 8);
      return code > 0x10ffff ? undefined : String.fromCodePoint(code);
    }
    const letter = text[at + 1] ?? '';
    at += 2;
    return 'xuUN'.includes(letter) ? undefined : (escapes[letter] ?? `\\${letter}`);
  };

  const nested = (): Literal | undefined => {
    if (++depth > deepest) return undefined;
    const found = taken('{') ? dictionary() : taken('[') ? list() : taken('(') ? tuple() : undefined;
    depth--;
    return found;
  };

  /** Items up to the bracket that closes them, and whether a comma stands after the last. */
  const items = (close: string): { readonly all: readonly Literal[]; readonly comma: boolean } | undefined => {
    const all: Literal[] = [];
    let comma = true;
    for (;;) {
      skipBlanks();
      if (taken(close)) return { all, comma: comma && all.length > 0 };
      if (!comma) return undefined;
      const item = value();
      if (item === undefined) return undefined;
      all.push(item);
      skipBlanks();
      comma = taken(',');
    }
  };

  const list = (): Literal | undefined => {
    const found = items(']');
    return found === undefined ? undefined : { tag: 'list', items: found.all };
  };

  /** One item without a comma is no tuple but the item itself, in parentheses. */
  const tuple = (): Literal | undefined => {
    const found = items(')');
    if (found === undefined) return undefined;
    const [only] = found.all;
    return found.all.length === 1 && only !== undefined && !found.comma ? only : { tag: 'tuple', items: found.all };
  };

  const dictionary = (): Literal | undefined => {
    const entries = new Map<Literal, Literal>();
    let comma = true;
    for (;;) {
      skipBlanks();
      if (taken('}')) return { tag: 'dictionary', entries };
      if (!comma) return undefined;
      const key = value();
      skipBlanks();
      if (key === undefined || !taken(':')) return undefined;
      const entry = value();
      if (entry === undefined) return undefined;
      entries.set(key, entry);
      skipBlanks();
      comma = taken(',');
    }
  };

  const whole = value();
  skipBlanks();
  return at === text.length ? whole : undefined;
};

const escapes: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};
