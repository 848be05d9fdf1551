/**
 * The part of the WebAssembly interface that is used here. TypeScript declares it in its library for browsers alone, which
 * would bring a document and a window with it.
 */
declare namespace WebAssembly {
  interface MemoryDescriptor {
    readonly initial: number;
    readonly maximum?: number;
    readonly shared?: boolean;
  }

  type Imports = Readonly<Record<string, Readonly<Record<string, Memory>>>>;

  /** What the modules of this project export: functions of addresses and counts. */
  type Exports = Readonly<Record<string, (...operands: readonly number[]) => void>>;

  class Memory {
    constructor(descriptor: MemoryDescriptor);
    readonly buffer: ArrayBuffer | SharedArrayBuffer;
  }

  class Module {
    constructor(bytes: Uint8Array<ArrayBuffer>);
  }

  class Instance {
    constructor(module: Module, imports: Imports);
    readonly exports: Exports;
  }

  const validate: (bytes: Uint8Array<ArrayBuffer>) => boolean;
}
