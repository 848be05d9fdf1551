/**
 * The two-body head fitted by linear least squares to energies:
 *
 *     E = c N^2 + sum over shells of K_shell sum over sites i and offsets d of the shell of s_i . s_{i+d}
 *
 * A shell is a set of offsets that the square's symmetries map onto each other: nearest neighbours, diagonal ones, ..
 * What is left over is what pairs cannot express, and where networks begin to differ.
 */
import { Matrix, solve } from 'ml-matrix';

import { asManyAs, callersMistake, sideOfLattice } from '../number/callers-mistake.ts';
import type { Reals } from '../number/reals.ts';
import { relativeSize, type SampleSets } from './batch.ts';
import { pairCorrelation } from './pair-correlations.kernel.ts';
import type { Configurations } from './prediction.ts';

/** From a site to another, in rows and columns. */
export type Offset = readonly [row: number, column: number];

/** A fitted head: its couplings, the same as a kernel, and its constant. */
export interface PairFit {
  /** K of each shell, in the order of `shells`. */
  readonly couplings: readonly number[];
  /** `pair.weight`, shape [1, 1, k, k], row-major; 0 at the centre, where s . s is constant. */
  readonly kernel: Reals;
  /** c: the energy per site that does not depend on the spins. */
  readonly energyPerSite: number;
}

/** The offsets of a k x k window, which has a centre. */
const windowOffsets = (kernel: number): readonly Offset[] => {
  if (!Number.isSafeInteger(kernel) || kernel < 1 || kernel % 2 === 0) {
    callersMistake(
      'a kernel that is an odd whole number of at least 1',
      `${kernel}`,
      'take 3 or 5, so that it has a centre',
    );
  }
  const half = (kernel - 1) / 2;
  const line = Array.from({ length: kernel }, (_, i) => i - half);
  return line.flatMap((row) => line.map((column): Offset => [row, column]));
};

/** Equal for offsets that the symmetries of the square map onto each other. */
const shellOf = ([row, column]: Offset): string => [Math.abs(row), Math.abs(column)].toSorted((a, b) => a - b).join();

/**
 * The shells of a k x k window without its centre, by the shorter of the two distances along the axes, then by the
 * longer: (0, 1), (0, 2), (1, 1), ..
 *
 * @throws RangeError for a kernel that is no odd whole number.
 */
export const shells = (kernel: number): readonly (readonly Offset[])[] => {
  const offsets = windowOffsets(kernel).filter(([row, column]) => row !== 0 || column !== 0);
  const names = [...new Set(offsets.map(shellOf))].toSorted();
  return names.map((name) => offsets.filter((offset) => shellOf(offset) === name));
};

/** For each sample: the number of sites, then the correlation of each shell. The fit is linear in these. */
const featuresOf = (kernel: number, { count, latticeSize, spins }: Configurations): readonly (readonly number[])[] => {
  const length = 3 * sideOfLattice(latticeSize) * latticeSize;
  asManyAs(
    count * length,
    `numbers as spins of shape [${count}, 3, N, N]`,
    'pairs are of vectors on one lattice',
  )(spins);
  return Array.from({ length: count }, (_, sample) => {
    const configuration = spins.subarray(sample * length, (sample + 1) * length);
    return [
      latticeSize * latticeSize,
      ...shells(kernel).map((offsets) => pairCorrelation(configuration, latticeSize, offsets)),
    ];
  });
};

/**
 * Rows with zeros below until there are as many as columns. They ask nothing of the solution, and the decomposition
 * behind `solve` wants no fewer rows than columns.
 */
const noWider = (rows: readonly (readonly number[])[]) => {
  const columns = rows[0]?.length ?? 0;
  return [
    ...rows.map((row) => [...row]),
    ...Array.from({ length: Math.max(0, columns - rows.length) }, () => Array.from({ length: columns }, () => 0)),
  ];
};

/**
 * Fits the head to labelled samples by least squares, the residuals of a set in units of its lattice size. Where they do not determine it (fewer samples than couplings,
 * shells that coincide on a lattice smaller than the kernel), the shortest of the solutions.
 *
 * @throws RangeError for a kernel that is no odd whole number, for no samples, and for sets whose spins are not [count, 3, N, N] or whose
 * energies are not [count], or where a number is not finite.
 */
export const fitPairs =
  (kernel: number) =>
  (sets: SampleSets): PairFit => {
    const rows = sets.flatMap((samples) => {
      const unit = relativeSize(sets, samples);
      asManyAs(samples.count, 'energies, one a sample', 'label each sample')(samples.energies);
      return featuresOf(kernel, samples).map((row, sample) => ({
        features: row.map((feature) => feature / unit),
        energy: (samples.energies[sample] ?? NaN) / unit,
      }));
    });
    if (rows.length === 0) {
      callersMistake('at least one sample', 'none', 'give labelled samples');
    }
    if (!rows.every(({ energy, features }) => Number.isFinite(energy) && features.every(Number.isFinite))) {
      callersMistake('finite spins and energies', 'others', 'recompute them, or leave their samples out');
    }
    const features = new Matrix(noWider(rows.map((row) => row.features)));
    const energies = Array.from({ length: features.rows }, (_, row) => rows[row]?.energy ?? 0);
    const [energyPerSite = 0, ...couplings] = solve(features, Matrix.columnVector(energies), true).to1DArray();
    const coupling = new Map(
      shells(kernel).flatMap((offsets, i) => offsets.map((offset) => [offset.join(), couplings[i] ?? 0] as const)),
    );
    return {
      energyPerSite,
      couplings,
      kernel: Float64Array.from(windowOffsets(kernel), (offset) => coupling.get(offset.join()) ?? 0),
    };
  };

/**
 * The energies of the fitted head, with its constant: what pairs alone predict, on a lattice of any size.
 *
 * @throws RangeError for a kernel that is no odd whole number or not that of the fit, and for spins that are not [count, 3, N, N].
 */
export const pairEnergies =
  (kernel: number, { energyPerSite, couplings }: PairFit) =>
  (configurations: Configurations): Reals => {
    asManyAs(shells(kernel).length, 'couplings, one a shell', 'take the kernel of the fit')(couplings);
    const coefficients = [energyPerSite, ...couplings];
    return Float64Array.from(featuresOf(kernel, configurations), (row) =>
      row.reduce((energy, feature, index) => energy + feature * (coefficients[index] ?? 0), 0),
    );
  };
