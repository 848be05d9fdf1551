/** What callers of the package get wrong: sizes, shapes, names. The page of the library says what becomes of it. */
import { readdirSync, readFileSync } from 'node:fs';

import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import fc from 'fast-check';
import ts from 'typescript';

import { reference } from '../src/backend/reference/reference.ts';
import { teamOf } from '../src/entry/backends.ts';
import * as exact from '../src/entry/exact.ts';
import * as files from '../src/entry/files.ts';
import * as networks from '../src/entry/networks.ts';
import * as physics from '../src/entry/physics.ts';
import * as training from '../src/entry/training.ts';
import { verify, type Law } from './law.ts';
import { mistakesAreNamed, sizesAreChecked, type SizedCalls, type WrongCalls } from './laws/callers-mistakes.ts';
import { right } from './right.ts';

const { float64 } = networks;
const { publishedDoubleExchange: model } = physics;

/** Spins along z on an N x N lattice; where there is none, those of another. */
const spinsOn = (N: number): physics.SpinConfiguration => ({
  size: N,
  components: physics.ferromagnet(Number.isSafeInteger(N) && N >= 1 && N < 9 ? N : 3).components,
});

const spins = physics.ferromagnet(3);
const ones = (count: number): readonly number[] => Array.from({ length: count }, () => 1);
const onesOn = (N: number): readonly number[] => ones(Number.isSafeInteger(N) && N > 0 && N < 9 ? N * N : 9);

const samples: training.LabelledSamples = {
  count: 2,
  latticeSize: 3,
  spins: Float64Array.of(...spins.components, ...spins.components),
  energies: Float64Array.of(1, 2),
  forces: null,
};

const latticeShape: networks.LatticeShape = { tag: 'lattice', channels: 1, layers: 1, kernel: 1, pairHead: true };
const chainShape: networks.DenseShape = { tag: 'dense', sites: 2, neurons: 1, layers: 1 };
const small = networks.network('efnn', latticeShape);
const chain = networks.network('dnn', chainShape);
const program = right(networks.networkProgram(small));
const field = networks.fieldType(1, 1);

const dataSet: files.DataSet = {
  meta: {
    ...{ system: 'heisenberg', parameters: {}, sampler: 'sphere', seed: 1, firstIndex: 0 },
    ...{ method: 'formula', version: '' },
  },
  sampleShape: [3, 3, 3],
  spins: samples.spins,
  energies: samples.energies,
  forces: O.none,
  couplings: O.none,
};

const exported = { dtype: 'float64', forces: false, version: '', metadata: {} } as const;

const plan: training.TrainingPlan = {
  start: 'published',
  seed: 1,
  epochs: 1,
  batch: 1,
  schedule: { tag: 'oneCycle', peak: 1e-3 },
  weightDecay: 0,
  clip: null,
  forceWeight: null,
};

const prepared = (
  change: Partial<training.TrainingPlan>,
  set: Partial<training.LabelledSamples> = {},
  shape: Partial<networks.LatticeShape> = {},
) =>
  training.prepareTraining(reference, { ...plan, ...change })(
    networks.network('efnn', { ...latticeShape, ...shape }),
    [{ ...samples, ...set }],
    null,
  )();

const weights = networks.initialWeights(1)(program);

const numbersOf = (arrays: networks.Weights): Readonly<Record<string, readonly number[]>> =>
  Object.fromEntries(Object.entries(arrays).map(([name, values]) => [name, [...values]]));

const head = { couplings: [], kernel: Float64Array.of(0), energyPerSite: 1 };

const noOdds = [2, 4];

