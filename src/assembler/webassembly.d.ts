/**
 * The part of the WebAssembly interface that is used here. TypeScript declares it in its library for browsers alone,
 * which would bring a document and a window with it.
 */
declare namespace WebAssembly {
  interface MemoryDescriptor {
    readonly initial: number;
    readonly maximum?: number;
    readonly shared?: boolean;
  }

  interface Memory {
    readonly buffer: ArrayBuffer | SharedArrayBuffer;
    /**
     * More pages of 64 KiB; returns how many there were. A buffer that was taken before is empty, unless it is
     * shared.
     */
    readonly grow: (pages: number) => number;
  }

  interface Module {
    readonly [Symbol.toStringTag]: string;
  }

  interface Instance {
    /** What the modules of this project export: functions of addresses and counts. */
    readonly exports: Readonly<Record<string, (...operands: readonly number[]) => void>>;
  }

  type Imports = Readonly<Record<string, Readonly<Record<string, Memory>>>>;

  const Memory: new (descriptor: MemoryDescriptor) => Memory;

  const Module: {
    new (bytes: Uint8Array<ArrayBuffer>): Module;
    /** The contents of the custom sections of a name. */
    readonly customSections: (module: Module, name: string) => readonly ArrayBuffer[];
  };

  const Instance: new (module: Module, imports: Imports) => Instance;

  const validate: (bytes: Uint8Array<ArrayBuffer>) => boolean;
}
