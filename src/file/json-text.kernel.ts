/**
 * What can be seen of a JSON text without building its value: how deep it is, whether an object repeats a key, how its numbers
 * are written.
 */

/** How deep lists and objects lie in each other, in any text: brackets inside strings do not count. */
export const depthOf = (text: string): number => {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') at = endOfString(text, at);
    else if (character === '{' || character === '[') deepest = Math.max(deepest, ++depth);
    else if (character === '}' || character === ']') depth--;
  }
  return deepest;
};

/** The first key that an object of a JSON text has twice, however its characters are escaped; null if none has. */
export const repeatedKey = (json: string): string | null => {
  const keys: (Set<string> | null)[] = [];
  for (let at = 0; at < json.length; at++) {
    const character = json[at];
    if (character === '{') keys.push(new Set());
    else if (character === '[') keys.push(null);
    else if (character === '}' || character === ']') keys.pop();
    else if (character === '"') {
      const end = endOfString(json, at);
      const known = keys.at(-1);
      if (known && isKey(json, end + 1)) {
        const key = String(JSON.parse(json.slice(at, end + 1)));
        if (known.has(key)) return key;
        known.add(key);
      }
      at = end;
    }
  }
  return null;
};

/** The first number of a JSON text that is not written in digits alone: 2.0, 2e0 and -0 are, to other readers, no counts. */
export const numberNotInDigits = (json: string): string | null => firstNumber(json, (number) => !/^\d+$/.test(number));

/** The first number of a JSON text that float64 does not reach: JavaScript reads it as infinite. */
export const numberBeyondFloat64 = (json: string): string | null =>
  firstNumber(json, (number) => !Number.isFinite(Number(number)));

/** The first number of a JSON text, as it is written there, of which something is so. */
const firstNumber = (json: string, isSought: (number: string) => boolean): string | null => {
  for (let at = 0; at < json.length; at++) {
    const character = json[at]!;
    if (character === '"') at = endOfString(json, at);
    else if (/[-\d]/.test(character)) {
      const start = at;
      while (at + 1 < json.length && /[-+.\deE]/.test(json[at + 1]!)) at++;
      const number = json.slice(start, at + 1);
      if (isSought(number)) return number;
    }
  }
  return null;
};

/** Where the string ends that begins at a quotation mark. */
const endOfString = (text: string, start: number): number => {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
};

/** Whether a colon comes next. */
const isKey = (json: string, from: number): boolean => {
  let at = from;
  while (json[at] === ' ' || json[at] === '\n' || json[at] === '\r' || json[at] === '\t') at++;
  return json[at] === ':';
};
