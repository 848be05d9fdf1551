/**
 * The reduction of z - H to every second diagonal line in WebAssembly, compiled for each size: `plain-diagonal-lines.kernel.ts`
 * says what each kernel computes, in the same order. Sites of a line lie one after the other, so that every hop goes to the next
 * block, or round the line.
 */
import type { ProductSums } from '../../assembler/arithmetic.ts';
import {
  advance,
  after,
  assign,
  call,
  f64x2,
  i32,
  timesOf,
  when,
  type Body,
  type Expression,
  type Local,
} from '../../assembler/expression.ts';
import { numberBytes } from '../../assembler/kernel-module.ts';
import { goRound } from '../../assembler/loops.ts';
import { defineFunction, type FunctionDefinition } from '../../assembler/module.ts';
import type { DoubleExchange, Twist } from '../../hamiltonian/double-exchange.ts';
import type { SpinConfiguration } from '../../lattice/spins.ts';
import { blockNumbers } from '../../linear/block-cyclic-matrix.ts';
import { addLogarithms, type ComplexLogarithm } from '../../linear/definite-inverse.kernel.ts';
import { cleared } from '../../linear/wasm/copy.kernel.ts';
import { hoppingAmplitudes, type Complex, type HoppingAmplitudes } from '../hopping-amplitudes.ts';
import {
  addScaled,
  blockBytes,
  blockOf,
  clearBlock,
  entryBytes,
  exchanged,
  factorAt,
  factorBytes,
  factorNumbers,
  factorOf,
  loadBlock,
  multiplyBlocks,
  product,
  storeBlock,
  type Factor,
} from './block-arithmetic.kernel.ts';

/** The complex factors that the kernels read, one after the other. */
const factorsOf = (hops: HoppingAmplitudes): readonly Complex[] => {
  const { after: next, before, steps, stepsBack, squareA, squareB, aOverB, bOverA, bare, bareBack } = hops;
  return [
    ...[next.squareB, next.squareA, next.forward, next.backward],
    ...[before.squareB, before.squareA, before.forward, before.backward],
    ...[steps.none, steps.one, steps.two],
    ...[stepsBack.none, stepsBack.one, stepsBack.two],
    ...[squareB, squareA, aOverB, bOverA],
    ...[bare.down, bare.right],
    ...[bareBack.down, bareBack.right],
  ];
};

/** Where in them each kernel's begin. */
const firstFactor = {
  loopsAfter: 0,
  loopsBefore: 4,
  steps: 8,
  stepsBack: 11,
  /** What eliminated sites see. */
  neighbours: 14,
  bare: 18,
  bareBack: 20,
} as const;

const factorCount = 22;

/** Moves a place in a row-major array along a line: to the next column, and up by a row, from the first to the last. */
const alongLine = (place: Local<'i32'>, size: number, itemBytes: number): Body => [
  when(i32.isLess(place, i32.constant(size * itemBytes)), advance(place, size * size * itemBytes)),
  advance(place, (1 - size) * itemBytes),
];

/**
 * Parameters: spins, the first site of a line in them, z + mu and J / 2, blocks. D_x = z + mu + (J / 2) s . sigma for each site of
 * a line; from one to the next the column grows and the row falls.
 */
const lineFunction = (size: number): FunctionDefinition =>
  defineFunction('line', ({ parameter, local }) => {
    const [spins, first, parameters, blocks] = [parameter(), parameter(), parameter(), parameter()];
    const [site, place, from] = [local('i32'), local('i32'), local('i32')];
    const plane = size * size * numberBytes;
    const [z, half] = [local('v128'), local('v128')];
    const [x, y, s] = [local('v128'), local('v128'), local('v128')];
    const { add, subtract, multiply, loadSplat, shuffle, constant } = f64x2;
    const zero = constant(0);
    return [
      assign(z, f64x2.load(parameters)),
      assign(half, f64x2.load(parameters, entryBytes)),
      assign(place, first),
      timesOf(site, i32.constant(size), [
        assign(from, i32.add(spins, place)),
        assign(x, multiply(half, loadSplat(from))),
        assign(y, multiply(half, loadSplat(from, plane))),
        // (s_z, 0), which leaves the imaginary part alone.
        assign(s, shuffle(0, 2)(multiply(half, loadSplat(from, 2 * plane)), zero)),
        f64x2.store(blocks, add(z, s)),
        f64x2.store(blocks, shuffle(0, 2)(x, f64x2.negate(y)), entryBytes),
        f64x2.store(blocks, shuffle(0, 2)(x, y), 2 * entryBytes),
        f64x2.store(blocks, subtract(z, s), 3 * entryBytes),
        advance(blocks, blockBytes),
        alongLine(place, size, numberBytes),
      ]),
    ];
  });

