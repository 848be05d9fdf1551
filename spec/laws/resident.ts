/** The laws of residents, written once, to be run for each backend: `run` and arithmetic in float64 are the oracle. */
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type {
  Arrays,
  Backend,
  BackendError,
  Executable,
  Residency,
  Resident,
  Step,
} from '../../src/backend/backend.ts';
import {
  add,
  correlate,
  inputField,
  kernelGradient,
  parameterKernel,
  parameterScalar,
  record,
  scale,
  constant,
  total,
} from '../../src/program/expression.ts';
import type { MakeResident } from '../../src/backend/schedule/resident.ts';
import type { Program } from '../../src/program/program.ts';
import { typecheck, type TypedProgram } from '../../src/program/typecheck.ts';
import { smallIntegers } from '../arbitraries/program.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';
import { float64Precision, type Precision } from './backend.ts';

/** A square of 3 x 3, one component, one channel in and two out, kernels of 3 x 3. */
const [size, places, weights, data] = [3, 9, 18, 5] as const;

const x = inputField('x', 1, 1);
const K = parameterKernel('K', 2, 1, 3);
const y = correlate(K)(x);

/** The gradient of sum(y^2) / 2 in K, summed over the batch, and sum(y) of each sample. */
const program: Program = record({ loss: total(y), G: kernelGradient(3, x, y) });

/** Descent with momentum: m <- m / 2 + G, K <- K + rate m. */
const momentum = add(scale(constant(0.5))(parameterKernel('m', 2, 1, 3)), parameterKernel('G', 2, 1, 3));
const update: Program = record({ m: momentum, K: add(K, scale(parameterScalar('rate'))(momentum)) });

const residency = (seed: number): Residency => ({
  update,
  state: {
    K: Float64Array.from(smallIntegers(seed, weights)),
    m: Float64Array.from(smallIntegers(seed + 1, weights)),
    spare: Float64Array.of(seed, 0.1),
  },
  latticeSize: size,
  data: { inputs: { x: Float64Array.from(smallIntegers(seed + 2, data * places)) }, batch: data },
  observed: ['loss'],
});

interface Steps {
  readonly seed: number;
  /** The places that each step sees; odd steps bring the samples themselves. */
  readonly batches: readonly (readonly number[])[];
}

const steps: fc.Arbitrary<Steps> = fc.record({
  seed: fc.nat({ max: 999 }),
  batches: fc.array(fc.array(fc.nat({ max: data - 1 }), { minLength: 1, maxLength: 4 }), {
    minLength: 1,
    maxLength: 4,
  }),
});

const samplesAt = ({ data: given }: Residency, batch: readonly number[]) => ({
  inputs: {
    x: Float64Array.from(
      batch.flatMap((place) => [...(given?.inputs['x'] ?? []).slice(place * places, (place + 1) * places)]),
    ),
  },
  batch: batch.length,
});

/** Not a power of two, so that products of the rate are rounded. */
const rateOf = (index: number): number => -0.01 / (index + 3);

const stepOf = (given: Residency, batch: readonly number[], index: number): Step => ({
  samples: index % 2 === 0 ? { places: batch } : samplesAt(given, batch),
  scalars: { rate: rateOf(index) },
});

const done = async <A>(task: TaskEither<BackendError, A>): Promise<A> => right(await task());

const compiled = async (backend: Backend): Promise<Executable> => done(backend.compile(program));

const numbersOf = (arrays: Arrays): string =>
  JSON.stringify(
    Object.entries(arrays)
      .map(([name, numbers]) => [name, ...numbers] as const)
      .toSorted(([a], [b]) => a.localeCompare(b)),
  );

/** How a number is kept in a state of this precision. */
const storedIn = ({ unitRoundoff }: Precision): ((x: number) => number) =>
  unitRoundoff === float64Precision.unitRoundoff ? (x) => x : Math.fround;