/** What takes a size, by the names of the function and of what it takes; `lattice` where that is all it takes. */
const sized: SizedCalls = {
  'teamOf threads': { call: teamOf, least: 1 },
  'energyOf lattice': { call: (N) => exact.energyOf(model)(spinsOn(N)), least: 3 },
  'energyAndForcesOf lattice': { call: (N) => exact.energyAndForcesOf(model)(spinsOn(N)), least: 3 },
  'poles lattice': { call: (N) => exact.energyMethods.poles.energy(model)(spinsOn(N)), least: 3 },
  'npzBytes rows': {
    call: (rows) => files.npzBytes({ system: 'heisenberg', sampleShape: [3, 3, 3], forces: false }, rows),
    least: 0,
  },
  'rows from': { call: (from) => files.rows(from, 2)(dataSet), least: 0 },
  'rows to': { call: (to) => files.rows(0, to)(dataSet), least: 0 },
  'split trainCount': { call: (count) => files.split(count)(dataSet), least: 0 },
  'networkOnnx lattice': {
    call: (latticeSize) => files.networkOnnx({ ...exported, latticeSize })({ network: small, weights }),
    least: 1,
  },
  'networkOnnx chain': {
    call: (latticeSize) =>
      files.networkOnnx({ ...exported, latticeSize })({
        network: chain,
        weights: networks.initialWeights(1)(right(networks.networkProgram(chain))),
      }),
    least: 1,
  },
  'initialWeights seed': { call: (seed) => networks.initialWeights(seed)(program), least: Number.MIN_SAFE_INTEGER },
  'networkProgram layers': {
    call: (layers) => networks.networkProgram({ ...chain, shape: { ...chainShape, layers } }),
    least: 1,
  },
  'networkProgram kernel': {
    call: (kernel) => networks.networkProgram({ ...small, shape: { ...latticeShape, kernel } }),
    least: 1,
    alsoWrong: noOdds,
  },
  'onLattice latticeSize': { call: (N) => networks.onLattice(N)({ fixed: 1, perSite: 1 }), least: 1 },
  'parameterCounts latticeSize': { call: (N) => networks.parameterCounts(program, N), least: 1 },
  'parameterTotal latticeSize': { call: (N) => networks.parameterTotal(program, N), least: 1 },
  'evaluate latticeSize': {
    call: (N) => networks.evaluate(float64)(N)(numbersOf(weights), { spins: [0, 0, 1] })(program),
    least: 1,
  },
  'shapeOf latticeSize': { call: (N) => networks.shapeOf(N)(field), least: 1 },
  'lengthOf latticeSize': { call: (N) => networks.lengthOf(N)(field), least: 1 },
  'tiles width': { call: (width) => physics.tiles(width)({ size: 9 }), least: 1, alsoWrong: noOdds },
  'tiles lattice': { call: (N) => physics.tiles(1)({ size: N }), least: 1 },
  'wholeLattice lattice': { call: (N) => physics.wholeLattice({ size: N }), least: 1 },
  'pairCount n': { call: physics.pairCount, least: 0 },
  'effectiveEnergy lattice': {
    call: (N) => physics.effectiveEnergy([[0]], Float64Array.of(1, 2, 3))(spinsOn(N)),
    least: 1,
  },
  'heisenbergGradient lattice': { call: (N) => physics.heisenbergGradient(1)(spinsOn(N)), least: 3 },
  'doubleExchangeMatrix lattice': { call: (N) => physics.doubleExchangeMatrix(model)(spinsOn(N)), least: 3 },
  'isingEnergy lattice': { call: (N) => physics.isingEnergy(float64)({ size: N }, 1)(onesOn(N)), least: 3 },
  'infiniteRangeEnergy sites': {
    call: (sites) => physics.infiniteRangeEnergy(float64)({ sites, spins: 1, couplings: [1] })([1]),
    least: 1,
  },
  'threeSpinEnergies sites': {
    call: (sites) => physics.threeSpinEnergies(sites, new Float64Array(0))(new Float64Array(2)),
    least: 1,
  },
  'threeSpinGradients sites': {
    call: (sites) => physics.threeSpinGradients(sites, new Float64Array(0))(new Float64Array(2)),
    least: 1,
  },
  'sample size': { call: (N) => physics.sample('sphere')(N, 1, 0), least: 1 },
  'sample seed': { call: (seed) => physics.sample('angles')(3, seed, 0), least: Number.MIN_SAFE_INTEGER },
  'sample index': { call: (index) => physics.sample('published')(3, 0, index), least: 0, alsoWrong: [2 ** 32] },
  'planes sites': { call: physics.planes, least: 1 },
  'spinConfiguration size': { call: (N) => physics.spinConfiguration(N, spinsOn(N).components), least: 1 },
  'unitSpins lattice': { call: (N) => physics.unitSpins(spinsOn(N)), least: 1 },
  'latticeOf lattice': { call: (N) => physics.latticeOf(spinsOn(N)), least: 3 },
  'spinAt site': { call: (site) => physics.spinAt(spins)(site), least: 0, alsoWrong: [9] },
  'ferromagnet size': { call: physics.ferromagnet, least: 1 },
  'tile k': { call: (k) => physics.tile(k)(spins), least: 1 },
  'squareLattice size': { call: physics.squareLattice, least: 3 },
  'siteCount lattice': { call: (N) => physics.siteCount({ size: N }), least: 1 },
  'sites lattice': { call: (N) => physics.sites({ size: N }), least: 1 },
  'bonds lattice': { call: (N) => physics.bonds({ size: N }), least: 1 },
  'siteAt lattice': { call: (N) => physics.siteAt({ size: N })(0, 0), least: 1 },
  'pointGroup lattice': { call: (N) => physics.pointGroup({ size: N }), least: 1 },
  'symmetryGroup lattice': { call: (N) => physics.symmetryGroup({ size: N }), least: 1 },
  'siteAt row': { call: (row) => physics.siteAt({ size: 3 })(row, 0), least: Number.MIN_SAFE_INTEGER },
  'siteAt column': { call: (column) => physics.siteAt({ size: 3 })(0, column), least: Number.MIN_SAFE_INTEGER },
  'displaced rows': { call: (rows) => physics.displaced({ size: 3 })(rows, 0)(0), least: Number.MIN_SAFE_INTEGER },
  'displaced columns': { call: (by) => physics.displaced({ size: 3 })(0, by)(0), least: Number.MIN_SAFE_INTEGER },
  'displaced site': { call: (site) => physics.displaced({ size: 3 })(0, 0)(site), least: Number.MIN_SAFE_INTEGER },
  'neighbours site': { call: physics.neighbours({ size: 3 }), least: Number.MIN_SAFE_INTEGER },
  'translation rows': { call: (by) => physics.translation(by, 0)({ size: 3 }), least: Number.MIN_SAFE_INTEGER },
  'translation columns': { call: (by) => physics.translation(0, by)({ size: 3 }), least: Number.MIN_SAFE_INTEGER },
  'afterSteps steps': { call: (steps) => training.afterSteps(steps, {})(training.initialAdam({})), least: 0 },
  'adamScalars step': { call: (step) => training.adamScalars(training.adam, { step, rate: 1, batch: 1 }), least: 1 },
  'adamScalars batch': { call: (batch) => training.adamScalars(training.adam, { step: 1, rate: 1, batch }), least: 1 },
  'batchesOf size': { call: (size) => training.batchesOf(size)([0, 1]), least: 1 },
  'batchesOfSets size': { call: (size) => training.batchesOfSets([samples], size)([0, 1]), least: 1 },
  'splitSamples count': { call: (count) => training.splitSamples(count)(samples), least: 0 },
  'shells kernel': { call: training.shells, least: 1, alsoWrong: noOdds },
  'fitPairs kernel': { call: (kernel) => training.fitPairs(kernel)([samples]), least: 1, alsoWrong: noOdds },
  'pairEnergies kernel': {
    call: (kernel) => training.pairEnergies(kernel, head)(samples),
    least: 1,
    alsoWrong: [2, 3],
  },
  'firstConfigurations most': { call: (most) => training.firstConfigurations(most, samples), least: 0 },
  'prepareTraining seed': { call: (seed) => prepared({ seed }), least: Number.MIN_SAFE_INTEGER },
  'prepareTraining epochs': { call: (epochs) => prepared({ epochs }), least: 0 },
  'prepareTraining batch': { call: (batch) => prepared({ batch }), least: 1 },
};

