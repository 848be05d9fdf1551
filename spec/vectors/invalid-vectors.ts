/** Vectors of what must be refused, with the error that says why. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { energyOf } from '../../src/exact/monte-carlo-energy.ts';
import { doubleExchange, publishedDoubleExchange, type DoubleExchange } from '../../src/hamiltonian/double-exchange.ts';
import { tiles } from '../../src/hamiltonian/effective-model.ts';
import { infiniteRangeModel } from '../../src/hamiltonian/infinite-range.ts';
import { spinConfiguration } from '../../src/lattice/spins.ts';
import { squareLattice } from '../../src/lattice/square-lattice.ts';
import { network, networkProgram, type Network, type Shape } from '../../src/network/network.ts';
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
} from '../../src/program/expression.ts';
import { symmetry } from '../../src/program/symmetry.ts';
import { typecheck } from '../../src/program/typecheck.ts';
import type { VectorFile } from './schema.ts';

type Case = VectorFile<'invalid.json'>['cases'][number];

interface TaggedError {
  readonly tag: string;
  readonly message: string;
}

const refused = (why: string, what: Case['what'], input: unknown, result: Either<TaggedError, unknown>): Case => {
  if (E.isRight(result)) {
    throw new RangeError(`${why}: accepted, and should be refused`);
  }
  const { tag, message } = result.left;
  return { why, what, input, error: { tag, message } };
};

/** JSON has neither NaN nor infinities. */
const written = (values: readonly number[]): unknown => values.map((x) => (Number.isFinite(x) ? x : String(x)));

const spins = (why: string, latticeSize: number, values: readonly number[]): Case =>
  refused(why, 'spins', { latticeSize, spins: written(values) }, spinConfiguration(latticeSize, values));

const model = (why: string, changed: Partial<DoubleExchange>): Case => {
  const parameters = { ...publishedDoubleExchange, ...changed };
  return refused(why, 'double-exchange', parameters, doubleExchange(parameters));
};

const ofNetwork = (why: string, description: Network): Case =>
  refused(why, 'network', description, networkProgram(description));

const shape = (why: string, changed: Shape): Case => ofNetwork(why, network('efnn', changed));

const program = (why: string, z: Expression): Case => {
  const recorded = record({ z });
  return refused(why, 'program', recorded, typecheck(recorded));
};

const asymmetric = (why: string, z: Expression): Case => {
  const recorded = record({ z });
  return refused(why, 'symmetry', recorded, pipe(typecheck(recorded), E.chain(symmetry)));
};

const lattice = { tag: 'lattice', channels: 3, layers: 2, kernel: 5, pairHead: false } as const;

const dense = { tag: 'dense', sites: 15, neurons: 8, layers: 2 } as const;

const s = inputField('spins', 3, 1);
const x = inputField('x', 1, 2);
const conv = correlate(parameterKernel('K', 2, 1, 3));

const up = (latticeSize: number): readonly number[] =>
  Array.from({ length: 3 * latticeSize ** 2 }, (_, i) => (i >= 2 * latticeSize ** 2 ? 1 : 0));

const fourByFour = E.getOrElseW(() => null)(squareLattice(4));

const small = E.chainW(energyOf(publishedDoubleExchange))(spinConfiguration(2, up(2)));

export const invalidVectors = (): VectorFile<'invalid.json'> => ({
  about:
    'Input that must be refused, not computed. The tag names the kind of error; the message is ours, a port may ' +
    'word its own, as ' +
    'long as it says what was expected and what was got. "NaN" stands for not-a-number. Programs: operations refer to ' +
    'earlier ' +
    'equations by their index.',
  tolerance: 1e-14,
  cases: [
    spins('a spin that is no unit vector: never normalized in silence', 1, [0, 0, 1.01]),
    spins('not a number', 1, [0, NaN, 1]),
    spins('a component is missing', 2, up(2).slice(1)),
    spins('a lattice of no sites', 0, []),
    refused('N = 2: both neighbours on a row are one site', 'energy', { latticeSize: 2, spins: up(2) }, small),
    model('T = 0: take the limit yourself', { T: 0 }),
    model('T < 0: a pole of the Fermi function', { T: -0.1 }),
    refused(
      'a coupling that is not a number',
      'double-exchange',
      { ...publishedDoubleExchange, J: 'NaN' },
      doubleExchange({ ...publishedDoubleExchange, J: NaN }),
    ),
    shape('a network without layers', { ...lattice, layers: 0 }),
    shape('a network without channels', { ...lattice, channels: 0 }),
    shape('half a channel', { ...lattice, channels: 1.5 }),
    shape('a kernel without a centre', { ...lattice, kernel: 4 }),
    shape('a network without neurons', { ...dense, neurons: 0 }),
    ofNetwork('energies in units of 0', { ...network('efnn', lattice), energyScale: 0 }),
    refused(
      'a coupling too few for the triples',
      'r-spin',
      { sites: 4, spins: 3, couplings: [1, 1, 1] },
      infiniteRangeModel({ sites: 4, spins: 3, couplings: [1, 1, 1] }),
    ),
    refused(
      'more spins in a product than there are sites',
      'r-spin',
      { sites: 2, spins: 3, couplings: [] },
      infiniteRangeModel({ sites: 2, spins: 3, couplings: [] }),
    ),
    ...(fourByFour === null
      ? []
      : [
          refused(
            'tiles that do not fill the lattice',
            'effective-model',
            { latticeSize: 4, width: 3 },
            tiles(3)(fourByFour),
          ),
        ]),
    program('channels do not fit the kernel', correlate(parameterKernel('K', 2, 3, 3))(x)),
    program('a vector and a scalar field cannot be added', add(x, inputField('v', 3, 2))),
    asymmetric(
      'a T with a bias points along (1, 1, 1)',
      contract(add(conv(s), broadcast(3)(parameterBias('b', 2))), conv(s)),
    ),
    asymmetric('tanh acts on components, which depend on the axes', total(contract(tanh(s), s))),
    asymmetric('a product component by component', total(contract(multiply(s, s), s))),
    asymmetric('the sum of all components', total(s)),
    asymmetric('a constant vector', contract(s, fillField(3, 1)(constant(1)))),
  ],
});
