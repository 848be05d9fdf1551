/**
 * Kernels as text in WGSL, the shading language of WebGPU: what all of them share.
 *
 * A kernel is a function that workgroups run: `group` says which of the kernel's workgroups, `lane` which of its
 * invocations. Kernels that do not wait for each other are dispatched together, as one stage: the workgroups of the first
 * come first, then those of the second, and so on. The number of samples is known when a stage runs, not before; all other
 * sizes are written into the text.
 */
import { denominator, largestArgument, numerator } from '../schedule/hyperbolic-tangent.ts';
import type { EntryFunction } from '../../program/operation.ts';

/** Invocations in a workgroup: what every adapter allows, a multiple of what GPUs compute in step, and a power of two. */
export const lanes = 64;

/** Numbers that a workgroup may share: 16,384 bytes, what every adapter allows. */
export const mostShared = 4096;

/** An expression of WGSL, of type u32 or f32. */
export type Code = string;

/** The largest number of float32. */
const largestReal = (2 - 2 ** -23) * 2 ** 127;

/** Whether a number is within float32, neither too large nor, unless it is 0, too small. */
export const isReal32 = (value: number): boolean =>
  Math.abs(Math.fround(value)) <= largestReal && (value === 0 || Math.fround(value) !== 0);

/** A float32 literal: the decimal form of the rounded number. */
export const real = (value: number): Code => `${Object.is(value, -0) ? '-0' : String(Math.fround(value))}f`;

/** A whole number as a literal. */
export const whole = (value: number): Code => `${value}u`;

/** Horner's scheme in `square`. */
const polynomial = (coefficients: readonly number[]): Code =>
  coefficients.reduceRight(
    (inner, coefficient) => (inner === '' ? real(coefficient) : `(${real(coefficient)} + square * ${inner})`),
    '',
  );

/** Each function of one number. What WGSL says of its own tanh and sqrt is too little: one errs by 1e-5, the other by more than a rounding. */
const functions: Readonly<Record<EntryFunction, (x: Code) => Code>> = {
  tanh: (x) => `hyperbolicTangent(${x})`,
  reciprocal: (x) => `1f / ${x}`,
  sqrt: (x) => `squareRoot(${x})`,
};

/** A function of one number, applied. */
export const applied = (name: EntryFunction, x: Code): Code => functions[name](x);

/** Where numbers lie: `memory` is of all programs on a device, `state` of one resident, or of the run that has its turn. */
export type ArrayName = 'memory' | 'state';

/** What stands before the kernels of every shader. */
export const prelude = `
struct Portion {
  // Samples of the portion that is computed, the first of them in the batch, and those of the batch.
  samples: u32,
  first: u32,
  batch: u32,
}
@group(0) @binding(0) var<storage, read_write> memory: array<f32>;
@group(0) @binding(1) var<storage, read_write> state: array<f32>;
@group(0) @binding(2) var<uniform> portion: Portion;

// Comparisons with NaN may be left out by a compiler; bits may not.
fn isNaN(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u; }

fn hyperbolicTangent(x: f32) -> f32 {
  let argument = clamp(x, ${real(-largestArgument)}, ${real(largestArgument)});
  let square = argument * argument;
  let quotient = argument * ${polynomial(numerator)} / ${polynomial(denominator)};
  return select(clamp(quotient, -1f, 1f), x, isNaN(x));
}

// A number below 2^-126 may be read as 0: it is an integer times 2^-149, and its root that of twice the integer times 2^-75.
fn squareRoot(x: f32) -> f32 {
  let bits = bitcast<u32>(x);
  if (bits < 0x00800000u) { return sqrt(2f * f32(bits)) * ${real(2 ** -75)}; }
  return sqrt(x);
}
`;

/**
 * How many workgroups a kernel has: a fixed number, or `blocks` for each of the parts, `most` at most, that `per` results
 * make, where each sample has so many `results`.
 */
export type Grid =
  | { readonly of: 'all'; readonly count: number }
  | {
      readonly of: 'samples';
      readonly blocks: number;
      readonly results: number;
      readonly per: number;
      readonly most: number | null;
    };

/** The workgroups of a kernel on so many samples. */
export const workgroupsOf = (grid: Grid, samples: number): number =>
  grid.of === 'all'
    ? grid.count
    : grid.blocks * Math.min(grid.most ?? Infinity, Math.ceil((grid.results * samples) / grid.per));

/** The parts of a grid in WGSL, on the samples of a portion. */
export const partsCode = (grid: Grid & { readonly of: 'samples' }): Code => {
  const parts = `(portion.samples * ${whole(grid.results)} + ${whole(grid.per - 1)}) / ${whole(grid.per)}`;
  return grid.most === null ? `(${parts})` : `min(${whole(grid.most)}, ${parts})`;
};

const workgroupsCode = (grid: Grid): Code =>
  grid.of === 'all' ? whole(grid.count) : `${whole(grid.blocks)} * ${partsCode(grid)}`;

/** One invocation for each of so many results, of each sample or of all together. */
export const byInvocation = (results: number, of: Grid['of']): Grid =>
  of === 'all' ? { of, count: Math.ceil(results / lanes) } : { of, blocks: 1, results, per: lanes, most: null };

