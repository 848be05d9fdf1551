/** Kernels that sum, all in a fixed order: over the entries of a sample, over a batch, and up what a batch was summed to in parts. */
import { meaningOf, type ValueId } from '../../program/program.ts';
import { promisedField } from '../../program/promised-type.ts';
import { lengthOf } from '../../program/value-type.ts';
import { entryOf, placeOf, readEntry, type Entry, type Setting, type Writing } from './access.ts';
import { componentsOf, expressionCode, pointOf, turns, unitsCode } from './points.ts';
import type { Cluster } from './stages.ts';
import type { Summed } from './units.ts';
import {
  byInvocation,
  byWorkgroup,
  lanes,
  partsCode,
  sumOfLanes,
  whole,
  type Code,
  type Grid,
  type Kernel,
} from './wgsl.ts';

const sitesOf = ({ latticeSize }: Setting): number => latticeSize * latticeSize;

/** How many terms each result has in a sample, and statements that define `term`, one of them. */
interface Terms {
  readonly results: number;
  readonly terms: number;
  readonly code: (writing: Writing) => string;
}

/** The part of G_oi(d), the entry `result`, that the row `at` of a sample has: each row is summed by itself. */
const kernelGradientTerms = (
  setting: Setting,
  { operation: { field, cotangent, size } }: Summed & { readonly tag: 'kernelGradient' },
  results: number,
): Terms => {
  const { program, latticeSize: N } = setting;
  const { channels: inputs, components } = promisedField(meaningOf(program.types)(field));
  const reach = (size - 1) / 2;
  const moved = (at: Code, tap: Code): Code => `(${at} + ${tap} + ${whole(turns(reach, N) - reach)}) % ${whole(N)}`;
  const entry = { tag: 'field', sample: 'sample', component: 'component', isHere: false } as const;
  const x: Entry = { ...entry, channel: 'inputChannel', site: `(start + ${moved('column', 'right')})` };
  const y: Entry = { ...entry, channel: 'outputChannel', site: `(row * ${whole(N)} + column)` };
  return {
    results,
    terms: components * N,
    code: (writing) => {
      const read = readEntry(writing, new Map());
      return `
    let outputChannel = result / ${whole(inputs * size * size)};
    let inputChannel = result / ${whole(size * size)} % ${whole(inputs)};
    let down = result / ${whole(size)} % ${whole(size)};
    let right = result % ${whole(size)};
    let component = at / ${whole(N)};
    let row = at % ${whole(N)};
    let start = ${moved('row', 'down')} * ${whole(N)};
    var term = 0f;
    for (var column = 0u; column < ${whole(N)}; column++) { term += ${read(cotangent, y)} * ${read(field, x)}; }`;
    },
  };
};

const termsOf = (setting: Setting, value: ValueId, of: Summed): Terms => {
  const { program, latticeSize } = setting;
  const sites = sitesOf(setting);
  const type = meaningOf(program.types)(value);
  const results = lengthOf(latticeSize)(type);
  switch (of.tag) {
    case 'kernelGradient':
      return kernelGradientTerms(setting, of, results);
    case 'value': {
      const entry = entryOf(type, sites, 'sample', 'result');
      return { results, terms: 1, code: (writing) => `let term = ${readEntry(writing, new Map())(of.value, entry)};` };
    }
    case 'sites': {
      const entry: Entry = {
        tag: 'field',
        sample: 'sample',
        component: `(at / ${whole(sites)})`,
        channel: 'result',
        site: `(at % ${whole(sites)})`,
        isHere: false,
      };
      return {
        results,
        terms: componentsOf(of.sweep.over) * sites,
        code: (writing) => expressionCode(writing, new Map(), of.sweep.expression, entry, 'term'),
      };
    }
  }
};

/** Sums of so few terms are taken by one invocation each: a workgroup would wait for itself longer than it adds. */
const mostTermsOfOne = 4 * lanes;

