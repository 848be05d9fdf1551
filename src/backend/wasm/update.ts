/**
 * Updates in WebAssembly, in float64: programs without samples that are evaluated step after step, as `updateInFloat64` does,
 * to the same bits, in a memory of their own. Where they have many numbers, threads share them, each the entries of a part.
 */
import { call, i32, when, type Statement } from '../../assembler/expression.ts';
import { assembleModule, defineFunction, pageBytes } from '../../assembler/module.ts';
import type { VectorBits } from '../../assembler/wide-vector.ts';
import { valueId, type ValueId } from '../../program/program.ts';
import type { TypedProgram } from '../../program/typecheck.ts';
import { lengthOf } from '../../program/value-type.ts';
import { cacheLineBytes, inLine } from '../schedule/memory-plan.ts';
import { passesOf } from '../schedule/passes.ts';
import type { Leaf, Sweep } from '../schedule/sweep.ts';
import {
  otherTurn,
  turns,
  updateNames,
  type WritableArrays,
  type Turn,
  type UpdateArrays,
  type UpdateInPlace,
  type UpdateNames,
} from '../schedule/update-in-place.ts';
import { bytesPerReal, bytesPerVector } from './grid.ts';
import { range } from './kernels/arithmetic.ts';
import { realSweep, type RealLeaf, type RealNode, type RealSweep } from './kernels/real-sweep.ts';
import { evenParts, type Part, type PartsFor } from './parts.ts';
import { callHere, callsOf, newMemory, sharedModule, type Call, type SharedModule } from './shared-module.ts';
import { recorder } from './steps.ts';

/** A sweep of an update: its kernel's shape, the values that it reads, and the one that it stores. */
interface UpdateSweep {
  readonly stores: ValueId;
  readonly reads: readonly ValueId[];
  readonly shape: Omit<RealSweep, 'bits'>;
}

/** The sweep in float64, or null where it does what such sweeps do not: components that meet, sums over sites, tangents. */
const updateSweep = (
  { stores, of, over, expression }: Sweep,
  length: (id: ValueId) => number,
  size: (type: Sweep['over']) => number,
): UpdateSweep | null => {
  const reads = new Array<ValueId>();
  const operands = new Array<RealLeaf['tag']>();
  const known = new Map<string, RealLeaf>();
  const leafOf = ({ tag, value }: Leaf): RealLeaf => {
    const key = `${tag} ${value}`;
    const leaf = known.get(key) ?? { tag, operand: reads.push(value) - 1 };
    operands[leaf.operand] = tag;
    known.set(key, leaf);
    return leaf;
  };
  const realNode = (node: Sweep['expression'][number]): RealNode | null => {
    switch (node.tag) {
      case 'leaf': {
        const { leaf } = node;
        const isEntry = leaf.tag === 'entry' && length(leaf.value) === size(over);
        return isEntry || leaf.tag === 'scalar' ? { tag: 'leaf', leaf: leafOf(leaf) } : null;
      }
      case 'function':
        return node.function === 'tanh' ? null : { tag: 'function', function: node.function, value: node.value };
      case 'multiplyAdd':
        return null;
      case 'constant':
      case 'add':
      case 'multiply':
        return node;
    }
  };
  const nodes = expression.flatMap((node) => realNode(node) ?? []);
  const hasComponents = over.tag === 'field' && over.components > 1;
  return nodes.length < expression.length || hasComponents || of === 'sites'
    ? null
    : { stores, reads, shape: { length: size(over), operands, expression: nodes, of } };
};