const mapArrays = (arrays: Arrays, f: (x: number) => number): Arrays =>
  Object.fromEntries(Object.entries(arrays).map(([name, numbers]) => [name, numbers.map(f)]));

/** What is observed at each step, and the state after the last. */
const stepped = async (resident: Resident, given: Residency, { batches }: Steps): Promise<readonly string[]> => {
  const seen: string[] = [];
  for (const [index, batch] of batches.entries()) {
    seen.push(numbersOf(await done(resident.step(stepOf(given, batch, index)))));
  }
  return [...seen, numbersOf(await done(resident.read))];
};

/** Roundings of a number of the state in one step: of the rate, of a product, and of two sums. */
const roundingsOfStep = 4;

/** To the bit, or by as many roundings from each other as a step has, relative to the largest number of the array. */
const agree =
  ({ unitRoundoff }: Precision) =>
  (expected: Arrays, found: Arrays): boolean =>
    Object.entries(expected).every(([name, numbers]) => {
      const size = numbers.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
      const room = unitRoundoff === float64Precision.unitRoundoff ? 0 : roundingsOfStep * unitRoundoff * size;
      return numbers.every((x, i) => Math.abs(x - (found[name]?.[i] ?? NaN)) <= room);
    });

/** The law of steps on a backend whose state has this precision. */
export const residentStepsAreRuns = (state: Precision): Law<Backend, Steps> => ({
  statement: 'a step of a resident is a run on its state, and then the update, in float64 to the bit',
  cases: steps,
  runs: 40,
  holds: (backend) => async (example) => {
    const executable = await compiled(backend);
    const given = residency(example.seed);
    const resident = await done(executable.resident(given));
    const kept: boolean[] = [];
    for (const [index, batch] of example.batches.entries()) {
      const before = await done(resident.read);
      const { K = new Float64Array(0), m: momentum = new Float64Array(0) } = before;
      const { loss = new Float64Array(0), G = new Float64Array(0) } = await done(
        executable.run({ parameters: { K }, latticeSize: size, ...samplesAt(given, batch) }),
      );
      const m = momentum.map((entry, i) => 0.5 * entry + (G[i] ?? NaN));
      const expected = { ...before, m, K: K.map((entry, i) => entry + rateOf(index) * (m[i] ?? NaN)) };
      const seen = await done(resident.step(stepOf(given, batch, index)));
      kept.push(numbersOf(seen) === numbersOf({ loss }), agree(state)(expected, await done(resident.read)));
    }
    resident.release();
    return kept.every((isKept) => isKept);
  },
});

/** The law of reading on a backend whose state has this precision: it may round what it is handed, once. */
export const readBackIsUpload = (state: Precision): Law<Backend, Steps> => ({
  statement: 'what is read back is what was uploaded or written last, and the arrays are the reader’s own',
  cases: steps,
  runs: 20,
  holds: (backend) => async (example) => {
    const [given, other] = [residency(example.seed), residency(example.seed + 1)];
    const resident = await done((await compiled(backend)).resident(given));
    const first = await done(resident.read);
    const kept = (arrays: Arrays): string => numbersOf(mapArrays(arrays, storedIn(state)));
    const isUpload = numbersOf(first) === kept(given.state);
    await stepped(resident, given, example);
    const stays = numbersOf(first) === kept(given.state);
    await done(resident.write(other.state));
    const isWritten = numbersOf(await done(resident.read)) === kept(other.state);
    resident.release();
    return isUpload && stays && isWritten;
  },
});

export const residentsAreIndependent: Law<Backend, Steps> = {
  statement: 'two residents of one executable, stepped in turns and at once, end as each does alone',
  cases: steps,
  runs: 20,
  holds: (backend) => async (example) => {
    const executable = await compiled(backend);
    const states = [residency(example.seed), residency(example.seed + 7)];
    const alone = await Promise.all(
      states.map(async (given) => stepped(await done((await compiled(backend)).resident(given)), given, example)),
    );
    const residents = await Promise.all(states.map(async (given) => done(executable.resident(given))));
    const together = await Promise.all(
      residents.map(async (resident, index) => stepped(resident, states[index] ?? residency(0), example)),
    );
    return JSON.stringify(alone) === JSON.stringify(together);
  },
};