/**
 * Parameters: blocks, pivots. Each block [[a, b], [c, d]] of a line is replaced by its inverse, and leaves its pivots a and
 * det / a.
 */
const inverseFunction = (size: number): FunctionDefinition =>
  defineFunction('invertBlocks', (scope) => {
    const { parameter, local } = scope;
    const [blocks, pivots, site] = [parameter(), parameter(), local('i32')];
    const block = blockOf(scope);
    const [a, b, c, d] = block;
    const [det, inverse, negative] = [local('v128'), local('v128'), local('v128')];
    const { add, subtract, multiply, divide, negate, shuffle } = f64x2;
    /** (|v|^2, |v|^2), as the square of the real part and then that of the imaginary part. */
    const squared = (v: Local<'v128'>): Expression<'v128'> => {
      const squares = multiply(v, v);
      return add(shuffle(0, 0)(squares, squares), shuffle(1, 1)(squares, squares));
    };
    return timesOf(site, i32.constant(size), [
      loadBlock(block, blocks),
      assign(det, subtract(product(factorOf(a), d), product(factorOf(b), c))),
      f64x2.store(pivots, a),
      // det a* / |a|^2
      f64x2.store(
        pivots,
        divide(
          add(
            multiply(det, shuffle(0, 0)(a, a)),
            multiply(exchanged(det), multiply(shuffle(1, 1)(a, a), f64x2.constant(1, -1))),
          ),
          squared(a),
        ),
        entryBytes,
      ),
      assign(inverse, divide(multiply(det, f64x2.constant(1, -1)), squared(det))),
      assign(negative, negate(inverse)),
      f64x2.store(blocks, product(factorOf(inverse), d)),
      f64x2.store(blocks, product(factorOf(negative), b), entryBytes),
      f64x2.store(blocks, product(factorOf(negative), c), 2 * entryBytes),
      f64x2.store(blocks, product(factorOf(inverse), a), 3 * entryBytes),
      advance(blocks, blockBytes),
      advance(pivots, 2 * entryBytes),
    ]);
  });

/**
 * Parameters: inverses E of an eliminated line, factors, the line's three blocks a site. Hops to the eliminated line and back:
 * site x meets its site x and its site x + 1, or x - 1 in the line before.
 */
const loopsFunction = (sums: ProductSums, size: number, name: string, direction: 1 | -1): FunctionDefinition =>
  defineFunction(name, (scope) => {
    const { parameter, local } = scope;
    const [inverses, factors, diagonal] = [parameter(), parameter(), parameter()];
    const [site, here, there] = [local('i32'), local('i32'), local('i32')];
    const [block, other, sum] = [blockOf(scope), blockOf(scope), blockOf(scope)];
    const length = size * blockBytes;
    const factor = (k: number): Factor => factorAt(factors, k * factorBytes);
    const [squareB, squareA, forward, backward] = [factor(0), factor(1), factor(2), factor(3)];
    const [onward, back] = direction === 1 ? [2 * length, 0] : [0, 2 * length];
    return [
      assign(here, inverses),
      assign(there, after(inverses, direction === 1 ? blockBytes : length - blockBytes)),
      timesOf(site, i32.constant(size), [
        loadBlock(block, here),
        loadBlock(other, there),
        loadBlock(sum, diagonal, length),
        addScaled(sums, sum, squareB, block),
        addScaled(sums, sum, squareA, other),
        storeBlock(diagonal, sum, length),
        loadBlock(sum, diagonal, onward),
        addScaled(sums, sum, forward, other),
        storeBlock(diagonal, sum, onward),
        loadBlock(sum, diagonal, back),
        addScaled(sums, sum, backward, block),
        storeBlock(diagonal, sum, back),
        advance(here, blockBytes),
        goRound(there, blockBytes, inverses, length),
        advance(diagonal, blockBytes),
      ]),
    ];
  });

