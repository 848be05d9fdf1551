/** The machine check of exact-reduction.md: Ising and r-spin energies as EFNNs with fixed weights (Fig. 1, Eq. 1). */
import * as record from 'fp-ts/lib/Record.js';
import { describe, expect, it } from 'vitest';

import { verify } from '../spec/law.ts';
import {
  affineNetworksStayAffine,
  infiniteRangeIsExact,
  isingIsExact,
  linearNetworks,
  type InfiniteRangeNetwork,
  type IsingNetwork,
} from '../spec/laws/exact-reduction.ts';
import { right } from '../spec/right.ts';
import { infiniteRangeEnergy } from '../src/hamiltonian/infinite-range.ts';
import { exactWidth, infiniteRangeEfnn, infiniteRangeWeights } from '../src/network/infinite-range-efnn.ts';
import { isingEfnn, isingWeights } from '../src/network/ising-efnn.ts';
import { ratio, rational } from '../src/number/rational.ts';
import { binomial } from '../src/number/subsets.ts';
import { evaluate } from '../src/program/evaluate.ts';
import { multiply } from '../src/program/expression.ts';
import { typecheck } from '../src/program/typecheck.ts';

const isingMutants: Readonly<Record<string, IsingNetwork['weights']>> = {
  'every bond counted twice': (field) => (J) => isingWeights(field)(field.add(J, J)),
  'the sign of J': (field) => (J) => isingWeights(field)(field.sub(field.zero, J)),
  'diagonal neighbours': (field) => (J) => {
    const { 'f.0.weight': straight } = isingWeights(field)(J);
    return { 'f.0.weight': straight.map((_, tap) => straight[(tap + 1) % 9] ?? field.zero) };
  },
};

const isingNetwork = (weights: IsingNetwork['weights']): IsingNetwork => ({ program: isingEfnn, weights });

verify(isingIsExact, isingNetwork(isingWeights), record.map(isingNetwork)(isingMutants));

const reversedCouplings: InfiniteRangeNetwork['weights'] = (field) => (model) => (couplings) =>
  infiniteRangeWeights(field)(model)(couplings.toReversed());

const lastCouplingLost: InfiniteRangeNetwork['weights'] = (field) => (model) => (couplings) =>
  infiniteRangeWeights(field)(model)(couplings.slice(0, -1));

const signLost: InfiniteRangeNetwork['weights'] = (field) => (model) => (couplings) =>
  infiniteRangeWeights(field)(model)(couplings.map((J) => field.sub(field.zero, J)));

const infiniteRangeNetwork = (weights: InfiniteRangeNetwork['weights']): InfiniteRangeNetwork => ({
  program: infiniteRangeEfnn,
  weights,
});

verify(infiniteRangeIsExact, infiniteRangeNetwork(infiniteRangeWeights), {
  'couplings in reverse order': infiniteRangeNetwork(reversedCouplings),
  'the last coupling is lost': infiniteRangeNetwork(lastCouplingLost),
  'the sign of H': infiniteRangeNetwork(signLost),
});

verify(affineNetworksStayAffine, linearNetworks, {
  'the EFNN, whose layers multiply': { ...linearNetworks, dnn: linearNetworks.efnn },
  'a ResNet that multiplies by its skipped layer': {
    ...linearNetworks,
    resnet: (n) => (S0) => multiply(linearNetworks.resnet(n)(S0), linearNetworks.resnet(n)(S0)),
  },
});

describe("the paper's three-spin model", () => {
  const model = { sites: 15, spins: 3 };

  it('needs a width of 91 = C(14, 2)', () => {
    expect(exactWidth(model)).toBe(91);
    expect(binomial(14, 2)).toBe(91);
  });

  it('is a 2-layer linear EFNN of width 91, exactly', () => {
    const couplings = Array.from({ length: 455 }, (_, i) => ratio(BigInt(((i * 37) % 101) - 50), BigInt(1 + (i % 7))));
    const spins = Array.from({ length: 15 }, (_, i) => ratio(BigInt(((i * 5) % 11) - 5), 4n));
    const outputs = right(
      evaluate(rational)(1)(infiniteRangeWeights(rational)(model)(couplings), { spins })(
        right(typecheck(infiniteRangeEfnn(model))),
      ),
    );
    const exact = infiniteRangeEnergy(rational)({ ...model, couplings })(spins);
    expect(outputs['energy']?.[0]?.toFraction()).toBe(exact.toFraction());
  });
});