export const stepsKeepTheirArrays: Law<Backend, Steps> = {
  statement: 'steps of as many samples hand back the same arrays: nothing is allocated for them again',
  cases: steps,
  runs: 20,
  holds: (backend) => async (example) => {
    const given = residency(example.seed);
    const resident = await done((await compiled(backend)).resident(given));
    const batch = example.batches[0] ?? [0];
    const lossOf = async (index: number) => (await done(resident.step(stepOf(given, batch, index))))['loss'];
    const [first, ...others] = [await lossOf(0), await lossOf(1), await lossOf(2)];
    resident.release();
    return first !== undefined && others.every((other) => other === first);
  },
};

/** Bytes of all arrays of the process, but for those of some numbers alone. */
const arrayBytes = (): number => process.memoryUsage().arrayBuffers;

export const stepsMakeNoArrays: Law<Backend, Steps> = {
  statement: 'steps of as many samples as before take no memory for arrays',
  cases: steps,
  runs: 10,
  holds: (backend) => async (example) => {
    const given = residency(example.seed);
    const resident = await done((await compiled(backend)).resident(given));
    // Enough places for arrays that do not lie among other objects.
    const batch = Array.from({ length: 64 }, (_, index) => index % data);
    const grown: boolean[] = [];
    for (const _ of Array(20).keys()) {
      const before = arrayBytes();
      await done(resident.step(stepOf(given, batch, 0)));
      grown.push(arrayBytes() > before);
    }
    resident.release();
    // Other work of the process may take some meanwhile.
    return grown.slice(2).filter((hasGrown) => hasGrown).length <= 4;
  },
};

export const writesMakeNoArrays: Law<Backend, Steps> = {
  statement: 'what is written after a step takes no memory for arrays',
  cases: steps,
  runs: 10,
  holds: (backend) => async (example) => {
    const [given, other] = [residency(example.seed), residency(example.seed + 1)];
    const resident = await done((await compiled(backend)).resident(given));
    await done(resident.step(stepOf(given, [0], 0)));
    const grown: boolean[] = [];
    for (const _ of Array(20).keys()) {
      const before = arrayBytes();
      await done(resident.write(other.state));
      grown.push(arrayBytes() > before);
    }
    resident.release();
    return grown.filter((hasGrown) => hasGrown).length <= 4;
  },
};

/** Both arrays of the state become the same value. */
const alike: Program = record({ m: momentum, K: momentum });

export const namesHaveTheirOwnNumbers: Law<Backend, Steps> = {
  statement: 'where an update returns one value by two names, what is written to one of them leaves the other as it is',
  cases: steps,
  runs: 20,
  holds: (backend) => async (example) => {
    const given = { ...residency(example.seed), update: alike };
    const resident = await done((await compiled(backend)).resident(given));
    for (const place of example.batches.flat()) {
      await done(resident.step({ samples: { places: [place] }, scalars: {} }));
    }
    const { K, ...others } = await done(resident.read);
    const { m = new Float64Array(0) } = residency(example.seed + 1).state;
    await done(resident.write({ m }));
    const after = await done(resident.read);
    resident.release();
    return K !== undefined && numbersOf(after) === numbersOf({ ...others, K, m });
  },
};

/** Sums that are one value by two names, and one that is the same for all samples; the update reads all, and one is observed too. */
const twice = kernelGradient(3, x, y);
const severalSums: Program = record({ loss: total(y), G: twice, H: twice, P: K });
const sumsUp = (state: string, sum: string) => add(parameterKernel(state, 2, 1, 3), parameterKernel(sum, 2, 1, 3));
const sumsUpdates = { m: sumsUp('m', 'G'), n: sumsUp('n', 'H'), constructor: sumsUp('constructor', 'P') };

