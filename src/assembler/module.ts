/** Functions, and the module that they make: one imported memory, functions of addresses, some of them exported. */
import { calleesOf, flattened, sized, unsignedLeb128, utf8, vector, type Code } from './binary.ts';
import { bodyCode, typeCode, type Body, type Local, type NumberType } from './expression.ts';

/** What a function's builder declares its variables with: parameters, all addresses or counts, come first. */
export interface Scope {
  readonly parameter: () => Local<'i32'>;
  readonly local: <T extends NumberType>(type: T) => Local<T>;
}

/** A function without a result. */
export interface FunctionDefinition {
  readonly name: string;
  readonly parameters: number;
  readonly locals: readonly NumberType[];
  readonly code: Code;
}

const variable = <T extends NumberType>(type: T, index: number): Local<T> => ({
  type,
  index,
  code: [0x20, unsignedLeb128(index)],
});

/**
 * The function whose body `build` returns, with the variables that it has declared.
 *
 * @example
 * defineFunction('clear', ({ parameter }) => f32x4.store(parameter(), f32x4.constant(0))).parameters // 1
 */
export const defineFunction = (name: string, build: (scope: Scope) => Body): FunctionDefinition => {
  let parameters = 0;
  const locals = new Array<NumberType>();
  const body = build({
    parameter: () => {
      if (locals.length > 0) {
        throw new RangeError(`${name} declares a parameter after a local: declare parameters first`);
      }
      parameters += 1;
      return variable('i32', parameters - 1);
    },
    local: (type) => {
      locals.push(type);
      return variable(type, parameters + locals.length - 1);
    },
  });
  return { name, parameters, locals, code: bodyCode(body) };
};

/** The functions of these names and all that they call, directly or not, in their order. */
export const reachedFrom = (
  names: readonly string[],
  functions: readonly FunctionDefinition[],
): readonly FunctionDefinition[] => {
  const reached = new Set<string>();
  const reach = (name: string): void => {
    if (!reached.has(name)) {
      reached.add(name);
      functions.filter((one) => one.name === name).forEach(({ code }) => calleesOf(code).forEach(reach));
    }
  };
  names.forEach(reach);
  return functions.filter(({ name }) => reached.has(name));
};

/** What a module is assembled from: its functions, which of them are exported, and what its memory is. */
export interface ModuleDescription {
  /** Every function once, in any order. */
  readonly functions: readonly FunctionDefinition[];
  readonly exports: readonly string[];
  /** Whether the memory is shared by threads. */
  readonly shared: boolean;
}

/** The names under which the memory is imported. */
export const memoryImport = { module: 'efnn', name: 'memory' };

/** The most pages of 64 KiB that an address of 32 bits reaches. */
export const mostPages = 65536;

/** Bytes of a page of memory. */
export const pageBytes = 65536;

const sectionIds = { custom: 0, types: 1, imports: 2, functions: 3, exports: 7, code: 10 };

const runLengths = (types: readonly NumberType[]): readonly Code[] => {
  const runs = new Array<{ readonly type: NumberType; readonly from: number }>();
  types.forEach((type, from) => {
    if (runs.at(-1)?.type !== type) runs.push({ type, from });
  });
  return runs.map(({ type, from }, i) => [unsignedLeb128((runs[i + 1]?.from ?? types.length) - from), typeCode[type]]);
};

/** The subsection of the custom section `name` that tells the names of functions. */
const functionNames = 1;

/**
 * The bytes of a module. Its functions keep their names, for profilers and stack traces.
 *
 * @source WebAssembly specification, appendix "Custom Sections"
 */
export const assembleModule = ({ functions, exports, shared }: ModuleDescription): Uint8Array<ArrayBuffer> => {
  const indices = new Map(functions.map(({ name }, index) => [name, index]));
  const indexOf = (name: string): number => {
    const index = indices.get(name);
    if (index === undefined) {
      throw new RangeError(`no function is called ${name}: define each function that is called or exported`);
    }
    return index;
  };
  const bytes = (code: Code): readonly number[] => flattened(code, indexOf);
  const section = (id: number, content: Code): Code => [id, sized(bytes(content))];
  const mostParameters = Math.max(0, ...functions.map(({ parameters }) => parameters));
  // Function type n takes n addresses.
  const types = Array.from({ length: mostParameters + 1 }, (_, n) => [
    0x60,
    vector(Array.from({ length: n }, () => typeCode.i32)),
    vector([]),
  ]);
  const limits = shared ? [3, unsignedLeb128(1), unsignedLeb128(mostPages)] : [0, unsignedLeb128(1)];
  return Uint8Array.from(
    bytes([
      [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      section(sectionIds.types, vector(types)),
      section(sectionIds.imports, vector([[utf8(memoryImport.module), utf8(memoryImport.name), 2, limits]])),
      section(sectionIds.functions, vector(functions.map(({ parameters }) => unsignedLeb128(parameters)))),
      section(sectionIds.exports, vector(exports.map((name) => [utf8(name), 0, unsignedLeb128(indexOf(name))]))),
      section(
        sectionIds.code,
        vector(functions.map(({ locals, code }) => sized(bytes([vector(runLengths(locals)), code, 0x0b])))),
      ),
      section(sectionIds.custom, [
        utf8('name'),
        functionNames,
        sized(bytes(vector(functions.map(({ name }, index) => [unsignedLeb128(index), utf8(name)])))),
      ]),
    ]),
  );
};
