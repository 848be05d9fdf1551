/**
 * What a program becomes: steps, each a call of a kernel on places in memory. Where the memory lies is decided later.
 */
import type { FunctionDefinition } from '../../assembler/module.ts';
import type { BindingTime } from '../schedule/binding-time.ts';
import type { Place, Space, SpaceBuffer } from './place.ts';
import type { Extents, Strides } from './grid.ts';

/** A value, or a part of one, in memory. */
export interface View {
  readonly place: Place;
  readonly extents: Extents;
  readonly strides: Strides;
}

/** The numbers of the samples of a run, as they come and go: sample after sample, array after array. */
export interface Staged {
  readonly name: string;
  /** Numbers of each sample. */
  readonly length: number;
  /** Numbers of each sample in the arrays before it. */
  readonly before: number;
}

/** An address: of a place, or of the chunk's first sample in a staged array. */
export type Operand = Place | Staged;

/** One call: the name of a kernel, and the addresses that it gets. */
export interface Step {
  readonly kernel: string;
  readonly operands: readonly Operand[];
}

/** Whole numbers that are written once, when memory is made, `stride` bytes apart: offsets of taps. */
export interface Constants {
  readonly place: Place;
  readonly stride: number;
  readonly values: readonly number[];
}

/** When a step is taken: before all chunks, in each chunk, or after the last chunk of a group. */
export type StepTime = BindingTime | 'group';

/** All that a program becomes: its kernels, the calls of each time in order, and the memory that they touch. */
export interface Schedule {
  readonly kernels: readonly FunctionDefinition[];
  readonly steps: Readonly<Record<StepTime, readonly Step[]>>;
  readonly buffers: readonly SpaceBuffer[];
  readonly constants: readonly Constants[];
}

/** Whether an operand is a place in a buffer, rather than a staged array. */
export const isPlace = (operand: Operand): operand is Place => 'buffer' in operand;

/** The buffers that a step reads or writes. */
export const buffersOf = ({ operands }: Step): readonly SpaceBuffer[] =>
  operands.filter(isPlace).map(({ buffer }) => buffer);

/** A family of kernels: one for each shape. */
export type Define<Shape> = (name: string, shape: Shape) => FunctionDefinition;

/** What a schedule is written with: buffers, kernels (alike ones once) and steps are noted as they are asked for. */
export interface Recorder {
  readonly buffer: (space: Space, bytes: number) => SpaceBuffer;
  readonly constants: (constants: Constants) => void;
  /** The name of the kernel that `define` makes of a shape. */
  readonly kernel: <Shape>(define: Define<Shape>, shape: Shape) => string;
  /** Notes a step that calls the kernel which `define` makes of a shape. */
  readonly step: <Shape>(time: StepTime, define: Define<Shape>, shape: Shape, operands: readonly Operand[]) => void;
  readonly recorded: () => Schedule;
}

/** As JSON has it, but for numbers that it has no text of: it writes -0 as 0, and what is not finite as null. */
const exact = (_: string, value: unknown): unknown => {
  if (Object.is(value, -0)) {
    return '-0';
  }
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
};

/** An empty recorder. A kernel is emitted once for each shape, however many steps call it. */
export const recorder = (): Recorder => {
  const buffers = new Array<SpaceBuffer>();
  const constants = new Array<Constants>();
  const kernels = new Array<FunctionDefinition>();
  /** Kernels by what defines them, and their shape. */
  const known = new Map<unknown, Map<string, FunctionDefinition>>();
  const kernel: Recorder['kernel'] = (define, shape) => {
    const family = known.get(define) ?? new Map<string, FunctionDefinition>();
    known.set(define, family);
    const key = JSON.stringify(shape, exact);
    const definition = family.get(key) ?? define(`${define.name}.${kernels.length}`, shape);
    if (!family.has(key)) {
      family.set(key, definition);
      kernels.push(definition);
    }
    return definition.name;
  };
  const steps = { run: new Array<Step>(), sample: new Array<Step>(), group: new Array<Step>() };
  return {
    buffer: (space, bytes) => {
      const buffer = { id: buffers.length, space, bytes };
      buffers.push(buffer);
      return buffer;
    },
    constants: (values) => {
      constants.push(values);
    },
    kernel,
    step: (time, define, shape, operands) => {
      steps[time].push({ kernel: kernel(define, shape), operands });
    },
    recorded: () => ({ kernels, steps, buffers, constants }),
  };
};
