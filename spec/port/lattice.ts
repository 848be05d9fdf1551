/** Cross-correlation on the periodic lattice, by a table of which site each tap reads. */
import type { Bilinear } from './tape.ts';

/** The rules of the lattice that ports get wrong. */
export interface LatticeRules {
  /** The site that tap (i, j) of a k x k kernel reads from (row, column); null where it reads nothing. */
  readonly siteRead: (N: number, k: number, row: number, column: number, i: number, j: number) => number | null;
  /** The place of the k x k kernel from input i to output o among all of a weight. */
  readonly kernelPlace: (o: number, i: number, outputs: number, inputs: number) => number;
}

/** n on the ring 0, .., N - 1. */
export const onRing = (n: number, N: number): number => n - N * Math.floor(n / N);

/** What the rules are. */
export const latticeRules: LatticeRules = {
  siteRead: (N, k, row, column, i, j) => {
    const half = (k - 1) / 2;
    return onRing(row + i - half, N) * N + onRing(column + j - half, N);
  },
  kernelPlace: (o, i, _, inputs) => o * inputs + i,
};

/** The extents of a cross-correlation. */
export interface Extents {
  readonly N: number;
  readonly k: number;
  readonly inputs: number;
  readonly outputs: number;
  /** 3 for spin vectors, 1 for scalars. */
  readonly components: number;
}

/** Every product of the sum: where its factors and its result are. */
interface Products {
  readonly kernel: Int32Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
}

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

const productsOf = (rules: LatticeRules, { N, k, inputs, outputs, components }: Extents): Products => {
  const sites = N * N;
  const reads = upTo(N).flatMap((row) =>
    upTo(N).flatMap((column) =>
      upTo(k).flatMap((i) =>
        upTo(k).flatMap((j) => {
          const site = rules.siteRead(N, k, row, column, i, j);
          return site === null ? [] : [{ to: row * N + column, tap: i * k + j, from: site }];
        }),
      ),
    ),
  );
  const planes = upTo(components).flatMap((c) =>
    upTo(outputs).flatMap((o) =>
      upTo(inputs).map((i) => ({
        kernel: rules.kernelPlace(o, i, outputs, inputs) * k * k,
        from: (c * inputs + i) * sites,
        to: (c * outputs + o) * sites,
      })),
    ),
  );
  const all = (place: 'kernel' | 'from' | 'to', within: 'tap' | 'from' | 'to'): Int32Array =>
    Int32Array.from(planes.flatMap((plane) => reads.map((read) => plane[place] + read[within])));
  return { kernel: all('kernel', 'tap'), from: all('from', 'from'), to: all('to', 'to') };
};

/** Tables take longer to make than to use, and are the same for all layers and most wrong ports. */
const tables = new WeakMap<LatticeRules['siteRead'], Map<string, Products>>();

const products = (rules: LatticeRules, extents: Extents): Products => {
  const known = tables.get(rules.siteRead) ?? new Map<string, Products>();
  tables.set(rules.siteRead, known);
  const key = `${JSON.stringify(extents)} ${rules.kernelPlace(1, 0, extents.outputs, extents.inputs)}`;
  const found = known.get(key) ?? productsOf(rules, extents);
  known.set(key, found);
  return found;
};

/** y = K * x with its adjoints: in the field from K and y, in the kernel from y and x. */
export const correlation = (
  rules: LatticeRules,
  extents: Extents,
): { readonly forward: Bilinear; readonly inKernel: Bilinear; readonly inField: Bilinear } => {
  const { N, k, inputs, outputs, components } = extents;
  const { kernel, from, to } = products(rules, extents);
  const summed =
    (first: Int32Array, second: Int32Array, result: Int32Array, length: number): Bilinear =>
    (a, b) => {
      const total = new Float64Array(length);
      result.forEach((place, n) => {
        total[place] = (total[place] ?? 0) + (a[first[n] ?? 0] ?? 0) * (b[second[n] ?? 0] ?? 0);
      });
      return total;
    };
  // Each takes its arguments in the order in which the tape has them: the cotangent where the other operand was.
  return {
    forward: summed(kernel, from, to, components * outputs * N * N),
    inKernel: summed(to, from, kernel, outputs * inputs * k * k),
    inField: summed(kernel, to, from, components * inputs * N * N),
  };
};
