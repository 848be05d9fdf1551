/**
 * Updates in WebAssembly, in float64: programs without samples that are evaluated step after step, as `updateInFloat64` does,
 * to the same bits, in a memory of their own.
 */
import { call, i32 } from '../../assembler/expression.ts';
import { compiledModule } from '../../assembler/engine.ts';
import { kernelsOf } from '../../assembler/instance.ts';
import { assembleModule, defineFunction } from '../../assembler/module.ts';
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
  type UpdateInPlace,
  type UpdateNames,
} from '../schedule/update-in-place.ts';
import { bytesPerReal, bytesPerVector } from './grid.ts';
import { realSweep, type RealLeaf, type RealNode, type RealSweep } from './kernels/real-sweep.ts';
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

const pageBytes = 65536;

/** What 32 bits can address. */
const mostBytes = 2 ** 32;

/**
 * The update in a memory of its own; null where a program is none of sums, products, reciprocals, roots and totals entry by entry,
 * or needs more memory than there can be.
 */
export const updateInWasm = (program: TypedProgram, latticeSize: number, bits: VectorBits): UpdateInPlace | null => {
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
  const memory = new WebAssembly.Memory({ initial: Math.max(1, Math.ceil(places.bytes / pageBytes)) });
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

  const { step, recorded } = recorder();
  sweeps.forEach(({ shape }) => {
    step('run', realSweep, { ...shape, bits }, []);
  });
  const { kernels, steps } = recorded();
  const stepName = (to: Turn): string => `step${to}`;
  const functions = turns.map((to) =>
    defineFunction(stepName(to), () =>
      sweeps.map(({ reads, stores }, index) =>
        call(steps.run[index]!.kernel, ...[...reads, stores].map((id) => i32.constant(placeOf(id, to)))),
      ),
    ),
  );
  const module = compiledModule(
    assembleModule({ functions: [...kernels, ...functions], exports: turns.map(stepName), shared: false }),
  );
  const kernel = kernelsOf(module, memory);

  const outputArrays = (turn: Turn): WritableArrays =>
    Object.fromEntries(Object.entries(outputs).map(([name, id]) => [name, numbersAt(places.ofOutput(name, turn), id)]));
  const returned: UpdateInPlace['returned'] = [outputArrays(0), outputArrays(1)];
  const stepTo = (to: Turn): (() => void) => {
    const run = kernel(stepName(to));
    const copies = names.copied.map(({ name, id }) => ({
      from: numbersAt(placeOf(id, to), id),
      to: returned[to][name]!,
    }));
    return () => {
      run();
      for (const copy of copies) {
        copy.to.set(copy.from);
      }
    };
  };
  const stepsTo = [stepTo(0), stepTo(1)] as const;
  return {
    read: Object.fromEntries(names.read.map(({ name, id }) => [name, numbersAt(places.ofValue(id), id)])),
    returned,
    step: (to) => {
      stepsTo[to]();
    },
  };
};
