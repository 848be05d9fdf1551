/** Laws of data that others made: they are read as they are. */
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';

import type { readLabelledNpz } from '../../src/dataset/data-set-file.ts';
import type { withModerateLabels } from '../../src/dataset/moderate-size.ts';
import { writeNpyText } from '../../src/file/npy.ts';
import { countOf, type Dtype, type Tensor } from '../../src/file/tensor.ts';
import { zip } from '../../src/file/zip.ts';
import { network } from '../../src/network/network.ts';
import type { Reals } from '../../src/number/reals.ts';
import { energyUnits } from '../../src/training/energy-units.ts';
import type { Law } from '../law.ts';
import { npyOf } from '../written.ts';

/** Data as someone's own program writes them. */
export interface OwnData {
  readonly dtype: Dtype;
  readonly sampleShape: readonly number[];
  readonly spins: readonly number[];
  readonly energies: readonly number[];
  readonly forces: readonly number[] | null;
  readonly couplings: readonly number[] | null;
  readonly parameters: Readonly<Record<string, number>> | null;
}

const numbers = (length: number): fc.Arbitrary<readonly number[]> =>
  fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: length, maxLength: length });

const ownData: fc.Arbitrary<OwnData> = fc
  .record({
    count: fc.integer({ min: 1, max: 4 }),
    sampleShape: fc.oneof(
      fc.integer({ min: 1, max: 4 }).map((size) => [3, size, size]),
      fc.integer({ min: 1, max: 9 }).map((sites) => [sites]),
    ),
  })
  .chain(({ count, sampleShape }) =>
    fc.record({
      dtype: fc.constantFrom<Dtype>('float32', 'float64'),
      sampleShape: fc.constant(sampleShape),
      spins: numbers(count * countOf(sampleShape)),
      energies: numbers(count),
      forces: fc.option(numbers(count * countOf(sampleShape))),
      couplings: fc.option(numbers(3)),
      parameters: fc.option(fc.constantFrom({}, { J: 2 })),
    }),
  );

/** The archive, of arrays and a text alone: nothing of data sets has a part in it. */
const archiveOf = (data: OwnData): Uint8Array => {
  const { dtype, sampleShape, spins, energies, forces, couplings, parameters } = data;
  const member = (name: string, shape: readonly number[], values: readonly number[] | null) =>
    values === null
      ? {}
      : { [`${name}.npy`]: npyOf({ dtype, shape, values: Float64Array.from(values) } satisfies Tensor) };
  const batch = [energies.length, ...sampleShape];
  return zip({
    ...member('spins', batch, spins),
    ...member('energies', [energies.length], energies),
    ...member('forces', batch, forces),
    ...member('couplings', [3], couplings),
    ...(parameters === null ? {} : { 'meta.npy': writeNpyText(JSON.stringify({ system: 'custom', parameters })) }),
  });
};

const same = (values: ArrayLike<number>, expected: readonly number[]): boolean =>
  values.length === expected.length && expected.every((x, i) => Object.is(x, values[i]));

export const ownDataAreReadAsTheyAre: Law<typeof readLabelledNpz, OwnData> = {
  statement:
    'spins, energies and forces of any origin are read to the bit, of either kind and type, with or without forces, ' +
    'couplings and metadata',
  cases: ownData,
  holds: (read) => (own) => {
    const found = read(archiveOf(own));
    if (E.isLeft(found)) {
      return false;
    }
    const { sampleShape, spins, energies, forces, meta } = found.right;
    return (
      same(sampleShape, own.sampleShape) &&
      same(spins, own.spins) &&
      same(energies, own.energies) &&
      (O.isSome(forces) ? own.forces !== null && same(forces.value, own.forces) : own.forces === null) &&
      JSON.stringify(meta) === JSON.stringify({ system: 'custom', parameters: own.parameters ?? {} })
    );
  },
};

export const sitesOnOneAxisAreAdvised: Law<(shape: readonly number[]) => string, number> = {
  statement:
    'vectors whose sites stand on one axis are advised to become an N x N lattice, where they fill one; what has no axis of ' +
    'three is no vectors',
  cases: fc.integer({ min: 1, max: 40 }),
  holds: (advice) => (sites) => {
    const size = [1, 2, 3, 4, 5, 6].find((n) => n * n === sites);
    const [last, first] = [advice([7, sites, 3]), advice([7, 3, sites])];
    const others = [advice([7, sites, 5]), advice([7, 5, sites])];
    if (sites !== 3 && others.some((text) => text.includes('reshape'))) {
      return false;
    }
    return size === undefined || sites === 3
      ? !last.includes('reshape')
      : last.includes(`np.moveaxis(spins.reshape(-1, ${size}, ${size}, 3), -1, 1)`) &&
          first.includes(`\`spins.reshape(-1, 3, ${size}, ${size})\``);
  },
};

/** Energies of order one, times a power of two, which rounds nothing; and forces. */
interface ScaledLabels {
  readonly energies: readonly number[];
  readonly forces: readonly number[] | null;
  readonly exponent: number;
}

const labelsOf = ({ energies, forces, exponent }: ScaledLabels) => {
  const scaled = (values: readonly number[]): Reals => Float64Array.from(values, (x) => x * 2 ** exponent);
  return { energies: scaled(energies), forces: forces === null ? O.none : O.some(scaled(forces)) };
};

const unitsOf = (energies: Reals): number =>
  energyUnits(network('dnn', { tag: 'dense', sites: 2, neurons: 2, layers: 1 }), [
    { count: energies.length, latticeSize: 1, spins: new Float64Array(2 * energies.length), energies, forces: null },
  ]).deviation;

export const acceptedLabelsHaveUnits: Law<typeof withModerateLabels, ScaledLabels> = {
  statement:
    'energies that are taken have units which scale with them, whatever their size; those of sizes from 1e-140 to 1e140 are taken, ' +
    'with forces of no larger ones, others are not, and the refusal says in which units to write them',
  cases: fc.record({
    energies: fc.uniqueArray(fc.integer({ min: 1, max: 1000 }), { minLength: 2, maxLength: 6 }),
    forces: fc.option(fc.array(fc.constantFrom(0, -1e-3, 1, -1e3), { minLength: 1, maxLength: 4 })),
    exponent: fc.integer({ min: -900, max: 900 }),
  }),
  holds: (moderate) => (labels) => {
    const { energies, forces } = labelsOf(labels);
    const found = moderate({ energies, forces });
    if (E.isLeft(found)) {
      const most = Math.max(...energies, ...(O.isSome(forces) ? forces.value.map(Math.abs) : []));
      return (most > 1e140 || Math.max(...energies) < 1e-140) && / got [^:]+: .* units /.test(found.left.message);
    }
    return unitsOf(energies) === unitsOf(labelsOf({ ...labels, exponent: 0 }).energies) * 2 ** labels.exponent;
  },
  runs: 400,
};