/** The sums that the entries of a value are, each of its sample, or once a run. */
export const sumsKernel = (setting: Setting, value: ValueId, of: Summed): Kernel => {
  const isOfSamples = meaningOf(setting.times)(value) === 'sample';
  const { results, terms, code } = termsOf(setting, value, of);
  const entry = entryOf(meaningOf(setting.program.types)(value), sitesOf(setting), 'sample', 'result');
  const isOfOne = terms <= mostTermsOfOne;
  const gridOf = isOfOne ? byInvocation : byWorkgroup;
  const [first, step] = isOfOne ? ['0u', '1u'] : ['lane', whole(lanes)];
  return {
    grid: gridOf(results, isOfSamples ? 'samples' : 'all'),
    shared: isOfOne ? 0 : lanes,
    body: (shared, names) => {
      const writing = { ...setting, names };
      const target = placeOf(writing, value, entry);
      return `
  let index = ${isOfOne ? `group * ${whole(lanes)} + lane` : 'group'};
  if (index >= ${whole(results)}${isOfSamples ? ' * portion.samples' : ''}) { return; }
  let sample = index / ${whole(results)};
  let result = index % ${whole(results)};
  var sum = 0f;
  for (var at = ${first}; at < ${whole(terms)}; at += ${step}) {
${code(writing)}
    sum += term;
  }
${isOfOne ? `${target} = sum;` : `${sumOfLanes(shared, 'sum')}\nif (lane == 0u) { ${target} = ${shared}[0]; }`}`;
    },
  };
};

/** Scalars of which some are totals: a workgroup takes those, and one of its lanes does the rest. */
export const totalsKernel = (setting: Setting, units: Cluster, isStored: (value: ValueId) => boolean): Kernel => {
  const { program, times, latticeSize } = setting;
  const [first] = units;
  const isOfSamples = meaningOf(times)(first!.value) === 'sample';
  const totals = units.flatMap(({ value, work }) => (work.tag === 'total' ? [{ value, sweep: work.sweep }] : []));
  const mostTerms = Math.max(...totals.map(({ sweep }) => lengthOf(latticeSize)(sweep.over)));
  const isOfOne = mostTerms <= mostTermsOfOne / lanes;
  const [from, step] = isOfOne ? ['0u', '1u'] : ['lane', whole(lanes)];
  const totalCode = (shared: Code, writing: Writing, { value, sweep }: (typeof totals)[number]): string => {
    const sum = writing.names.computed('total', value);
    const entry = entryOf(sweep.over, latticeSize * latticeSize, 'sample', 'at');
    return `
  var ${sum} = 0f;
  for (var at = ${from}; at < ${whole(lengthOf(latticeSize)(sweep.over))}; at += ${step}) {
${expressionCode(writing, new Map(), sweep.expression, entry, 'term')}
    ${sum} += term;
  }
${isOfOne ? '' : `${sumOfLanes(shared, sum)}\nlet ${writing.names.computed('whole', value)} = ${shared}[0];\nworkgroupBarrier();`}`;
  };
  const noCorrelation = (): never => {
    throw new RangeError('a scalar is no correlation');
  };
  const type = meaningOf(program.types)(first!.value);
  return {
    grid: (isOfOne ? byInvocation : byWorkgroup)(1, isOfSamples ? 'samples' : 'all'),
    shared: isOfOne ? 0 : lanes,
    body: (shared, names) => {
      const writing = { ...setting, names };
      const totalOf = (value: ValueId): Code => names.computed(isOfOne ? 'total' : 'whole', value);
      const before = totals.map((total) => totalCode(shared, writing, total)).join('\n');
      const rest = unitsCode(writing, units, pointOf(type, 1), isStored, noCorrelation, totalOf);
      return `
  let sample = ${isOfOne ? `group * ${whole(lanes)} + lane` : 'group'};
  if (sample >= ${isOfSamples ? 'portion.samples' : '1u'}) { return; }
  let point = 0u;
${before}
${isOfOne ? rest : `if (lane == 0u) {\n${rest}\n}`}`;
    },
  };
};