/** Parameters: inverses E of an eliminated line, factors, three blocks a site. Steps over the line by 0, 1 and 2 sites. */
const stepsFunction = (sums: ProductSums, size: number): FunctionDefinition =>
  defineFunction('steps', (scope) => {
    const { parameter, local } = scope;
    const [inverses, factors, blocks] = [parameter(), parameter(), parameter()];
    const [site, here, right] = [local('i32'), local('i32'), local('i32')];
    const [block, other, sum] = [blockOf(scope), blockOf(scope), blockOf(scope)];
    const length = size * blockBytes;
    const factor = (k: number): Factor => factorAt(factors, k * factorBytes);
    const [none, one, two] = [factor(0), factor(1), factor(2)];
    return [
      assign(here, inverses),
      assign(right, after(inverses, blockBytes)),
      timesOf(site, i32.constant(size), [
        loadBlock(block, here),
        loadBlock(other, right),
        clearBlock(sum),
        addScaled(sums, sum, none, block),
        storeBlock(blocks, sum),
        clearBlock(sum),
        addScaled(sums, sum, one, block),
        addScaled(sums, sum, one, other),
        storeBlock(blocks, sum, length),
        clearBlock(sum),
        addScaled(sums, sum, two, other),
        storeBlock(blocks, sum, 2 * length),
        advance(here, blockBytes),
        goRound(right, blockBytes, inverses, length),
        advance(blocks, blockBytes),
      ]),
    ];
  });

/** Parameters: three blocks a site of a line that remains, the first site, the blocks of all sites. */
const remainingFunction = (size: number): FunctionDefinition =>
  defineFunction('remaining', (scope) => {
    const { parameter, local } = scope;
    const [diagonal, first, found] = [parameter(), parameter(), parameter()];
    const [site, place] = [local('i32'), local('i32')];
    const block = blockOf(scope);
    return [
      assign(place, first),
      timesOf(site, i32.constant(size), [
        loadBlock(block, diagonal, size * blockBytes),
        storeBlock(i32.add(found, place), block),
        advance(diagonal, blockBytes),
        alongLine(place, size, blockBytes),
      ]),
    ];
  });

/**
 * Parameters: the inverse's blocks of the line before and of the line after, those of their coupling, E of the eliminated line
 * between them, factors, the first site, the blocks of all sites. E + E (hops G hops) E.
 */
const eliminatedFunction = (sums: ProductSums, size: number): FunctionDefinition =>
  defineFunction('eliminated', (scope) => {
    const { parameter, local } = scope;
    const [before, next, upper, lower] = [parameter(), parameter(), parameter(), parameter()];
    const [inverses, factors, first, found] = [parameter(), parameter(), parameter(), parameter()];
    const [site, place, from] = [local('i32'), local('i32'), local('i32')];
    // Bytes from the start of a line to the site, to the one before it and to the one after it.
    const [here, back, on] = [local('i32'), local('i32'), local('i32')];
    const [block, E, hops, half, whole] = [
      ...[blockOf(scope), blockOf(scope), blockOf(scope)],
      ...[blockOf(scope), blockOf(scope)],
    ] as const;
    const length = size * blockBytes;
    const addHops = (factor: number, line: Local<'i32'>, j: 0 | 1 | 2, at: Local<'i32'>): Body => [
      assign(from, i32.add(line, at)),
      loadBlock(block, from, j * length),
      addScaled(sums, hops, factorAt(factors, factor * factorBytes), block),
    ];
    const { neighbours, steps, stepsBack } = firstFactor;
    const [squareB, squareA, aOverB, bOverA] = [neighbours, neighbours + 1, neighbours + 2, neighbours + 3];
    return [
      assign(place, first),
      assign(here, i32.constant(0)),
      assign(back, i32.constant(length - blockBytes)),
      assign(on, i32.constant(blockBytes)),
      timesOf(site, i32.constant(size), [
        clearBlock(hops),
        // From the sites x (down, b*) and x - 1 (right, a*) of the line before, to them by b and a.
        addHops(squareB, before, 1, here),
        addHops(squareA, before, 1, back),
        addHops(aOverB, before, 0, here),
        addHops(bOverA, before, 2, back),
        // The sites x (b) and x + 1 (a) of the line after, to them by b* and a*.
        addHops(squareB, next, 1, here),
        addHops(squareA, next, 1, on),
        addHops(bOverA, next, 2, here),
        addHops(aOverB, next, 0, on),
        // From before to after, and from after to before.
        addHops(stepsBack, upper, 0, here),
        addHops(stepsBack + 1, upper, 1, here),
        addHops(stepsBack + 1, upper, 1, back),
        addHops(stepsBack + 2, upper, 2, back),
        addHops(steps, lower, 0, here),
        addHops(steps + 1, lower, 1, here),
        addHops(steps + 1, lower, 1, back),
        addHops(steps + 2, lower, 2, back),
        assign(from, i32.add(inverses, here)),
        loadBlock(E, from),
        multiplyBlocks(scope, sums, E, hops, half),
        multiplyBlocks(scope, sums, half, E, whole),
        whole.map((entry, k) => assign(entry, f64x2.add(entry, E[k]!))),
        storeBlock(i32.add(found, place), whole),
        advance(here, blockBytes),
        goRound(back, blockBytes, i32.constant(0), length),
        goRound(on, blockBytes, i32.constant(0), length),
        alongLine(place, size, blockBytes),
      ]),
    ];
  });