/** Numbers that are no sizes, and sizes that are checked where the whole is: by `typecheck`, by `checked`, by another in the table. */
const others: Readonly<Record<string, string>> = {
  'couplingsSuit size': 'of data that `checked` has seen',
  'definitions N': 'checked by evaluateBy',
  'evaluateBy latticeSize': 'evaluate is one of them',
  'constant value': 'a number of the program',
  'valueId index': 'a brand, checked by typecheck',
  'mapName layer': 'a part of a name',
  'energyByPolesWith tolerance': 'checked by poleExpansion',
  'energyMethod tolerance': 'checked by poleExpansion',
  'poleExpansion tolerance': 'no size',
  'poleExpansion longest': 'no size',
  'monteCarloEnergy T': 'no size',
  'electronNumber T': 'no size',
  'heisenbergGradient J': 'no size',
  'errorMeasures reference': 'no size',
  ...Object.fromEntries(
    [
      ...['symmetrizationWeights', 'symmetrize', 'convolvedSum'].flatMap((map) => [`${map} channels`, `${map} kernel`]),
      ...['inputField', 'fillField', 'fieldType'].flatMap((made) => [`${made} components`, `${made} channels`]),
      ...['parameterKernel', 'kernelType'].flatMap((made) => [`${made} outputs`, `${made} inputs`, `${made} size`]),
      ...['pairKernel kernel', 'pairHead kernel', 'parameterBias channels', 'biasType channels'],
      ...['kernelGradient size', 'broadcast components', 'slice from', 'slice to'],
    ].map((name) => [name, 'checked by typecheck, with the program']),
  ),
};

