/** Bytes of the WebAssembly binary format: numbers, vectors and sections. */

/**
 * Bytes, nested as they were composed, and functions called by name: their index is known when the module is
 * assembled.
 */
export type Code = number | Callee | Bytes | readonly Code[];

/** Bytes that are known already. */
export interface Bytes {
  readonly bytes: readonly number[];
}

/** A function that code calls, by its name; its index stands there once the module is assembled. */
export interface Callee {
  readonly callee: string;
}

/** An unsigned integer, seven bits a byte, lowest first; the high bit says that more follow. */
export const unsignedLeb128 = (value: number): readonly number[] =>
  value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...unsignedLeb128(Math.floor(value / 0x80))];

/** A signed integer of 32 bits: as above, and the last byte's second bit is the sign. */
export const signedLeb128 = (value: number): readonly number[] => {
  const [low, rest] = [value & 0x7f, value >> 7];
  const isLast = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
  return isLast ? [low] : [low | 0x80, ...signedLeb128(rest)];
};

/** The four bytes of the float32 nearest to a number, lowest first. */
export const float32Bytes = (value: number): readonly number[] => {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value, true);
  return [0, 1, 2, 3].map((i) => view.getUint8(i));
};

/** The eight bytes of a float64, lowest first. */
export const float64Bytes = (value: number): readonly number[] => {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value, true);
  return [0, 1, 2, 3, 4, 5, 6, 7].map((i) => view.getUint8(i));
};

/** A vector: how many, then each. */
export const vector = (items: readonly Code[]): Code => [unsignedLeb128(items.length), items];

/** A name as the format writes it: how many bytes, then its text in UTF-8. */
export const utf8 = (name: string): Code => vector([...new TextEncoder().encode(name)]);

/** The bytes of code, where `indexOf` tells a function's index. */
export const flattened = (code: Code, indexOf: (callee: string) => number): readonly number[] => {
  const bytes = new Array<number>();
  const append = (part: Code): void => {
    if (typeof part === 'number') bytes.push(part);
    else if ('callee' in part) append(unsignedLeb128(indexOf(part.callee)));
    else if ('bytes' in part) for (const byte of part.bytes) bytes.push(byte);
    else for (const inner of part) append(inner);
  };
  append(code);
  return bytes;
};

/** The names of the functions that code calls. */
export const calleesOf = (code: Code): readonly string[] => {
  const callees = new Set<string>();
  const visit = (part: Code): void => {
    if (typeof part === 'number' || 'bytes' in part) return;
    if ('callee' in part) callees.add(part.callee);
    else for (const inner of part) visit(inner);
  };
  visit(code);
  return [...callees];
};

/** Content with its length in bytes before it. */
export const sized = (content: readonly number[]): Code => [unsignedLeb128(content.length), { bytes: content }];