/** Parameters: the three blocks a site of a line. */
const clearFunction = (size: number): FunctionDefinition =>
  defineFunction('clearBlocks', (scope) => cleared(scope, scope.parameter(), (3 * size * blockNumbers) / 8));

/** Parameters: factors down and right, three blocks a site. The coupling of neighbours: to the same site and to the next one. */
const bareFunction = (size: number): FunctionDefinition =>
  defineFunction('bare', ({ parameter, local }) => {
    const [factors, blocks] = [parameter(), parameter()];
    const site = local('i32');
    const entries = [local('v128'), local('v128')];
    const length = size * blockBytes;
    return [
      entries.map((entry, j) => {
        const { re, im } = factorAt(factors, j * factorBytes);
        return assign(entry, f64x2.shuffle(0, 3)(re, im));
      }),
      timesOf(site, i32.constant(size), [
        entries.map((entry, j) => [
          f64x2.store(blocks, entry, j * length),
          f64x2.store(blocks, entry, j * length + 3 * entryBytes),
        ]),
        advance(blocks, blockBytes),
      ]),
    ];
  });

/** The functions for N x N lattices. */
export const diagonalLineFunctions = (sums: ProductSums, size: number): readonly FunctionDefinition[] => [
  lineFunction(size),
  inverseFunction(size),
  clearFunction(size),
  loopsFunction(sums, size, 'loopsAfter', 1),
  loopsFunction(sums, size, 'loopsBefore', -1),
  stepsFunction(sums, size),
  bareFunction(size),
  remainingFunction(size),
  eliminatedFunction(sums, size),
];

/** Where in the memory what lies, in numbers. */
export interface DiagonalLinePlaces {
  /** [3, N, N]. */
  readonly spins: number;
  /** z + mu, and J / 2 twice. */
  readonly parameters: number;
  readonly factors: number;
  /** The blocks of each eliminated line, inverted, and their pivots. */
  readonly eliminated: readonly number[];
  readonly pivots: readonly number[];
  /** The diagonal blocks of the inverse at every site. */
  readonly found: number;
  /** Where the next thing may lie. */
  readonly end: number;
}

/** The places from a first one on. */
export const diagonalLinePlaces = (size: number, first: number): DiagonalLinePlaces => {
  let end = first;
  const allot = (count: number): number => {
    end += count;
    return end - count;
  };
  const each = (count: number): readonly number[] => Array.from({ length: Math.floor(size / 2) }, () => allot(count));
  const places = {
    eliminated: each(size * blockNumbers),
    pivots: each(4 * size),
    found: allot(size * size * blockNumbers),
    parameters: allot((2 * entryBytes) / numberBytes),
    factors: allot((factorCount * factorBytes) / numberBytes),
    // Last, so that a number that is odd displaces nothing that is read as vectors.
    spins: allot(3 * size * size),
  };
  return { ...places, end };
};

