/** Exact energies by each method against the size of the lattice, LAPACK through numpy beside them. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { BenchRow } from './row.ts';
import { hasFused } from '../assembler/engine.ts';
import { energyMethod, energyMethods, type EnergyMethod, type MethodError } from '../exact/energy-method.ts';
import { defaultTolerance } from '../exact/pole-expansion.ts';
import { publishedDoubleExchange } from '../hamiltonian/double-exchange.ts';
import { sample } from '../lattice/sampler.ts';
import type { SpinConfiguration } from '../lattice/spins.ts';
import type { Reals } from '../number/reals.ts';
import { besidePeers, peersOf, type Admitted } from './contest.ts';
import type { Entry, Experiment } from './experiment.ts';
import { forwardEntries } from './forward.ts';
import type { Laboratory } from './laboratory.ts';
import { benchError, type BenchError } from './timing.ts';
import type { PeerArrays } from './peer.ts';
import { pow } from '../number/elementary/power.kernel.ts';

/** N of the lattices. */
const sizes = [6, 8, 10, 15, 20, 25, 30, 35, 40];

/** Forces are compared on the lattices that networks are trained on. */
const sizeWithForces = 10;

/** What a run costs at most, as a power of N: this bounds the time at the next size from that at the last. */
const steepest = 6;

/** LAPACK and we both work to about 1e-13 of the spectrum; forces of poles and levels agree to 1e-9. */
const tolerance = 1e-8;

/** A method of ours as it is timed, and the first words of its rows. */
interface Timed {
  readonly series: string;
  readonly method: EnergyMethod;
}

const fusedSeries = 'exact-poles-fused';

/** The first words of the rows of all methods. */
const allSeries: readonly string[] = ['exact-diagonalize', 'exact-poles', fusedSeries];

/** The methods that this engine has. */
const timedMethods = (): readonly Timed[] => [
  { series: 'exact-diagonalize', method: energyMethods.diagonalize },
  { series: 'exact-poles', method: energyMethods.poles },
  ...(hasFused() ? [{ series: fusedSeries, method: energyMethod('poles', defaultTolerance, 'fused') }] : []),
];

const spinsOf = (size: number): SpinConfiguration => sample('sphere')(size, 1, 0);

/**
 * The time that is expected at a size from the row of the last smaller one, in seconds; 0 where there is none. What was not
 * measured there took too long.
 */
const expectedSeconds = (
  rows: readonly BenchRow[],
  series: string,
  size: number,
  valueOf: (row: BenchRow) => number | null,
): number => {
  const [last] = sizes.toReversed().flatMap((smaller) => {
    const row = rows.find(({ name }) => smaller < size && name === `${series}-N${smaller}`);
    return row === undefined ? [] : [{ smaller, milliseconds: valueOf(row) ?? Infinity }];
  });
  return last === undefined ? 0 : 1e-3 * last.milliseconds * pow(size / last.smaller, steepest);
};

interface Found {
  readonly energy: number;
  readonly forces: Reals | null;
}

/** E_MC of spins as a function, with what depends on the model alone made before: poles and weights, say. */
const exactOf = (
  method: EnergyMethod,
  forces: boolean,
): ((spins: SpinConfiguration) => E.Either<MethodError, Found>) => {
  if (forces) {
    return method.energyAndForces(publishedDoubleExchange);
  }
  const energyOf = method.energy(publishedDoubleExchange);
  return (spins) =>
    pipe(
      energyOf(spins),
      E.map((energy): Found => ({ energy, forces: null })),
    );
};

const arraysOf = (
  method: EnergyMethod,
  spins: SpinConfiguration,
  forces: boolean,
): TaskEither<BenchError, PeerArrays> => {
  const exact = exactOf(method, forces);
  return pipe(
    TE.fromIOEither(() => exact(spins)),
    TE.bimap(benchError, (found) => ({
      energy: { shape: [], values: Float64Array.of(found.energy) },
      ...(found.forces === null ? {} : { forces: { shape: [3, spins.size, spins.size], values: found.forces } }),
    })),
  );
};

/** One energy by a method; the peer is timed once for all methods. */
const methodEntry =
  (lab: Laboratory, name: string, method: EnergyMethod, spins: SpinConfiguration, forces: boolean) =>
  (peers: readonly Admitted[]): readonly Entry[] =>
    besidePeers(
      { name, threads: 1, quantity: { tag: 'time' }, ours: lab.timingOf(arraysOf(method, spins, forces)) },
      peers.map(({ threads, peer }) => ({ threads, peer: { ...peer, name: `${peer.name} ${peer.setting}` } })),
    );

/**
 * Rows of one kind of work on one size, with the methods that are wanted and expected to end in time. Beside them LAPACK on the
 * matrix of these spins, which numpy builds by itself; it gives the energies of the fastest method of ours.
 */
const methodEntries = (
  lab: Laboratory,
  size: number,
  forces: boolean,
  chosen: readonly (readonly [name: string, method: EnergyMethod])[],
  peerSeconds: number,
): TaskEither<BenchError, readonly Entry[]> => {
  const spins = spinsOf(size);
  return pipe(
    peerSeconds > lab.options.longest || chosen.length === 0
      ? TE.right([])
      : peersOf(lab, {
          name: chosen.map(([name]) => name).join(', '),
          kinds: [{ script: 'numpy', copy: 'either' }],
          threadCounts: [1],
          work: { ...publishedDoubleExchange, forces },
          arrays: { spins: { shape: [3, size, size], values: spins.components } },
          numbers: arraysOf(energyMethods.poles, spins, forces),
          tolerance,
        }),
    TE.map((peers) => chosen.flatMap(([name, method]) => methodEntry(lab, name, method, spins, forces)(peers))),
  );
};

const atSize = (size: number): Experiment => {
  const rowOf = (series: string): string => `${series}-N${size}`;
  const network = 'exact-efnn';
  return {
    rows: [...allSeries, network].map(rowOf),
    entries: (lab, wanted, before) => {
      const chosen = timedMethods()
        .filter(
          ({ series }) =>
            wanted(rowOf(series)) && expectedSeconds(before, series, size, ({ value }) => value) <= lab.options.longest,
        )
        .map(({ series, method }) => [rowOf(series), method] as const);
      const peerSeconds = Math.max(
        ...allSeries.map((series) => expectedSeconds(before, series, size, ({ peerValue }) => peerValue)),
      );
      return pipe(
        methodEntries(lab, size, false, chosen, peerSeconds),
        TE.chain((entries) =>
          wanted(rowOf(network))
            ? pipe(
                forwardEntries(lab, { name: rowOf(network), size, batch: 1 }),
                TE.map((more) => [...entries, ...more]),
              )
            : TE.right(entries),
        ),
      );
    },
  };
};

const rowWithForces = (series: string): string => `${series}-forces-N${sizeWithForces}`;

const withForces: Experiment = {
  rows: allSeries.map(rowWithForces),
  entries: (lab, wanted) =>
    methodEntries(
      lab,
      sizeWithForces,
      true,
      timedMethods()
        .map(({ series, method }) => [rowWithForces(series), method] as const)
        .filter(([name]) => wanted(name)),
      0,
    ),
};

/** One exact energy by each method, size by size; then the forces of one size. */
export const exactExperiments: readonly Experiment[] = [...sizes.map(atSize), withForces];