/** The update, without what becomes of one of its arrays. */
export const sumsUpdateWithout = (left: keyof typeof sumsUpdates | null): Program =>
  record(Object.fromEntries(Object.entries(sumsUpdates).filter(([name]) => name !== left)));

const nothing = new Float64Array(0);

export const sumsAreRead: Law<Backend, Steps> = {
  statement:
    'an update reads each sum by its name, be it one value by two names, the same for all samples, or observed too; names mean nothing else',
  cases: steps,
  runs: 20,
  holds: (backend) => async (example) => {
    const given = residency(example.seed);
    const { K: weight = nothing, m = nothing } = given.state;
    const state = { K: weight, m, n: m, constructor: m, toString: m };
    const executable = await done(backend.compile(right(typecheck(severalSums))));
    const resident = await done(
      executable.resident({ ...given, update: sumsUpdateWithout(null), state, observed: ['loss', 'G'] }),
    );
    const kept: boolean[] = [];
    for (const [index, batch] of example.batches.entries()) {
      const before = await done(resident.read);
      const run = { parameters: { K: weight }, latticeSize: size, ...samplesAt(given, batch) };
      const { G = nothing, P = nothing, loss = nothing } = await done(executable.run(run));
      const plus = (name: string, sum: ArrayLike<number>): Float64Array =>
        Float64Array.from(before[name] ?? [], (entry, i) => entry + (sum[i] ?? NaN));
      const seen = await done(resident.step({ ...stepOf(given, batch, index), scalars: {} }));
      const expected = { ...before, m: plus('m', G), n: plus('n', G), constructor: plus('constructor', P) };
      kept.push(
        numbersOf(seen) === numbersOf({ loss, G }),
        numbersOf(await done(resident.read)) === numbersOf(expected),
      );
    }
    resident.release();
    return kept.every((isKept) => isKept);
  },
};

/** Something that a resident must refuse, and a word that its refusal must contain. */
interface Refused {
  readonly ask: (executable: Executable) => Promise<E.Either<BackendError, unknown>>;
  readonly mentions: string;
}

const good = residency(1);
const goodStep = stepOf(good, [0, 1], 0);

const making = (change: Partial<Residency>, mentions: string): Refused => ({
  ask: async (executable) => executable.resident({ ...good, ...change })(),
  mentions,
});

const asking = (
  ask: (resident: Resident) => TaskEither<BackendError, unknown>,
  mentions: string,
  change: Partial<Residency> = {},
): Refused => ({
  ask: async (executable) => {
    const resident = await done(executable.resident({ ...good, ...change }));
    const before = numbersOf(await done(resident.read));
    const answer = await ask(resident)();
    const after = await resident.read();
    return E.isRight(after) && numbersOf(after.right) !== before ? E.right('the state has changed') : answer;
  },
  mentions,
});

const kernelOf = (outputs: number) => parameterKernel('K', outputs, 1, 3);