/** A few numbers one by one: an engine takes longer to set a part of an array from a list. */
/**
 * Writes what the calls read of a configuration, and gives how z is written. The factors are those of all configurations, but
 * another model may have written its own.
 */
export const configurationWriter = (
  size: number,
  { spins, factors, parameters }: DiagonalLinePlaces,
  memory: Float64Array,
  ...[model, twist]: readonly [DoubleExchange, Twist]
): ((configuration: SpinConfiguration) => (zRe: number, zIm: number) => void) => {
  const numbers = Float64Array.from(
    factorsOf(hoppingAmplitudes(size, model, twist)).flatMap(([re, im]) => factorNumbers(re, im)),
  );
  return ({ components }) => {
    memory.set(components, spins);
    memory.set(numbers, factors);
    memory[parameters + 2] = model.J / 2;
    memory[parameters + 3] = model.J / 2;
    return (zRe, zIm) => {
      memory[parameters] = zRe + model.mu;
      memory[parameters + 1] = zIm;
    };
  };
};

/** Adds the logarithms of the pivots of the eliminated lines. */
export const addLinePivots = (
  size: number,
  { pivots }: DiagonalLinePlaces,
  memory: Float64Array,
  logarithm: ComplexLogarithm,
): void => {
  pivots.forEach((place) => {
    addLogarithms(logarithm, memory, place, 2 * size);
  });
};

/** Where the blocks of the lines that remain lie. */
export interface BlockPlaces {
  readonly diagonals: readonly number[];
  readonly uppers: readonly number[];
  readonly lowers: readonly number[];
}

/** A call of a function with places. */
const callAt = (name: string, ...places: readonly number[]): Body =>
  call(name, ...places.map((place) => i32.constant(place * numberBytes)));

/** From spins and z to the blocks of the lines that remain. */
export const reductionCalls = (size: number, places: DiagonalLinePlaces, matrix: BlockPlaces): Body => {
  const { spins, parameters, factors, eliminated, pivots } = places;
  const line = size * blockNumbers;
  const factorOf = (name: keyof typeof firstFactor): number =>
    factors + (firstFactor[name] * factorBytes) / numberBytes;
  const lineOf = (s: number, blocks: number): Body => callAt('line', spins, s * size, parameters, blocks);
  return [
    eliminated.map((inverses, i) => [lineOf(2 * i + 1, inverses), callAt('invertBlocks', inverses, pivots[i]!)]),
    matrix.diagonals.map((blocks, i) => {
      const [upper, lower] = [matrix.uppers[i]!, matrix.lowers[i]!];
      const next = eliminated[i];
      // For odd N no line lies between the last and the first.
      const before = i > 0 || size % 2 === 0 ? eliminated.at(i - 1) : undefined;
      return [
        callAt('clearBlocks', blocks),
        lineOf(2 * i, blocks + line),
        next === undefined
          ? [
              ...[callAt('clearBlocks', upper), callAt('bare', factorOf('bare'), upper)],
              ...[callAt('clearBlocks', lower), callAt('bare', factorOf('bareBack'), lower)],
            ]
          : [
              callAt('loopsAfter', next, factorOf('loopsAfter'), blocks),
              callAt('steps', next, factorOf('steps'), upper),
              callAt('steps', next, factorOf('stepsBack'), lower),
            ],
        before === undefined ? [] : callAt('loopsBefore', before, factorOf('loopsBefore'), blocks),
      ];
    }),
  ];
};

/** From the selected inverse, in the place of the blocks, to its diagonal blocks at every site. */
export const diagonalBlockCalls = (size: number, places: DiagonalLinePlaces, inverse: BlockPlaces): Body => {
  const { factors, eliminated, found } = places;
  const line = size * blockNumbers;
  const { diagonals, uppers, lowers } = inverse;
  return [
    diagonals.map((blocks, i) => callAt('remaining', blocks, 2 * i * line, found)),
    eliminated.map((inverses, i) => {
      const next = diagonals[(i + 1) % diagonals.length]!;
      const around = [diagonals[i]!, next, uppers[i]!, lowers[i]!];
      return callAt('eliminated', ...around, inverses, factors, (2 * i + 1) * line, found);
    }),
  ];
};