const entryFolder = new URL('../src/entry/', import.meta.url);

/** What a body returns: itself, or what its return statements say. */
const returnedBy = (body: ts.ConciseBody): readonly (ts.Expression | undefined)[] =>
  ts.isBlock(body)
    ? body.statements.flatMap((statement) => (ts.isReturnStatement(statement) ? [statement.expression] : []))
    : [body];

const isNumber = ({ type, initializer }: ts.ParameterDeclaration): boolean =>
  type === undefined ? initializer !== undefined && ts.isNumericLiteral(initializer) : /^number\b/.test(type.getText());

/** The numbers that a function takes, and those that functions which it returns take. */
const numbersTakenBy = (node: ts.Node | undefined): readonly string[] => {
  if (node === undefined || !(ts.isArrowFunction(node) || ts.isFunctionTypeNode(node))) {
    return node !== undefined && ts.isParenthesizedTypeNode(node) ? numbersTakenBy(node.type) : [];
  }
  const returned = ts.isArrowFunction(node) ? returnedBy(node.body) : [];
  return [
    ...node.parameters.filter(isNumber).map(({ name }) => name.getText()),
    ...[node.type, ...returned].flatMap(numbersTakenBy),
  ];
};

const parsed = (file: URL): readonly ts.Statement[] => [
  ...ts.createSourceFile(file.pathname, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true).statements,
];

/** What the functions of a module take, `function parameter`, those of all its exports or of some. */
const takenIn = (file: URL, names: readonly string[] | null): readonly string[] =>
  parsed(file)
    .filter((statement) => ts.isVariableStatement(statement))
    .flatMap(({ modifiers, declarationList }) =>
      modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true
        ? [...declarationList.declarations]
        : [],
    )
    .filter(({ name }) => names === null || names.includes(name.getText()))
    .flatMap(({ name, type, initializer }) =>
      [type, initializer].flatMap(numbersTakenBy).map((parameter) => `${name.getText()} ${parameter}`),
    );

/** What all functions of the package take that is a number, by the syntax of the modules that it exports. */
const taken = readdirSync(entryFolder)
  .filter((name) => name.endsWith('.ts'))
  .flatMap((name) => parsed(new URL(name, entryFolder)))
  .filter((statement) => ts.isExportDeclaration(statement))
  .filter(({ isTypeOnly }) => !isTypeOnly)
  .flatMap(({ moduleSpecifier, exportClause }) =>
    moduleSpecifier !== undefined && ts.isStringLiteral(moduleSpecifier)
      ? takenIn(
          new URL(moduleSpecifier.text, entryFolder),
          exportClause !== undefined && ts.isNamedExports(exportClause)
            ? exportClause.elements.map(({ name }) => name.text)
            : null,
        )
      : [],
  );

const everySizeIsKnown: Law<readonly string[], string> = {
  statement:
    'each number that a function of the package takes is in the table of sizes, or there is a reason why it is not',
  cases: fc.constantFrom(...taken),
  holds: (known) => (name) => known.includes(name),
  runs: 20 * taken.length,
};

const page = readFileSync(new URL('README.md', entryFolder), 'utf8');

const pageSaysWhatThrows: Law<string, string> = {
  statement: 'the page of the library names what is thrown for a mistake in a program, and the kinds of mistakes',
  cases: fc.constantFrom('`RangeError`', 'whole number', 'another length', 'temperature', 'types forbid', 'Either'),
  holds: (text) => (said) => text.includes(said) && !text.includes('Nothing throws'),
};

