/** Modules whose functions threads call, each thread in an instance of its own; their memory is shared, unless one thread is alone. */
import { compiledModule } from '../../assembler/engine.ts';
import { importsOf, kernelsOf, type Imports, type Kernel } from '../../assembler/instance.ts';

/** A module in its memory. Calls of it are told apart by this very object: it is not copied. */
export interface SharedModule {
  /** Unlike that of any other. */
  readonly id: number;
  readonly module: WebAssembly.Module;
  readonly imports: Imports;
  /** The functions that threads call: with an address of the thread's own, and with up to four whole numbers. */
  readonly names: readonly string[];
  /** The same functions, as this thread calls them. */
  readonly functions: readonly Kernel[];
  /** The address that a thread calls them with: where it keeps what nobody shares, or 0 where it keeps nothing. */
  readonly arenaAt: (thread: number) => number;
}

/** What a function is called with after the address of the thread; zeros beyond what it takes. */
export type Operands = readonly [number, number, number, number];

/** A call of a function of a module, by whichever thread takes it. */
export interface Call {
  readonly of: SharedModule;
  /** The place of the function among the names of the module. */
  readonly function: number;
  readonly operands: Operands;
}

/** Counts modules, so that workers can tell them apart. */
const counter = { modules: 0 };

/** The module of these bytes, in a memory. */
export const sharedModule = (
  bytes: Uint8Array<ArrayBuffer>,
  memory: WebAssembly.Memory,
  { names, arenaAt }: Pick<SharedModule, 'names' | 'arenaAt'>,
): SharedModule => {
  const module = compiledModule(bytes);
  const kernel = kernelsOf(module, memory);
  counter.modules += 1;
  return { id: counter.modules, module, imports: importsOf(memory), names, functions: names.map(kernel), arenaAt };
};

/**
 * Calls of the function of a name.
 *
 * @throws RangeError for a name that threads do not call.
 */
export const callsOf = (of: SharedModule, name: string): ((a: number, b?: number, c?: number, d?: number) => Call) => {
  const index = of.names.indexOf(name);
  if (index < 0) {
    throw new RangeError(`expected one of the functions ${of.names.join(', ')}, got ${name}`);
  }
  return (a, b = 0, c = 0, d = 0) => ({ of, function: index, operands: [a, b, c, d] });
};

/**
 * Calls a function of a module in this thread.
 *
 * @throws RangeError for a function that threads do not call.
 */
export const callFunction = ({ functions, arenaAt }: SharedModule, index: number, ...[a, b, c, d]: Operands): void => {
  const run = functions[index];
  if (run === undefined) {
    throw new RangeError(`expected one of ${functions.length} functions, got that of index ${index}`);
  }
  run(arenaAt(0), a, b, c, d);
};

/** Does a call in this thread. */
export const callHere = ({ of, function: index, operands }: Call): void => {
  callFunction(of, index, ...operands);
};

/**
 * Older engines collect garbage sooner the more memory it holds, but do not count memory that threads share: so they are told of as
 * many bytes that nobody touches, which takes none.
 */
const hastenCollection = (bytes: number): unknown => new ArrayBuffer(bytes);

/** Memory of so many pages, shared between threads or not, that may grow to `maximum`. */
export const newMemory = (initial: number, maximum: number, shared: boolean): WebAssembly.Memory => {
  const memory = new WebAssembly.Memory(shared ? { initial, maximum, shared } : { initial, maximum });
  if (shared) {
    hastenCollection(memory.buffer.byteLength);
  }
  return memory;
};