/** One workgroup for each of so many results, of each sample or of all together. */
export const byWorkgroup = (results: number, of: Grid['of']): Grid =>
  of === 'all' ? { of, count: results } : { of, blocks: 1, results, per: 1, most: null };

/** The constants of a shader which say where a value lies, its sum over the batch, the parts of that sum, or a copy. */
export const constantOf = {
  value: (id: number): Code => `valueAt${id}`,
  sum: (id: number): Code => `sumAt${id}`,
  parts: (id: number): Code => `partsAt${id}`,
  copy: (id: number): Code => `copyAt${id}`,
} as const;

/**
 * What a kernel calls the values that it works on. It knows them by no other names, and these number values in the order in which the
 * kernel first names them: kernels that do the same with other values are one text.
 */
export interface Names {
  /** Where a value lies, its sum, the parts of that or a copy: what `constantOf` says of it. */
  readonly start: (of: keyof typeof constantOf, value: number) => Code;
  /** What the kernel has computed of a value, under a word of its own. */
  readonly computed: (word: Code, value: number) => Code;
}

/** What a kernel is as text. */
export interface Kernel {
  readonly grid: Grid;
  /** Statements that see `group` and `lane`, given the name of the array that a workgroup shares, and those of values. */
  readonly body: (shared: Code, names: Names) => string;
  /** How many numbers of that array it uses. */
  readonly shared: number;
}

/** The name of the entry point of a stage. */
export const entryPointOf = (stage: number): string => `stage${stage}`;

/** Kernels of one text, which work on other numbers: where these begin is a table, with a row for each kernel. */
interface Alike {
  readonly text: string;
  readonly grid: Grid;
  readonly columns: readonly Code[];
  readonly rows: readonly (readonly Code[])[];
}

/** The text of a kernel, and the constants of the shader behind the starts that it names, each once. */
const written = (
  { body }: Kernel,
  shared: Code,
): { readonly text: string; readonly constants: ReadonlyMap<Code, Code> } => {
  const numbers = new Map<number, number>();
  const constants = new Map<Code, Code>();
  const numberOf = (value: number): number => {
    const number = numbers.get(value) ?? numbers.size;
    numbers.set(value, number);
    return number;
  };
  const text = body(shared, {
    start: (of, value) => {
      const name = constantOf[of](numberOf(value));
      constants.set(name, constantOf[of](value));
      return name;
    },
    computed: (word, value) => `${word}${numberOf(value)}`,
  });
  return { text, constants };
};

/** Gathers kernels that are alike, so that their text is compiled once. */
const gatherAlike = (kernels: readonly Kernel[], shared: Code): readonly Alike[] => {
  const gathered = new Map<string, Alike>();
  for (const kernel of kernels) {
    const { grid } = kernel;
    const { text, constants } = written(kernel, shared);
    const key = JSON.stringify([grid, text]);
    const before = gathered.get(key);
    const row = [...constants.values()];
    gathered.set(key, { text, grid, columns: [...constants.keys()], rows: [...(before?.rows ?? []), row] });
  }
  return [...gathered.values()];
};

/** An entry of a column, by the number `which` of the row. */
const chosen = (column: readonly Code[]): Code =>
  column
    .slice(1)
    .reduce((before, each, index) => `select(${before}, ${each}, which == ${whole(index + 1)})`, column[0] ?? '0u');

/** Kernels that do not wait for each other as one entry point. */
export const stageCode = (stage: number, kernels: readonly Kernel[]): string => {
  const name = entryPointOf(stage);
  const shared = Math.max(0, ...kernels.map((kernel) => kernel.shared));
  // Each stage has an array of its own: all of it is set to zero before a workgroup begins.
  const sharedName = `${name}shared`;
  const alike = gatherAlike(kernels, sharedName);
  const functions = alike.map(
    ({ text, columns }, index) =>
      `fn ${name}of${index}(${['group', 'lane', ...columns].map((each) => `${each}: u32`).join(', ')}) {\n${text}\n}`,
  );
  const branches = alike.map(({ grid, columns, rows }, index) => {
    const starts = columns.map((_, column) => chosen(rows.map((row) => row[column] ?? '0u')));
    return `  {
    let each = ${workgroupsCode(grid)};
    let count = ${whole(rows.length)} * each;
    if (group < count) {
      let which = group / each;
      ${name}of${index}(${['group % each', 'lane', ...starts].join(', ')});
      return;
    }
    group -= count;
  }`;
  });
  return `
${shared === 0 ? '' : `var<workgroup> ${sharedName}: array<f32, ${shared}>;`}
${functions.join('\n')}
@compute @workgroup_size(${lanes}) fn ${name}(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  var group = id.y * groups.x + id.x;
${branches.join('\n')}
}
`;
};

/** Statements after which the first of the shared numbers is the sum of a number of each lane, taken in a fixed order. */
export const sumOfLanes = (shared: Code, number: Code): string => `
  ${shared}[lane] = ${number};
  workgroupBarrier();
  for (var half = ${whole(lanes / 2)}; half > 0u; half /= 2u) {
    if (lane < half) { ${shared}[lane] += ${shared}[lane + half]; }
    workgroupBarrier();
  }`;
