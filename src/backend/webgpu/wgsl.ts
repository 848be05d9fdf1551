/**
 * Kernels as text in WGSL, the shading language of WebGPU: what all of them share, and their two forms.
 *
 * All numbers lie in one array, `memory`, so that no kernel needs more than one storage buffer. The number of samples is
 * known when a kernel runs, not before; all other sizes are written into the text.
 */
import { denominator, largestArgument, numerator } from '../schedule/hyperbolic-tangent.ts';
import type { EntryFunction } from '../../program/operation.ts';
import type { BindingTime } from '../schedule/binding-time.ts';

/** Invocations in a workgroup: what every adapter allows, a multiple of what GPUs compute in step, and a power of two. */
export const lanes = 64;

/** An expression of WGSL, of type u32 or f32. */
export type Code = string;

/** The largest number of float32. */
const largestReal = (2 - 2 ** -23) * 2 ** 127;

/** Whether a number is within float32. */
export const isReal32 = (value: number): boolean => Math.abs(Math.fround(value)) <= largestReal;

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

/** What stands before the kernels of every shader. */
export const prelude = `
struct Run { samples: u32 }
@group(0) @binding(0) var<storage, read_write> memory: array<f32>;
@group(0) @binding(1) var<uniform> run: Run;
var<workgroup> laneSums: array<f32, ${lanes}>;

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

/** What a kernel is dispatched for. */
export interface Kernel {
  readonly code: string;
  /** When it runs: once, or for each portion of samples. */
  readonly time: BindingTime;
  /** One invocation, or one workgroup, for each of so many results, of a sample or of all together. */
  readonly grid: { readonly each: 'invocation' | 'workgroup'; readonly results: number; readonly of: 'sample' | 'all' };
}

const parameters = (each: Kernel['grid']['each']): string =>
  each === 'invocation'
    ? '@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u'
    : '@builtin(workgroup_id) id: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32';

/** The entry point of a kernel: `sample` and `result` say what an invocation, or a workgroup, is to compute. */
const entryPoint = (name: string, { each, results, of }: Kernel['grid'], body: string): string => `
@compute @workgroup_size(${lanes}) fn ${name}(${parameters(each)}) {
  let index = id.y * groups.x${each === 'invocation' ? ` * ${lanes}u` : ''} + id.x;
  if (index >= ${whole(results)}${of === 'sample' ? ' * run.samples' : ''}) { return; }
  let ${of === 'sample' ? 'sample' : 'first'} = index / ${whole(results)};
  let result = index % ${whole(results)};
${body}
}
`;

/** How many results a kernel has: for each sample, if its values are of samples. */
const gridOf = (each: Kernel['grid']['each'], time: BindingTime, results: number): Kernel['grid'] => ({
  each,
  results,
  of: time === 'sample' ? 'sample' : 'all',
});

const ofAll = '  let sample = 0u;\n';

/** A kernel that computes each result by itself: `body` defines `value`, of the entry `result` of a `sample`. */
export const entryKernel = (name: string, time: BindingTime, results: number, body: string, target: Code): Kernel => {
  const grid = gridOf('invocation', time, results);
  const before = time === 'sample' ? '' : ofAll;
  return { time, grid, code: entryPoint(name, grid, `${before}${body}\n  memory[${target}] = value;`) };
};

/** A sum that is the result of a kernel. */
export interface Sum {
  /** How many results there are, for each sample or for all samples together. */
  readonly results: number;
  /** Whether samples are summed too. */
  readonly overBatch: boolean;
  /** How many terms a result has in each sample. */
  readonly terms: number;
  /** Statements that define `value`, the `term` of a `result` in a `sample`. */
  readonly body: string;
  /** Where the result is stored, and whether it is added to what is there. */
  readonly target: Code;
  readonly isAdded: boolean;
}

/** Sums of so few terms are taken by one invocation each: a workgroup would wait for itself longer than it adds. */
const mostTermsOfOne = 4 * lanes;

const loop = (from: Code, by: Code, count: Code, ofTerm: string, body: string): string => `  var sum = 0f;
  for (var at = ${from}; at < ${count}; at += ${by}) {
${ofTerm}
${body}
    sum += value;
  }`;

/**
 * A kernel that sums in a fixed order. Of long sums a lane of a workgroup takes every 64th term, and the first lane adds up
 * what they have, so that the error grows with the number of terms of a lane, not of all.
 */
export const sumKernel = (name: string, time: BindingTime, sum: Sum): Kernel => {
  const { results, overBatch, terms, body, target, isAdded } = sum;
  const before = !overBatch && time === 'run' ? ofAll : '';
  if (!overBatch && terms <= mostTermsOfOne) {
    const one = loop('0u', '1u', whole(terms), '    let term = at;', body);
    return entryKernel(name, time, results, `${one}\n  let value = sum;`, target);
  }
  const grid = gridOf('workgroup', overBatch ? 'run' : time, results);
  const count = `${whole(terms)}${overBatch ? ' * run.samples' : ''}`;
  const ofTerm = `${overBatch ? `    let sample = at / ${whole(terms)};\n` : ''}    let term = at % ${whole(terms)};`;
  const code = entryPoint(
    name,
    grid,
    `${before}${loop('lane', whole(lanes), count, ofTerm, body)}
  laneSums[lane] = sum;
  workgroupBarrier();
  if (lane == 0u) {
    for (var other = 1u; other < ${whole(lanes)}; other++) { sum += laneSums[other]; }
    memory[${target}] ${isAdded ? '+=' : '='} sum;
  }`,
  );
  return { time, grid, code };
};