/** The sweeps of an update in their order, or null where it takes passes of other kinds, or returns what none stores. */
const sweepsOf = (program: TypedProgram, latticeSize: number): readonly UpdateSweep[] | null => {
  const size = lengthOf(latticeSize);
  const lengths = program.types.map(size);
  const { passes } = passesOf(program);
  const sweeps = passes.flatMap((pass) =>
    pass.tag === 'sweep' ? (updateSweep(pass.sweep, (id) => lengths[id] ?? 0, size) ?? []) : [],
  );
  const parameters = passes.filter((pass) => pass.tag === 'operation' && pass.operation.tag === 'parameter');
  const stored = new Set([...sweeps, ...parameters].map(({ stores }) => stores));
  const isComplete =
    sweeps.length + parameters.length === passes.length &&
    [...Object.values(program.outputs), ...sweeps.flatMap(({ reads }) => reads)].every((id) => stored.has(id));
  return isComplete ? sweeps : null;
};

/**
 * Where values are, in bytes: what is returned has two places, by name. What is read has one by name, that of the first value of the
 * name, and all else that is computed one for itself.
 */
const placesOf = ({ types, outputs }: TypedProgram, { read, replaced, computed }: UpdateNames, latticeSize: number) => {
  const elsewhere = new Set([...replaced, ...computed].map(({ id }) => id));
  const bytes = types.map(
    (type) => Math.ceil((lengthOf(latticeSize)(type) * bytesPerReal) / bytesPerVector) * bytesPerVector,
  );
  const names = Object.keys(outputs);
  const first = new Map(read.map(({ name, id }) => [id, read.find((other) => other.name === name)?.id]));
  const { offsets, bytes: total } = inLine(cacheLineBytes)(
    [
      ...bytes.map((each, id) => (elsewhere.has(valueId(id)) ? 0 : each)),
      ...turns.flatMap(() => names.map((name) => bytes[outputs[name]!]!)),
    ].map((each, id) => ({ id, bytes: each })),
  );
  return {
    bytes: total,
    ofValue: (id: ValueId): number => offsets.get(first.get(id) ?? id) ?? 0,
    ofOutput: (name: string, turn: Turn): number =>
      offsets.get(types.length + turn * names.length + names.indexOf(name)) ?? 0,
  };
};

/** What 32 bits can address. */
const mostBytes = 2 ** 32;

/** Numbers in a cache line: parts begin with whole ones, so that no two threads write to one. */
const numbersPerLine = cacheLineBytes / bytesPerReal;

/** The entries of a sweep that are in a part. */
interface Slice extends Part {
  readonly sweep: UpdateSweep;
}

/** The entries of a sweep that each part has. */
const slicesOf =
  (parts: number) =>
  (sweep: UpdateSweep): readonly Slice[] => {
    const { length } = sweep.shape;
    return evenParts(Math.ceil(length / numbersPerLine), parts).map(({ first, count }) => ({
      sweep,
      first: first * numbersPerLine,
      count: Math.min(length, (first + count) * numbersPerLine) - first * numbersPerLine,
    }));
  };

/** Whether entries of all sweeps can be computed in parts, each from entries at the same places. */
const isDivisible = (sweeps: readonly UpdateSweep[]): boolean => {
  const stored = new Set(sweeps.map(({ stores }) => stores));
  return sweeps.every(
    ({ reads, shape: { of, operands } }) =>
      of === 'each' && reads.every((id, operand) => operands[operand] === 'entry' || !stored.has(id)),
  );
};

/** An update in WebAssembly: calls, none of which needs what another does, and what this thread does after them. */
export interface UpdateInWasm extends UpdateArrays {
  readonly module: SharedModule;
  readonly calls: (to: Turn) => readonly Call[];
  /** Copies what is returned by several names. */
  readonly copy: (to: Turn) => void;
}

/** The update in this thread. */
export const updateHere = ({ read, returned, calls, copy }: UpdateInWasm): UpdateInPlace => ({
  read,
  returned,
  step: (to) => {
    calls(to).forEach(callHere);
    copy(to);
  },
});

/**
 * The update in a memory of its own, in parts; null where a program is none of sums, products, reciprocals, roots
 * and totals entry by entry, or needs more memory than there can be.
 */
