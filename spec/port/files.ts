/** Files, as the port reads them. */
import { z } from 'zod';

import type { Numbers } from './network.ts';

/** The rules of files that ports get wrong. */
export interface FileRules {
  /** Where the data of a safetensors file begin, from the length of its header. */
  readonly dataStart: (headerLength: number) => number;
  readonly littleEndian: boolean;
  /** The bytes of a number of a dtype. */
  readonly widthOf: (dtype: string) => number;
  /** Whether tensors are where their offsets say, or one after the other in the order of the header. */
  readonly byOffsets: boolean;
  readonly readsMetadata: boolean;
  /** The order of an array. */
  readonly fortran: (isFortran: boolean) => boolean;
  /** An array of a data set, as it is returned. */
  readonly dataArray: (name: string, values: readonly number[], shape: readonly number[]) => readonly number[];
}

/** What the rules are. */
export const fileRules: FileRules = {
  dataStart: (length) => 8 + length,
  littleEndian: true,
  widthOf: (dtype) => (dtype.endsWith('32') || dtype.endsWith('f4') ? 4 : 8),
  byOffsets: true,
  readsMetadata: true,
  fortran: (isFortran) => isFortran,
  dataArray: (_, values) => values,
};

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

const numbersAt = (view: DataView, from: number, count: number, width: number, little: boolean): readonly number[] =>
  upTo(count).map((i) => {
    const at = from + i * width;
    if (at + width > view.byteLength) {
      return NaN;
    }
    return width === 4 ? view.getFloat32(at, little) : view.getFloat64(at, little);
  });

const viewOf = (base64: string): DataView => {
  const bytes = Uint8Array.from(Buffer.from(base64, 'base64'));
  return new DataView(bytes.buffer);
};

const textOf = (view: DataView, from: number, to: number): string =>
  new TextDecoder().decode(new Uint8Array(view.buffer, from, to - from));

const headerSchema = z
  .object({ __metadata__: z.record(z.string(), z.string()) })
  .catchall(
    z.object({ dtype: z.string(), shape: z.array(z.number()), data_offsets: z.tuple([z.number(), z.number()]) }),
  );

/** Tensors and metadata of a safetensors file. */
export const safetensors = (
  rules: FileRules,
  base64: string,
): { readonly tensors: Numbers; readonly metadata: Readonly<Record<string, string>> } => {
  const view = viewOf(base64);
  const length = Number(view.getBigUint64(0, true));
  const { __metadata__: metadata, ...header } = headerSchema.parse(JSON.parse(textOf(view, 8, 8 + length)));
  // As if the order of names were that of the data.
  const sorted = Object.entries(header).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const tensors = Object.fromEntries(
    sorted.map(
      (
        [
          name,
          {
            dtype,
            shape,
            data_offsets: [from, to],
          },
        ],
        i,
      ) => {
        const before = sorted
          .slice(0, i)
          .reduce((sum, [, entry]) => sum + entry.data_offsets[1] - entry.data_offsets[0], 0);
        const start = rules.dataStart(length) + (rules.byOffsets ? from : before);
        const count = shape.reduce((product, n) => product * n, 1);
        const width = rules.widthOf(dtype);
        return [name, numbersAt(view, start, Math.min(count, Math.floor((to - from) / 4)), width, rules.littleEndian)];
      },
    ),
  );
  return { tensors, metadata: rules.readsMetadata ? metadata : {} };
};

/** The array in a .npy file that begins at a place. */
export const npy = (
  rules: FileRules,
  view: DataView,
  start = 0,
): { readonly shape: readonly number[]; readonly values: readonly number[] } => {
  const version = view.getUint8(start + 6);
  const [lengthBytes, length] =
    version === 1 ? [2, view.getUint16(start + 8, true)] : [4, view.getUint32(start + 8, true)];
  const dataStart = start + 8 + lengthBytes + length;
  const text = textOf(view, start + 8 + lengthBytes, dataStart);
  const descr = /'descr': '([^']*)'/.exec(text)?.[1] ?? '';
  const shape = (/'shape': \(([^)]*)\)/.exec(text)?.[1] ?? '')
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);
  const count = shape.reduce((product, n) => product * n, 1);
  const little = descr.startsWith('>') ? !rules.littleEndian : rules.littleEndian;
  const stored = numbersAt(view, dataStart, count, rules.widthOf(descr), little);
  const isFortran = rules.fortran(text.includes("'fortran_order': True"));
  return { shape, values: isFortran ? rowMajor(shape, stored) : stored };
};

const rowMajor = (shape: readonly number[], stored: readonly number[]): readonly number[] =>
  stored.map((_, place) => {
    const index = shape.reduceRight<{ readonly index: readonly number[]; readonly rest: number }>(
      ({ index: known, rest }, extent) => ({ index: [rest % extent, ...known], rest: Math.floor(rest / extent) }),
      { index: [], rest: place },
    ).index;
    const at = index.reduceRight((sum, i, axis) => sum * (shape[axis] ?? 1) + i, 0);
    return stored[at] ?? NaN;
  });

/** The arrays of numbers in an archive that stores its members as they are. */
export const npz = (rules: FileRules, base64: string): Numbers => {
  const view = viewOf(base64);
  const membersFrom = (at: number): readonly (readonly [string, number])[] => {
    if (view.getUint32(at, true) !== 0x04034b50) {
      return [];
    }
    const [stored, nameLength, extra] = [
      view.getUint32(at + 18, true),
      view.getUint16(at + 26, true),
      view.getUint16(at + 28, true),
    ];
    const content = at + 30 + nameLength + extra;
    return [[textOf(view, at + 30, at + 30 + nameLength), content], ...membersFrom(content + stored)];
  };
  return Object.fromEntries(
    membersFrom(0)
      .filter(([name]) => name !== 'meta.npy')
      .map(([name, content]) => {
        const array = name.replace(/\.npy$/, '');
        const { shape, values } = npy(rules, view, content);
        return [array, rules.dataArray(array, values, shape)];
      }),
  );
};

/** The array of a .npy file. */
export const npyOf = (rules: FileRules, base64: string): readonly number[] => npy(rules, viewOf(base64)).values;
