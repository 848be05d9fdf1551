/** The job behind Fig. 1: energies of random configurations by EFNN and by formula, compared in exact rationals. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as State from 'fp-ts/lib/State.js';

import { publishedSites, tripleCount } from '../dataset/three-spin.ts';
import { infiniteRangeEnergy } from '../hamiltonian/infinite-range.ts';
import { isingEnergy } from '../hamiltonian/ising.ts';
import { exactWidth, infiniteRangeEfnn, infiniteRangeWeights } from '../network/infinite-range-efnn.ts';
import { isingEfnn, isingWeights } from '../network/ising-efnn.ts';
import { rational, ratio, type Rational } from '../number/rational.ts';
import type { Reals } from '../number/reals.ts';
import { evaluate, type Values } from '../program/evaluate.ts';
import type { Program } from '../program/program.ts';
import { typecheck, type ProgramError } from '../program/typecheck.ts';
import { drawn, integersBelow } from '../random/draw.ts';
import { streamOf } from '../random/stream.ts';
import type { ExactReductionJob } from './job.ts';
import type { ResultOf } from './result.ts';

interface RandomCase {
  readonly spins: readonly Rational[];
  readonly couplings: readonly Rational[];
}

const model = { sites: publishedSites, spins: 3 };

const isingSizes: readonly number[] = [3, 4, 5, 6];

/** Couplings p/4 with |p| <= 8, and spins from the values given. */
const randomCase = (
  seed: number,
  index: number,
  values: readonly Rational[],
  spins: number,
  couplings: number,
): RandomCase => {
  const rationals = (choices: readonly Rational[]) => (picks: Reals) =>
    Array.from(picks, (pick) => choices[pick] ?? rational.zero);
  const quarters = Array.from({ length: 17 }, (_, p) => ratio(BigInt(p - 8), 4n));
  return drawn(streamOf(seed, index))(
    pipe(
      integersBelow(values.length)(spins),
      State.map(rationals(values)),
      State.bindTo('spins'),
      State.bind('couplings', () => pipe(integersBelow(17)(couplings), State.map(rationals(quarters)))),
    ),
  );
};

const energyOf = (
  program: Program,
  latticeSize: number,
  weights: Values<Rational>,
  spins: readonly Rational[],
): Either<ProgramError, Rational> =>
  pipe(
    typecheck(program),
    E.chain(evaluate(rational)(latticeSize)(weights, { spins })),
    E.map(({ energy }) => energy?.[0] ?? rational.zero),
  );

const isingAgrees = (seed: number, index: number): Either<ProgramError, boolean> => {
  const size = isingSizes[index % isingSizes.length] ?? 3;
  const { spins, couplings } = randomCase(seed, index, [rational.one, ratio(-1n, 1n)], size * size, 1);
  const J = couplings[0] ?? rational.one;
  return pipe(
    energyOf(isingEfnn, size, isingWeights(rational)(J), spins),
    E.map((energy) => energy.equals(isingEnergy(rational)({ size }, J)(spins))),
  );
};

const threeSpinAgrees = (seed: number, index: number): Either<ProgramError, boolean> => {
  const values = [rational.zero, rational.one, ratio(-1n, 2n), ratio(3n, 4n)];
  const { spins, couplings } = randomCase(seed, index, values, model.sites, tripleCount(model.sites));
  return pipe(
    energyOf(infiniteRangeEfnn(model), 1, infiniteRangeWeights(rational)(model)(couplings), spins),
    E.map((energy) => energy.equals(infiniteRangeEnergy(rational)({ ...model, couplings })(spins))),
  );
};

/** How often the EFNN's energy differs from the formula's: never, or the theorem is wrong. */
export const exactReduction = ({
  cases,
  seed,
}: ExactReductionJob): Either<ProgramError, ResultOf<'exact-reduction'>> => {
  const indices = Array.from({ length: cases }, (_, index) => index);
  const mismatches = (agrees: (caseSeed: number, index: number) => Either<ProgramError, boolean>, caseSeed: number) =>
    pipe(
      indices,
      E.traverseArray((index) => agrees(caseSeed, index)),
      E.map((all) => all.filter((same) => !same).length),
    );
  return pipe(
    E.Do,
    E.apS('isingMismatches', mismatches(isingAgrees, seed)),
    E.apS('threeSpinMismatches', mismatches(threeSpinAgrees, seed + 1)),
    E.map((found) => ({
      tag: 'exact-reduction',
      isingCases: cases,
      threeSpinCases: cases,
      threeSpinWidth: exactWidth(model),
      ...found,
    })),
  );
};
