/** Numbers to little-endian bytes and back, on machines of either byte order; big-endian ones are read too. */
import type { Reals } from '../number/reals.ts';
import { bytesOf, type Dtype } from './tensor.ts';

/** The `count` numbers that start at byte `offset`; the bytes must hold them. */
export const decoded = (dtype: Dtype, bytes: Uint8Array, offset: number, count: number, isBigEndian = false): Reals => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float64Array(count);
  if (dtype === 'float64') for (let i = 0; i < count; i++) values[i] = view.getFloat64(offset + 8 * i, !isBigEndian);
  else for (let i = 0; i < count; i++) values[i] = view.getFloat32(offset + 4 * i, !isBigEndian);
  return values;
};

/** The numbers as bytes; float32 rounds to nearest. */
export const encoded = (dtype: Dtype, values: Reals): Uint8Array => {
  const count = values.length;
  const bytes = new Uint8Array(count * bytesOf[dtype]);
  const view = new DataView(bytes.buffer);
  if (dtype === 'float64') for (let i = 0; i < count; i++) view.setFloat64(8 * i, values[i]!, true);
  else for (let i = 0; i < count; i++) view.setFloat32(4 * i, values[i]!, true);
  return bytes;
};

/** Code points as 32-bit words. */
export const encodedWords = (words: readonly number[]): Uint8Array => {
  const bytes = new Uint8Array(4 * words.length);
  const view = new DataView(bytes.buffer);
  words.forEach((word, i) => view.setUint32(4 * i, word, true));
  return bytes;
};

/** All of the bytes from `offset` on as 32-bit words. */
export const decodedWords = (bytes: Uint8Array, offset: number, isBigEndian = false): readonly number[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor((bytes.length - offset) / 4) }, (_, i) =>
    view.getUint32(offset + 4 * i, !isBigEndian),
  );
};
