/** What must be refused, not computed, with the error that says why. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { energyOf } from '../../../src/exact/monte-carlo-energy.ts';
import {
  doubleExchange,
  publishedDoubleExchange,
  type DoubleExchange,
} from '../../../src/hamiltonian/double-exchange.ts';
import { tiles } from '../../../src/hamiltonian/effective-model.ts';
import { infiniteRangeModel } from '../../../src/hamiltonian/infinite-range.ts';
import { spinConfiguration } from '../../../src/lattice/spins.ts';
import { squareLattice } from '../../../src/lattice/square-lattice.ts';
import { network, networkProgram, type Network, type Shape } from '../../../src/network/network.ts';
import {
  add,
  broadcast,
  constant,
  contract,
  correlate,
  fillField,
  inputField,
  multiply,
  parameterBias,
  parameterKernel,
  record,
  tanh,
  total,
  type Expression,
} from '../../../src/program/expression.ts';
import { symmetry } from '../../../src/program/symmetry.ts';
import { typecheck } from '../../../src/program/typecheck.ts';
import { exact, family, type Case } from '../family.ts';
import { alongZ } from '../numbers.ts';
import { refusalInputs, refused, type RefusalInputs } from './refusal.ts';
import { refusedFiles } from './refused-files.ts';

/** JSON has neither NaN nor infinities. */
const written = (values: readonly number[]): unknown => values.map((x) => (Number.isFinite(x) ? x : String(x)));

const spins = (name: string, why: string, latticeSize: number, values: readonly number[]): Case<RefusalInputs> =>
  refused(
    name,
    why,
    { what: 'spins', given: { latticeSize, spins: written(values) } },
    spinConfiguration(latticeSize, values),
  );

const model = (name: string, why: string, changed: Partial<DoubleExchange>): Case<RefusalInputs> => {
  const parameters = { ...publishedDoubleExchange, ...changed };
  return refused(name, why, { what: 'double-exchange', given: parameters }, doubleExchange(parameters));
};

const ofNetwork = (name: string, why: string, description: Network): Case<RefusalInputs> =>
  refused(name, why, { what: 'network', given: description }, networkProgram(description));

const shape = (name: string, why: string, changed: Shape): Case<RefusalInputs> =>
  ofNetwork(name, why, network('efnn', changed));

const program = (name: string, why: string, z: Expression): Case<RefusalInputs> => {
  const recorded = record({ z });
  return refused(name, why, { what: 'program', given: recorded }, typecheck(recorded));
};

const asymmetric = (name: string, why: string, z: Expression): Case<RefusalInputs> => {
  const recorded = record({ z });
  return refused(name, why, { what: 'symmetry', given: recorded }, pipe(typecheck(recorded), E.chain(symmetry)));
};

const lattice = { tag: 'lattice', channels: 3, layers: 2, kernel: 5, pairHead: false } as const;

const dense = { tag: 'dense', sites: 15, neurons: 8, layers: 2 } as const;

const s = inputField('spins', 3, 1);
const x = inputField('x', 1, 2);
const conv = correlate(parameterKernel('K', 2, 1, 3));

const fourByFour = E.getOrElseW(() => null)(squareLattice(4));

const small = E.chainW(energyOf(publishedDoubleExchange))(spinConfiguration(2, alongZ(2)));

/** The family. */
export const errors = family({
  name: 'errors',
  about:
    'Input that must be refused, not computed: a port answers 1 where it refuses. The tag names the kind of error; the message ' +
    'is ours, a port may word its own, as long as it says what was expected and what was got. In programs operations refer to ' +
    'earlier equations by their index. A file is refused before anything is built from it.',
  inputs: refusalInputs,
  tolerance: exact,
  cases: () => [
    spins('spin-length', 'a spin that is no unit vector: never normalized in silence', 1, [0, 0, 1.01]),
    spins('spin-nan', 'not a number', 1, [0, NaN, 1]),
    spins('spin-component', 'a component is missing', 2, alongZ(2).slice(1)),
    spins('lattice-empty', 'a lattice of no sites', 0, []),
    refused(
      'lattice-two',
      'N = 2: both neighbours on a row are one site',
      { what: 'energy', given: { latticeSize: 2, spins: alongZ(2) } },
      small,
    ),
    model('temperature-zero', 'T = 0: take the limit yourself', { T: 0 }),
    model('temperature-negative', 'T < 0: a pole of the Fermi function', { T: -0.1 }),
    refused(
      'coupling-nan',
      'a coupling that is not a number',
      { what: 'double-exchange', given: { ...publishedDoubleExchange, J: 'NaN' } },
      doubleExchange({ ...publishedDoubleExchange, J: NaN }),
    ),
    shape('layers-none', 'a network without layers', { ...lattice, layers: 0 }),
    shape('channels-none', 'a network without channels', { ...lattice, channels: 0 }),
    shape('channels-half', 'half a channel', { ...lattice, channels: 1.5 }),
    shape('kernel-even', 'a kernel without a centre', { ...lattice, kernel: 4 }),
    shape('neurons-none', 'a network without neurons', { ...dense, neurons: 0 }),
    ofNetwork('scale-zero', 'energies in units of 0', { ...network('efnn', lattice), energyScale: 0 }),
    refused(
      'couplings-few',
      'a coupling too few for the triples',
      { what: 'r-spin', given: { sites: 4, spins: 3, couplings: [1, 1, 1] } },
      infiniteRangeModel({ sites: 4, spins: 3, couplings: [1, 1, 1] }),
    ),
    refused(
      'spins-many',
      'more spins in a product than there are sites',
      { what: 'r-spin', given: { sites: 2, spins: 3, couplings: [] } },
      infiniteRangeModel({ sites: 2, spins: 3, couplings: [] }),
    ),
    ...(fourByFour === null
      ? []
      : [
          refused(
            'tiles-misfit',
            'tiles that do not fill the lattice',
            { what: 'effective-model', given: { latticeSize: 4, width: 3 } },
            tiles(3)(fourByFour),
          ),
        ]),
    program('channels-misfit', 'channels do not fit the kernel', correlate(parameterKernel('K', 2, 3, 3))(x)),
    program('types-mixed', 'a vector and a scalar field cannot be added', add(x, inputField('v', 3, 2))),
    asymmetric(
      'symmetry-bias',
      'a T with a bias points along (1, 1, 1)',
      contract(add(conv(s), broadcast(3)(parameterBias('b', 2))), conv(s)),
    ),
    asymmetric('symmetry-tanh', 'tanh acts on components, which depend on the axes', total(contract(tanh(s), s))),
    asymmetric('symmetry-product', 'a product component by component', total(contract(multiply(s, s), s))),
    asymmetric('symmetry-total', 'the sum of all components', total(s)),
    asymmetric('symmetry-constant', 'a constant vector', contract(s, fillField(3, 1)(constant(1)))),
    ...refusedFiles(),
  ],
});
