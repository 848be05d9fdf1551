/** A compiled program with its memory: instantiated, its constants written, ready to run. */
import { mostPages, pageBytes } from '../../assembler/module.ts';
import type { ValueId } from '../../program/program.ts';
import type { Samples } from '../backend.ts';
import { bytesPerNumber, bytesPerReal } from './grid.ts';
import { range } from './kernels/arithmetic.ts';
import { exported, type CompiledProgram } from './compiled-program.ts';
import { latest } from './latest.ts';
import { callsOf, newMemory, sharedModule, type Call, type SharedModule } from './shared-module.ts';

/** Numbers of a memory by what they are; good as long as it does not grow. */
export interface Views {
  /** All of them. */
  readonly numbers: Float64Array;
  readonly parameters: readonly { readonly name: string; readonly numbers: Float64Array }[];
  /** Sums over a batch, of the first group. */
  readonly sums: readonly { readonly id: ValueId; readonly numbers: Float64Array }[];
}

/** A module with its memory: what threads call to run a compiled program. */
export interface Machine {
  readonly module: SharedModule;
  readonly compiled: CompiledProgram;
  readonly memory: WebAssembly.Memory;
  readonly views: () => Views;
  /** The calls that compute what depends on parameters alone. */
  readonly preparation: readonly Call[];
}

const pagesFor = (bytes: number): number => Math.ceil(bytes / pageBytes);

/** Bytes in GiB, rounded up to tenths: what is beyond a limit is never shown as the limit. */
const gibibytes = (bytes: number): string => (Math.ceil((10 * bytes) / 2 ** 30) / 10).toFixed(1);

/** What a vector of 256 bits reads beyond the last number, and clears. */
const overhang = 16;

/** Bytes for so many staged samples, and all that lies before them. */
const bytesFor = ({ stagedAt, lowered }: CompiledProgram, samples: number): number =>
  stagedAt + samples * lowered.stagedLength * bytesPerReal + overhang;

/** Pages for the most samples that a portion of chunks has. */
const mostPagesOf = (compiled: CompiledProgram): number =>
  pagesFor(bytesFor(compiled, compiled.mostChunks * compiled.samples));

/** Whether there can be a memory for it. */
export const fits = (compiled: CompiledProgram): boolean => mostPagesOf(compiled) <= mostPages;

const viewsOf = (
  { lowered, addressOf, offsetOf, sumsAt }: CompiledProgram,
  buffer: WebAssembly.Memory['buffer'],
): Views => ({
  numbers: new Float64Array(buffer),
  parameters: lowered.parameters.map(({ name, place, length }) => ({
    name,
    numbers: new Float64Array(buffer, addressOf(place), length),
  })),
  sums: [...lowered.results].flatMap(([id, result]) =>
    result.tag === 'sums'
      ? [{ id, numbers: new Float64Array(buffer, sumsAt(0) + offsetOf(result.place), result.length) }]
      : [],
  ),
});

/** Gives a compiled program its memory, shared where several threads work on it; it never grows beyond what a portion of chunks needs. */
export const machineFor = (compiled: CompiledProgram, shared: boolean): Machine => {
  const initial = pagesFor(bytesFor(compiled, compiled.samples));
  const maximum = mostPagesOf(compiled);
  if (!fits(compiled)) {
    throw new RangeError(
      `expected a program that fits in 4 GiB on this lattice, got one for ${gibibytes(maximum * pageBytes)} GiB: ` +
        'use smaller lattices, narrower networks, or fewer threads',
    );
  }
  const memory = newMemory(initial, maximum, shared);
  const numbers = new Int32Array(memory.buffer);
  for (const { place, stride, values } of compiled.lowered.schedule.constants) {
    const first = compiled.addressOf(place);
    values.forEach((value, index) => {
      numbers[(first + index * stride) / bytesPerNumber] = value;
    });
  }
  const views = latest<WebAssembly.Memory['buffer'], Views>(1);
  const { arenaAt, prepareParts } = compiled;
  const module = sharedModule(compiled.module, memory, { names: Object.values(exported), arenaAt });
  return {
    module,
    compiled,
    memory,
    views: () => views(memory.buffer, () => viewsOf(compiled, memory.buffer)),
    preparation: range(prepareParts).map((part) => callsOf(module, exported.prepare)(part)),
  };
};

/** Makes room for so many samples. What was staged before may be read no more. */
export const reserve = ({ memory, compiled }: Machine, samples: number): void => {
  const missing = pagesFor(bytesFor(compiled, samples)) - memory.buffer.byteLength / pageBytes;
  if (missing > 0) {
    memory.grow(missing);
  }
};

/** Writes the resident samples of a machine, rounded to float32 as inputs are; there is nothing to write where it has none. */
export const writeData = ({ memory, compiled }: Machine, { inputs: arrays }: Samples): void => {
  const { inputs } = compiled.lowered;
  for (const { name, place } of inputs.tag === 'resident' ? inputs.data : []) {
    const numbers = arrays[name] ?? new Float64Array(0);
    new Float32Array(memory.buffer, compiled.addressOf(place), numbers.length).set(numbers);
  }
};