/** A sum over the batch in parts, which lie one after the other: each has one number for each result. */
export interface Parts {
  readonly value: ValueId;
  readonly results: number;
  /** The kernel's grid, whose parts are cuts of the batch, and how many parts each of these gives. */
  readonly grid: Grid & { readonly of: 'samples' };
  readonly perCut: number;
}

/** How many numbers the parts of a sum take at most. */
export const lengthOfParts = ({ grid, perCut, results }: Parts): number => (grid.most ?? 1) * perCut * results;

/** A kernel that sums over the batch in parts. */
export interface PartialSum {
  readonly kernel: Kernel;
  readonly parts: Parts;
}

/** Into how many cuts a batch may be made for a sum with so many results. */
export type CutsFor = (results: number) => number;

/** Statements that define the samples of a cut: from `firstSample` up to, not including, `endOfSamples`. */
export const cutCode = (cut: Code, grid: Grid & { readonly of: 'samples' }): string => `
  let cuts = ${partsCode(grid)};
  let firstSample = ${cut} * portion.samples / cuts;
  let endOfSamples = (${cut} + 1u) * portion.samples / cuts;`;

/** The generic sum over the batch: a workgroup for each result and cut. */
export const partialSum = (setting: Setting, value: ValueId, of: Summed, cutsFor: CutsFor): PartialSum => {
  const { results, terms, code } = termsOf(setting, value, of);
  const grid = { of: 'samples', blocks: results, results: 1, per: 1, most: cutsFor(results) } as const;
  return {
    parts: { value, results, grid, perCut: 1 },
    kernel: {
      grid,
      shared: lanes,
      body: (shared, names) => `
  let cut = group / ${whole(results)};
  let result = group % ${whole(results)};
${cutCode('cut', grid)}
  var sum = 0f;
  for (var index = lane; index < (endOfSamples - firstSample) * ${whole(terms)}; index += ${whole(lanes)}) {
    let sample = firstSample + index / ${whole(terms)};
    let at = index % ${whole(terms)};
${code({ ...setting, names })}
    sum += term;
  }
${sumOfLanes(shared, 'sum')}
  if (lane == 0u) { memory[${names.start('parts', value)} + group] = ${shared}[0]; }`,
    },
  };
};

/** Adds up the parts of an output's sum, and what earlier portions of the batch gave. */
export const wholeSumKernel = (output: ValueId, terms: readonly Parts[]): Kernel => {
  const results = terms[0]?.results ?? 0;
  return {
    grid: byInvocation(results, 'all'),
    shared: 0,
    body: (_, names) => `
  let result = group * ${whole(lanes)} + lane;
  if (result >= ${whole(results)}) { return; }
  var sum = 0f;
  if (portion.first > 0u) { sum = memory[${names.start('sum', output)} + result]; }
${terms
  .map(
    ({ value, grid, perCut }) => `
  for (var part = 0u; part < ${partsCode(grid)} * ${whole(perCut)}; part++) {
    sum += memory[${names.start('parts', value)} + part * ${whole(results)} + result];
  }`,
  )
  .join('\n')}
  memory[${names.start('sum', output)} + result] = sum;`,
  };
};

/** The sum over the batch of a value that all samples share. */
export const sharedSumKernel = (setting: Setting, output: ValueId): Kernel => {
  const type = meaningOf(setting.program.types)(output);
  const results = lengthOf(setting.latticeSize)(type);
  const entry = entryOf(type, sitesOf(setting), '0u', 'result');
  return {
    grid: byInvocation(results, 'all'),
    shared: 0,
    body: (_, names) => `
  let result = group * ${whole(lanes)} + lane;
  if (result >= ${whole(results)}) { return; }
  memory[${names.start('sum', output)} + result] = f32(portion.batch) * ${readEntry({ ...setting, names }, new Map())(output, entry)};`,
  };
};
