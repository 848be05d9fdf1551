/**
 * A machine for laws of kernels that compute in Fourier space: fields are put into memory, kernels run one after the other, and fields
 * and spectra taken out. Memory is full of NaN before: what lies between rows, and beyond the last sample of a vector, must reach no result.
 */
import fc from 'fast-check';
import { compiledModule } from '../src/assembler/engine.ts';
import type { VectorBits } from '../src/assembler/wide-vector.ts';
import { i32, call } from '../src/assembler/expression.ts';
import { kernelsOf } from '../src/assembler/instance.ts';
import { assembleModule, defineFunction, type FunctionDefinition } from '../src/assembler/module.ts';
import { bytesPerVector, fieldLayout, type Grid } from '../src/backend/wasm/grid.ts';
import { clear } from '../src/backend/wasm/kernels/clear.ts';
import { entryItself } from '../src/backend/wasm/kernels/entries.ts';
import type { product } from '../src/backend/wasm/kernels/product.ts';
import { type spectralGradient } from '../src/backend/wasm/kernels/spectral-gradient.ts';
import { placeTaps } from '../src/backend/wasm/kernels/torus-taps.ts';
import { scratchBytes, type forward, type inverse } from '../src/backend/wasm/kernels/transform.ts';
import { planeBytes, slotBytes, spectrumBytes } from '../src/backend/wasm/spectrum-layout.ts';
import { gridOfCells, planeOfCells, spectralFactor, torusOffsets } from '../src/backend/wasm/spectral-values.ts';
import { fieldType } from '../src/program/value-type.ts';
import { smallIntegers } from './arbitraries/program.ts';

/** The kernels under test. */
export interface SpectralKernels {
  readonly forward: typeof forward;
  readonly inverse: typeof inverse;
  readonly product: typeof product;
  readonly spectralGradient: typeof spectralGradient;
}

export interface SpectralCase {
  readonly grid: Grid;
  readonly components: number;
  readonly outputs: number;
  readonly inputs: number;
  readonly size: number;
  readonly halo: number;
  readonly seed: number;
  readonly bits: VectorBits;
}

export const spectralCases: fc.Arbitrary<SpectralCase> = fc.record({
  grid: fc.record({
    size: fc.constantFrom(1, 2, 3, 4, 5, 6, 7, 9, 10),
    samples: fc.constantFrom(1, 2, 3, 4, 5, 7, 8),
  }),
  components: fc.constantFrom(1, 1, 3),
  outputs: fc.integer({ min: 1, max: 7 }),
  inputs: fc.integer({ min: 1, max: 4 }),
  size: fc.constantFrom(1, 3, 5, 7),
  halo: fc.constantFrom(0, 2),
  seed: fc.nat(),
  bits: fc.constantFrom(128, 256),
});

export type Numbers = readonly number[];

export const upTo = (n: number): Numbers => Array.from({ length: n }, (_, i) => i);

/** A field: planes of components and channels, sites, samples fastest. */
export interface Field {
  readonly channels: number;
  readonly numbers: Numbers;
}

export const drawnField = (
  seed: number,
  { grid: { size, samples }, components }: SpectralCase,
  channels: number,
): Field => ({
  channels,
  numbers: smallIntegers(seed, components * channels * size * size * samples),
});

/** Bytes that nobody writes. */
const guardBytes = 1024;

/** Memory of numbers, handed out piece by piece. */
const memoryOf = () => {
  const memory = new WebAssembly.Memory({ initial: 64 });
  const numbers = new Float32Array(memory.buffer).fill(NaN);
  const ends = [64];
  const room = (bytes: number): number => {
    const at = ends.at(-1) ?? 0;
    ends.push(at + Math.ceil(bytes / 64) * 64 + 64);
    return at;
  };
  return { memory, numbers, room };
};