verify(pageSaysWhatThrows, page, {
  'nothing throws': page.replace("Neither throws for a caller's mistake.", "Nothing throws for a caller's mistake."),
});

const tabled = [...Object.keys(sized), ...Object.keys(others)];

verify(everySizeIsKnown, tabled, { 'one is forgotten': tabled.filter((name) => name !== 'fitPairs kernel') });

const withCall = (name: string, call: (size: number) => unknown): SizedCalls => ({
  ...sized,
  [name]: { ...(sized[name] ?? { least: 1 }), call },
});

verify(sizesAreChecked(Object.keys(sized)), sized, {
  'an even kernel has NaN as its couplings': withCall('fitPairs kernel', (kernel) =>
    kernel % 2 === 0 ? { couplings: [NaN], energyPerSite: NaN } : training.fitPairs(kernel)([samples]),
  ),
  'half a site is a lattice': withCall('ferromagnet size', (N) =>
    physics.ferromagnet(N > 0 && N < 9 ? Math.ceil(N) : N),
  ),
  'the words are those of the engine': withCall('batchesOf size', (size) =>
    Array.from({ length: Math.ceil(2 / size) }, (_, b) => [0, 1].slice(b * size, (b + 1) * size)),
  ),
  'a team of no threads': withCall('teamOf threads', (threads) => (threads === 1 ? teamOf(1) : { threads })),
  'any size is exported': withCall('networkOnnx lattice', (latticeSize) =>
    files.networkOnnx({ ...exported, latticeSize: latticeSize === 0 ? null : latticeSize })({
      network: small,
      weights,
    }),
  ),
  'everything is refused': withCall('tile k', (k) => physics.tile(-Math.abs(k))),
});

/** A call with arguments that its types forbid, as programs without types make it. */
const untyped = (f: (...args: never[]) => unknown, ...args: readonly unknown[]): unknown =>
  Reflect.apply(f, undefined, args);

const short: physics.SpinConfiguration = { size: 3, components: spins.components.slice(1) };
const long: physics.SpinConfiguration = { size: 3, components: Float64Array.of(...spins.components, 1) };
const nan: physics.SpinConfiguration = { size: 3, components: spins.components.map((x, i) => (i === 5 ? NaN : x)) };
const infinite: physics.SpinConfiguration = {
  size: 3,
  components: spins.components.map((x, i) => (i === 5 ? Infinity : x)),
};
const noSpins = { short, long, nan, infinite };

const spinReaders: Readonly<Record<string, (configuration: physics.SpinConfiguration) => unknown>> = {
  energyOf: exact.energyOf(model),
  energyAndForcesOf: exact.energyAndForcesOf(model),
  levelsOf: exact.levelsOf(model),
  'poles energy': exact.energyMethods.poles.energy(model),
  'poles energyAndForces': exact.energyMethods.poles.energyAndForces(model),
  heisenbergGradient: physics.heisenbergGradient(1),
  doubleExchangeMatrix: physics.doubleExchangeMatrix(model),
  unitSpins: physics.unitSpins,
  latticeOf: physics.latticeOf,
  effectiveEnergy: (configuration) => physics.effectiveEnergy([[0, 5]], new Float64Array(10).fill(1))(configuration),
};

const lengthReaders: Readonly<Record<string, (configuration: physics.SpinConfiguration) => unknown>> = {
  spinAt: physics.spinAt,
  tile: physics.tile(2),
  pairFeatures: physics.pairFeatures([0]),
  effectiveFeatures: physics.effectiveFeatures([[0]]),
  actOnField: ({ components }) => physics.actOnField(physics.mirror({ size: 3 }))(components),
  configurationsOf: ({ components }) => files.configurationsOf({ sampleShape: [3, 3, 3], spins: components }),
};

const noModels: Readonly<Record<string, physics.DoubleExchange>> = {
  'T = -1': { ...model, T: -1 },
  'T = 0': { ...model, T: 0 },
  'T is NaN': { ...model, T: NaN },
  'T is infinite': { ...model, T: Infinity },
  'J is NaN': { ...model, J: NaN },
  't is infinite': { ...model, t: Infinity },
};

const table = (...parts: readonly WrongCalls[]): WrongCalls =>
  Object.fromEntries(parts.flatMap((part) => Object.entries(part)));

