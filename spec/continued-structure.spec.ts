/** What the structure of a network can say: only layers that multiply by the bare spins again make new interactions (Fig. 5). */
import { add, multiply, type Field, type Scalar } from '../src/program/expression.ts';
import { verify } from './law.ts';
import {
  affineLatticeNetworks,
  bodiesOnTheLattice,
  degreesForAllWeights,
  oneLayerIsTheEffectiveModel,
  type AffineNetworks,
} from './laws/continued-structure.ts';
import { linearNetworks } from './laws/exact-reduction.ts';

type Energy = (S0: Field) => Scalar;

const squared =
  (energy: Energy): Energy =>
  (S0) =>
    multiply(energy(S0), energy(S0));

const twice =
  (energy: Energy): Energy =>
  (S0) =>
    add(energy(S0), energy(S0));

const wrongNetworks = (networks: AffineNetworks): Readonly<Record<string, AffineNetworks>> => ({
  'the EFNN is a DNN': { ...networks, efnn: networks.dnn },
  'the DNN is an EFNN': { ...networks, dnn: networks.efnn },
  'the ResNet multiplies': { ...networks, resnet: (n) => squared(networks.resnet(n)) },
  'the DenseNet has a layer of an EFNN': { ...networks, densenet: networks.efnn },
  'a layer of the EFNN is left out': { ...networks, efnn: (n) => networks.efnn(Math.max(1, n - 1)) },
});

verify(degreesForAllWeights, linearNetworks, wrongNetworks(linearNetworks));

const lattice = affineLatticeNetworks(1);

verify(bodiesOnTheLattice, lattice, wrongNetworks(lattice));

verify(oneLayerIsTheEffectiveModel, affineLatticeNetworks, {
  'two layers': (C) => ({ ...affineLatticeNetworks(C), efnn: () => affineLatticeNetworks(C).efnn(2) }),
  'a DNN': (C) => ({ ...affineLatticeNetworks(C), efnn: affineLatticeNetworks(C).dnn }),
  'the energy counts twice': (C) => ({
    ...affineLatticeNetworks(C),
    efnn: (n) => twice(affineLatticeNetworks(C).efnn(n)),
  }),
});