const refused: readonly Refused[] = [
  making({ latticeSize: 0 }, 'lattice size'),
  making({ state: { m: new Float64Array(weights) } }, 'state K expects 18 numbers'),
  making({ state: { ...good.state, m: new Float64Array(2) } }, 'state m expects 18 numbers'),
  making({ state: { K: new Float64Array(weights) } }, 'parameter m'),
  making({ observed: ['lost'] }, 'got lost'),
  making({ data: { inputs: {}, batch: 2 } }, 'input x expects 18 numbers'),
  making({ update: record({ K: add(K, scale(constant(NaN))(K)) }) }, 'constant'),
  making({ update: record({ K: kernelOf(3) }) }, 'state K expects 27 numbers'),
  making({ update: record({ Q: K }) }, 'output Q'),
  making({ update: record({ K: scale(total(inputField('s', 1, 1)))(K) }) }, 'input s'),
  making({ update: record({ K: scale(parameterScalar('loss'))(K) }) }, 'parameter loss'),
  asking(({ step }) => step({ ...goodStep, scalars: {} }), 'scalar rate'),
  asking(({ step }) => step({ ...goodStep, samples: { places: [0, data] } }), `got ${data}`),
  asking(({ step }) => step({ ...goodStep, samples: { places: [0.5] } }), 'got 0.5'),
  asking(({ step }) => step({ ...goodStep, samples: { places: [] } }), 'got none'),
  asking(({ step }) => step(goodStep), 'got places', { data: null }),
  asking(({ step }) => step({ ...goodStep, samples: { inputs: {}, batch: 1 } }), 'input x expects 9 numbers'),
  asking(({ write }) => write({ K: new Float64Array(2) }), 'state K expects 18 numbers'),
  asking(({ write }) => write({ L: new Float64Array(2) }), 'got L'),
  ...[
    (resident: Resident) => resident.step(goodStep),
    (resident: Resident) => resident.write({}),
    (resident: Resident) => resident.read,
  ].map((ask) =>
    asking((resident) => {
      resident.release();
      return ask(resident);
    }, 'released'),
  ),
];

export const residentRefusals: Law<Backend, Refused> = {
  statement:
    'residents refuse wrong names, lengths, places and updates, and all after their release, and stay as they were',
  cases: fc.constantFrom(...refused),
  runs: 100,
  holds:
    (backend) =>
    async ({ ask, mentions }) => {
      const answer = await ask(await compiled(backend));
      return E.isLeft(answer) && answer.left.message.includes(mentions);
    },
};

/** What is asked of a resident, one after the other and without waiting. */
type Asked = 'step' | 'read' | 'write' | 'release';

const asked: fc.Arbitrary<readonly Asked[]> = fc
  .tuple(
    fc.array(fc.constantFrom<Asked>('step', 'read', 'write'), { minLength: 1, maxLength: 4 }),
    fc.array(fc.constantFrom<Asked>('step', 'read', 'write', 'release'), { maxLength: 3 }),
  )
  .map(([before, after]) => [...before, 'release', ...after]);

/** Makes residents of a program with all checks, from one that makes none. */
export type MakeResidents = (program: TypedProgram, make: MakeResident) => Executable['resident'];

export const releasesTakeTheirTurn: Law<MakeResidents, readonly Asked[]> = {
  statement:
    'a release waits for what was asked before it, gives back once, and all that is asked after it is refused and never begun',
  cases: asked,
  holds: (residentsOf) => async (all) => {
    const log = new Array<string>();
    const slowly =
      <A>(name: Asked, result: A): TaskEither<BackendError, A> =>
      async () => {
        log.push(`${name} begins`);
        await new Promise((resolve) => setTimeout(resolve, 0));
        log.push(`${name} ends`);
        return E.right(result);
      };
    const make: MakeResident = () =>
      TE.right({
        step: () => slowly('step', {}),
        write: () => slowly('write', undefined),
        read: slowly('read', {}),
        release: () => {
          log.push('release');
        },
      });
    const resident = await done(residentsOf(right(typecheck(program)), make)(good));
    const answers = await Promise.all(
      all.map(async (what): Promise<boolean | null> => {
        switch (what) {
          case 'release':
            resident.release();
            return null;
          case 'step':
            return E.isRight(await resident.step(goodStep)());
          case 'write':
            return E.isRight(await resident.write({})());
          case 'read':
            return E.isRight(await resident.read());
        }
      }),
    );
    // A release hands nothing back: what is asked after it is answered later than it is done.
    await resident.read();
    const end = all.indexOf('release');
    return (
      log.join() === [...all.slice(0, end).flatMap((what) => [`${what} begins`, `${what} ends`]), 'release'].join() &&
      answers.every((answer, index) => answer === null || answer === index < end)
    );
  },
};