const mistakes: WrongCalls = table(
  ...Object.entries(spinReaders).map(([reader, read]) =>
    Object.fromEntries(
      Object.entries(noSpins).map(([what, configuration]) => [`${reader}, spins ${what}`, () => read(configuration)]),
    ),
  ),
  ...Object.entries(lengthReaders).map(([reader, read]) =>
    Object.fromEntries(
      Object.entries({ short, long }).map(([what, configuration]) => [
        `${reader}, spins ${what}`,
        () => read(configuration),
      ]),
    ),
  ),
  ...Object.entries(noModels).map(([what, none]) => ({
    [`energyOf, ${what}`]: () => exact.energyOf(none)(spins),
    [`energyAndForcesOf, ${what}`]: () => exact.energyAndForcesOf(none)(spins),
    [`poles energy, ${what}`]: () => exact.energyMethods.poles.energy(none)(spins),
    [`poles energyAndForces, ${what}`]: () => exact.energyMethods.poles.energyAndForces(none)(spins),
    [`poleExpansion, ${what}`]: () => exact.poleExpansion(none),
  })),
  {
    'energyOf, a twist of NaN': () => exact.energyOf(model, { x: NaN, y: 0 })(spins),
    'poles, a twist of NaN': () => exact.energyMethods.poles.energy(model, { x: 0, y: NaN })(spins),
    'monteCarloEnergy, T = -1': () => exact.monteCarloEnergy(-1),
    'monteCarloEnergy, T is NaN': () => exact.monteCarloEnergy(NaN),
    'electronNumber, T = 0': () => exact.electronNumber(0),
    'energyMethod of no name': () => untyped(exact.energyMethod, 'foo'),
    'energyMethod of no arithmetic': () =>
      untyped((arithmetic: exact.Arithmetic) => exact.energyMethod('poles', 1e-9, arithmetic), 'foo'),
    'energyMethod of a name that all objects have': () => untyped(exact.energyMethod, 'constructor'),
    'sample by no name': () => untyped((name: physics.Sampler) => physics.sample(name)(3, 1, 0), 'foo'),
    'sample by a name that all objects have': () =>
      untyped((name: physics.Sampler) => physics.sample(name)(3, 1, 0), 'toString'),
    'network of no name': () =>
      untyped((architecture: networks.Architecture) => networks.networkProgram({ ...small, architecture }), 'foo'),
    'network of no shape': () =>
      untyped((tag: 'lattice') => networks.networkProgram({ ...small, shape: { ...latticeShape, tag } }), 'foo'),
    'heisenbergGradient, J is NaN': () => physics.heisenbergGradient(NaN)(spins),
    'heisenbergEnergy, another gradient': () => physics.heisenbergEnergy(spins, new Float64Array(26)),
    'isingEnergy, a spin of 7': () => physics.isingEnergy(float64)({ size: 3 }, 1)([...ones(8), 7]),
    'isingEnergy, a spin of NaN': () => physics.isingEnergy(float64)({ size: 3 }, 1)([...ones(8), NaN]),
    'isingEnergy, a spin of 0': () => physics.isingEnergy(float64)({ size: 3 }, 1)([...ones(8), 0]),
    'isingEnergy, spins missing': () => physics.isingEnergy(float64)({ size: 3 }, 1)(ones(7)),
    'isingEnergy, surplus spins': () => physics.isingEnergy(float64)({ size: 3 }, 1)(ones(10)),
    'infiniteRangeEnergy, surplus spins': () =>
      physics.infiniteRangeEnergy(float64)({ sites: 3, spins: 2, couplings: ones(3) })(ones(4)),
    'infiniteRangeEnergy, spins missing': () =>
      physics.infiniteRangeEnergy(float64)({ sites: 3, spins: 2, couplings: ones(3) })(ones(2)),
    'infiniteRangeEnergy, surplus couplings': () =>
      physics.infiniteRangeEnergy(float64)({ sites: 3, spins: 2, couplings: ones(4) })(ones(3)),
    'threeSpinEnergies, couplings missing': () =>
      physics.threeSpinEnergies(4, new Float64Array(3))(new Float64Array(4)),
    'threeSpinGradients, half a sample': () => physics.threeSpinGradients(4, new Float64Array(4))(new Float64Array(6)),
    'effectiveEnergy, half a site': () => physics.effectiveEnergy([[0.5]], new Float64Array(3))(spins),
    'effectiveEnergy, a site too many': () => physics.effectiveEnergy([[9]], new Float64Array(3))(spins),
    'effectiveEnergy, a coefficient of NaN': () => physics.effectiveEnergy([[0]], Float64Array.of(1, NaN, 1))(spins),
    'pairFeatures, a site too many': () => physics.pairFeatures([9])(spins),
    'effectiveFeatures, half a site': () => physics.effectiveFeatures([[0.5]])(spins),
    'compose, two lattices': () => physics.compose(physics.mirror({ size: 3 }))(physics.mirror({ size: 4 })),
    'fitPairs, an empty list': () => untyped(training.fitPairs(1), []),
    'fitPairs, no samples': () =>
      training.fitPairs(1)([{ ...samples, count: 0, spins: new Float64Array(0), energies: new Float64Array(0) }]),
    'fitPairs, energies missing': () => training.fitPairs(1)([{ ...samples, energies: Float64Array.of(1) }]),
    'fitPairs, an energy of NaN': () => training.fitPairs(1)([{ ...samples, energies: Float64Array.of(1, NaN) }]),
    'fitPairs, spins of a chain': () => training.fitPairs(1)([{ ...samples, spins: Float64Array.of(1, 1) }]),
    'pairEnergies, the fit of another kernel': () => training.pairEnergies(3, head)(samples),
    'errorMeasures, predictions missing': () => training.errorMeasures(samples.energies)(Float64Array.of(1)),
    'errorParts, surplus predictions': () => training.errorParts(samples.energies)(Float64Array.of(1, 2, 3)),
    'prepareTraining, energies missing': () => prepared({}, { energies: Float64Array.of(1) }),
    'prepareTraining, spins of another shape': () => prepared({}, { spins: Float64Array.of(1, 1) }),
    'prepareTraining, an energy of NaN': () => prepared({}, { energies: Float64Array.of(1, NaN) }),
    'prepareTraining, an even kernel': () => prepared({}, {}, { kernel: 2 }),
  },
);