export const updateInWasm = (
  program: TypedProgram,
  latticeSize: number,
  bits: VectorBits,
  partsFor: PartsFor,
): UpdateInWasm | null => {
  const { types, outputs } = program;
  const sweeps = sweepsOf(program, latticeSize);
  if (sweeps === null) {
    return null;
  }
  const names = updateNames(program);
  const places = placesOf(program, names, latticeSize);
  if (places.bytes > mostBytes) {
    return null;
  }
  const pages = Math.max(1, Math.ceil(places.bytes / pageBytes));
  const parts = isDivisible(sweeps) ? partsFor(places.bytes) : 1;
  const shared = parts > 1;
  const memory = newMemory(pages, pages, shared);
  const numbersAt = (place: number, id: ValueId): Float64Array =>
    new Float64Array(memory.buffer, place, lengthOf(latticeSize)(types[id]!));
  const replaced = new Map(names.replaced.map(({ name, id }) => [id, name]));
  const computed = new Map(names.computed.map(({ name, id }) => [id, name]));

  /** Where a step to a turn finds a value, or puts it. */
  const placeOf = (id: ValueId, to: Turn): number => {
    const [before, output] = [replaced.get(id), computed.get(id)];
    if (before !== undefined) {
      return places.ofOutput(before, otherTurn(to));
    }
    return output === undefined ? places.ofValue(id) : places.ofOutput(output, to);
  };

  const { kernel, recorded } = recorder();
  const slices = sweeps.map(slicesOf(parts));
  /** The slices of a part, each with its kernel. */
  const steps = range(parts).map((part) =>
    slices.flatMap((of) => {
      const slice = of[part];
      return slice === undefined || slice.count === 0
        ? []
        : [{ slice, kernel: kernel(realSweep, { ...slice.sweep.shape, length: slice.count, bits }) }];
    }),
  );
  const stepName = (to: Turn): string => `step${to}`;
  const functions = turns.map((to) =>
    defineFunction(stepName(to), (scope) => {
      scope.parameter();
      const part = scope.parameter();
      /** A call on the entries from the first one of a slice on. */
      const sweepCall = (name: string, { first, sweep: { reads, stores, shape } }: Slice): Statement => {
        const moved = (id: ValueId, isEntry: boolean): number => placeOf(id, to) + (isEntry ? first * bytesPerReal : 0);
        const operands = reads.map((id, operand) => moved(id, shape.operands[operand] === 'entry'));
        return call(name, ...[...operands, moved(stores, true)].map((place) => i32.constant(place)));
      };
      return steps.map((those, index) =>
        when(
          i32.equals(part, i32.constant(index)),
          those.map((each) => sweepCall(each.kernel, each.slice)),
        ),
      );
    }),
  );
  const module = sharedModule(
    assembleModule({ functions: [...recorded().kernels, ...functions], exports: turns.map(stepName), shared }),
    memory,
    { names: turns.map(stepName), arenaAt: () => 0 },
  );

  const outputArrays = (turn: Turn): WritableArrays =>
    Object.fromEntries(Object.entries(outputs).map(([name, id]) => [name, numbersAt(places.ofOutput(name, turn), id)]));
  const returned: UpdateArrays['returned'] = [outputArrays(0), outputArrays(1)];
  const ofTurns = <A>(make: (to: Turn) => A): readonly [A, A] => [make(0), make(1)];
  const calls = ofTurns((to) => range(parts).map((part) => callsOf(module, stepName(to))(part)));
  const copies = ofTurns((to) =>
    names.copied.map(({ name, id }) => ({ from: numbersAt(placeOf(id, to), id), to: returned[to][name]! })),
  );
  return {
    module,
    read: Object.fromEntries(names.read.map(({ name, id }) => [name, numbersAt(places.ofValue(id), id)])),
    returned,
    calls: (to) => calls[to],
    copy: (to) => {
      for (const { from, to: into } of copies[to]) {
        into.set(from);
      }
    },
  };
};