/** A machine for one case: fields in and out, and kernels one after the other. */
export const machineFor = ({ grid, components, halo }: SpectralCase) => {
  const { memory, numbers, room } = memoryOf();
  const functions = new Array<FunctionDefinition>();
  const step = (make: (name: string) => FunctionDefinition, ...operands: Numbers): void => {
    const name = `step ${functions.length}`;
    functions.push(make(name));
    functions.push(
      defineFunction(`run ${name}`, () => call(name, ...operands.map((operand) => i32.constant(operand)))),
    );
  };
  const layoutOf = (channels: number) => fieldLayout(grid, fieldType(components, channels), halo);
  const entries = (channels: number) => {
    const { strides } = layoutOf(channels);
    return upTo(components).flatMap((k) =>
      upTo(channels).flatMap((c) =>
        upTo(grid.size).flatMap((row) =>
          upTo(grid.size * grid.samples).map(
            (i) => (k * strides.component + c * strides.channel + row * strides.row) / 4 + i,
          ),
        ),
      ),
    );
  };
  const place = (channels: number): number => {
    const { bytes, origin } = layoutOf(channels);
    return room(bytes) + origin;
  };
  const guards = new Array<number>();
  return {
    numbers,
    room,
    /** Room that kernels may fill, and not a number more. */
    guarded: (bytes: number): number => {
      const at = room(bytes + guardBytes);
      guards.push(at + bytes);
      return at;
    },
    step,
    strides: (channels: number) => layoutOf(channels).strides,
    place,
    put: ({ channels, numbers: values }: Field): number => {
      const at = place(channels);
      entries(channels).forEach((entry, i) => {
        numbers[at / 4 + entry] = values[i] ?? NaN;
      });
      return at;
    },
    take: (at: number, channels: number): Numbers => entries(channels).map((entry) => numbers[at / 4 + entry] ?? NaN),
    run: (): void => {
      const exports = functions.map(({ name }) => name);
      const module = compiledModule(assembleModule({ functions, exports, shared: false }));
      const kernel = kernelsOf(module, memory);
      exports.filter((name) => name.startsWith('run')).forEach((name) => kernel(name)());
      if (!guards.every((guard) => numbers.subarray(guard / 4, (guard + guardBytes) / 4).every(Number.isNaN))) {
        throw new RangeError('a kernel has written beyond its room: ask for as many bytes as it needs');
      }
    },
  };
};

export type Machine = ReturnType<typeof machineFor>;

export const spectrumOf = (
  { forward: define }: SpectralKernels,
  { grid, components, bits }: SpectralCase,
  machine: Machine,
  field: Field,
): number => {
  const { channels } = field;
  const spectrum = machine.room(spectrumBytes(grid, { components, channels }));
  const shape = {
    ...{ grid, components, channels, bits },
    fields: [machine.strides(channels)],
    expression: entryItself,
    arithmetic: 'separate',
  } as const;
  machine.step((name) => define(name, shape), machine.put(field), machine.guarded(scratchBytes(grid)), spectrum);
  return spectrum;
};

export const fieldOf = (
  { inverse: define }: SpectralKernels,
  { grid, components, bits }: SpectralCase,
  machine: Machine,
  spectrum: number,
  channels: number,
  start: Field | null,
): number => {
  const to = machine.place(channels);
  const strides = machine.strides(channels);
  const shape = {
    grid,
    components,
    channels,
    field: strides,
    start: start === null ? null : strides,
    arithmetic: 'separate',
    bits,
  } as const;
  const added = start === null ? to : machine.put(start);
  machine.step((name) => define(name, shape), spectrum, machine.guarded(scratchBytes(grid)), added, to);
  return to;
};

export const slotsIn = (
  machine: Machine,
  { grid, components }: SpectralCase,
  spectrum: number,
  channels: number,
): Numbers =>
  upTo(components * channels).flatMap((plane) =>
    upTo(grid.size * grid.size).flatMap((slot) =>
      upTo(grid.samples).map(
        (sample) => machine.numbers[(spectrum + plane * planeBytes(grid) + slot * slotBytes(grid)) / 4 + sample] ?? NaN,
      ),
    ),
  );

export const kernelOf = ({ seed, outputs, inputs, size }: SpectralCase): Numbers =>
  smallIntegers(seed + 5, outputs * inputs * size * size);

/** The spectrum of a kernel, which is placed on the torus. */
export const kernelSpectrumOf = (kernels: SpectralKernels, example: SpectralCase, machine: Machine): number => {
  const { outputs, inputs, size } = example;
  const cells = gridOfCells(example.grid, outputs * inputs);
  const [kernel, plane, spectrum] = [
    machine.room(4 * outputs * inputs * size * size),
    machine.room(planeBytes(cells)),
    machine.room(planeBytes(cells)),
  ];
  machine.numbers.set(kernelOf(example), kernel / 4);
  const adds = size > example.grid.size;
  const shape = { cells: outputs * inputs, taps: size * size, factor: spectralFactor(cells), adds };
  if (adds) {
    machine.step((name) => clear(name, planeBytes(cells) / bytesPerVector), plane);
  } else {
    machine.numbers.fill(0, plane / 4, (plane + planeBytes(cells)) / 4);
  }
  machine.step((name) => placeTaps(name, shape), kernel, tableIn(machine, torusOffsets(size, cells)), plane);
  const transform = {
    grid: cells,
    components: 1,
    channels: 1,
    fields: [planeOfCells(cells)],
    expression: entryItself,
    arithmetic: 'separate',
    bits: example.bits,
  } as const;
  machine.step((name) => kernels.forward(name, transform), plane, machine.guarded(scratchBytes(cells)), spectrum);
  return spectrum;
};

export const tableIn = ({ numbers, room }: Machine, offsets: Numbers): number => {
  const table = room(4 * offsets.length);
  new Int32Array(numbers.buffer).set(offsets, table / 4);
  return table;
};