verify(mistakesAreNamed(Object.keys(mistakes)), mistakes, {
  'spins are believed': { ...mistakes, 'heisenbergGradient, spins short': () => E.right(new Float64Array(26)) },
  'surplus spins are left out': {
    ...mistakes,
    'isingEnergy, surplus spins': () => physics.isingEnergy(float64)({ size: 3 }, 1)(ones(9)),
  },
  'the engine says what is wrong': {
    ...mistakes,
    'fitPairs, an empty list': () => {
      throw new TypeError("expected one, got none: Cannot read properties of undefined (reading 'latticeSize')");
    },
  },
});

const spinsAreBlamed: Law<WrongCalls, string> = {
  statement: 'of spins that are none it is the spins that are blamed, not what is computed of them',
  cases: fc.constantFrom(
    ...Object.keys(spinReaders).flatMap((reader) => Object.keys(noSpins).map((what) => `${reader}, spins ${what}`)),
  ),
  holds: (calls) => (name) => {
    const found = E.tryCatch(calls[name] ?? (() => null), String);
    return /spin|numbers, shape/.test(JSON.stringify(found)) && !JSON.stringify(found).includes('QL');
  },
  runs: 200,
};

verify(spinsAreBlamed, mistakes, {
  'the iteration is blamed': {
    ...mistakes,
    'energyOf, spins nan': () => E.left({ message: 'expected the QL iteration to converge, but it did not' }),
  },
});

const rightSpinsAreRead: Law<physics.SpinConfiguration, string> = {
  statement: 'spins that are some are read by every reader that refuses those that are none',
  cases: fc.constantFrom(...Object.keys(spinReaders), ...Object.keys(lengthReaders)),
  holds: (configuration) => (name) => {
    const found = pipe(
      E.tryCatch(
        () => (spinReaders[name] ?? lengthReaders[name])?.(configuration),
        () => 'thrown',
      ),
      E.toUnion,
    );
    return (
      found !== 'thrown' && !(typeof found === 'object' && found !== null && '_tag' in found && found._tag === 'Left')
    );
  },
};

verify(rightSpinsAreRead, spins, { 'one component is missing': short });
