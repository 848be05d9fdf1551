/**
 * Updates in WebAssembly, in float64: programs without samples that are evaluated step after step, as `updateInFloat64` does,
 * to the same bits. What it returns stays in memory of its own, and is read there by the next step; nothing is made on the way.
 *
 * Values that are returned have two places, which steps take in turns, so that all are replaced at once:
 *
 *     step 0 reads what step 1 has returned, and returns other arrays; step 1 the other way round.
 */
import { call, i32 } from '../../assembler/expression.ts';
import { compiledModule } from '../../assembler/engine.ts';
import { kernelsOf } from '../../assembler/instance.ts';
import { assembleModule, defineFunction } from '../../assembler/module.ts';
import type { Reals } from '../../number/reals.ts';
import { valueId, type ValueId } from '../../program/program.ts';
import type { TypedProgram } from '../../program/typecheck.ts';
import { lengthOf } from '../../program/value-type.ts';
import type { Arrays } from '../backend.ts';
import { cacheLineBytes, inLine } from '../schedule/memory-plan.ts';
import { passesOf } from '../schedule/passes.ts';
import type { Leaf, Sweep } from '../schedule/sweep.ts';
import { bytesPerReal, bytesPerVector } from './grid.ts';
import { realSweep, type RealLeaf, type RealNode, type RealSweep } from './kernels/real-sweep.ts';
import { recorder } from './steps.ts';

/** A sweep of an update: its kernel's shape, the values that it reads, and the one that it stores. */
interface UpdateSweep {
  readonly stores: ValueId;
  readonly reads: readonly ValueId[];
  readonly shape: RealSweep;
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

/** Two places for what is returned, one for all else, in bytes. */
const placesOf = ({ types, outputs }: TypedProgram, latticeSize: number) => {
  const bytes = types.map(
    (type) => Math.ceil((lengthOf(latticeSize)(type) * bytesPerReal) / bytesPerVector) * bytesPerVector,
  );
  const returned = [...new Set(Object.values(outputs))];
  const { offsets, bytes: total } = inLine(cacheLineBytes)([
    ...bytes.map((each, id) => ({ id, bytes: each })),
    ...returned.map((id) => ({ id: types.length + id, bytes: bytes[id] ?? 0 })),
  ]);
  const second = new Set<number>(returned);
  return {
    bytes: total,
    placeOf: (id: number, turn: number): number =>
      offsets.get(turn === 1 && second.has(id) ? types.length + id : id) ?? 0,
  };
};

const pageBytes = 65536;

/** What 32 bits can address. */
const mostBytes = 2 ** 32;

/**
 * The update as a function from the arrays of its parameters, by name, to its outputs; null where a program is none of sums,
 * products, reciprocals, roots and totals entry by entry, or needs more memory than there can be. The outputs are in arrays of its
 * own, which are good until the next call, and may be its arguments.
 */
export const updateInWasm = (program: TypedProgram, latticeSize: number): ((parameters: Arrays) => Arrays) | null => {
  const { equations, types, outputs } = program;
  const sweeps = sweepsOf(program, latticeSize);
  if (sweeps === null) {
    return null;
  }
  const { bytes, placeOf } = placesOf(program, latticeSize);
  if (bytes > mostBytes) {
    return null;
  }
  const memory = new WebAssembly.Memory({ initial: Math.max(1, Math.ceil(bytes / pageBytes)) });
  const views = [0, 1].map((turn) =>
    types.map((type, id) => new Float64Array(memory.buffer, placeOf(id, turn), lengthOf(latticeSize)(type))),
  );
  const viewOf = (id: ValueId, turn: number): Float64Array => views[turn]![id]!;
  const parameterIds = equations.flatMap((equation, index) =>
    equation.tag === 'parameter' ? [{ name: equation.name, id: valueId(index) }] : [],
  );

  /** Where a step of a turn expects an argument: where the step before has left it, if that returns it. */
  const argument = (name: string, id: ValueId, turn: number): { readonly id: ValueId; readonly turn: number } => {
    const before = outputs[name];
    const isReturned = before !== undefined && viewOf(before, turn).length === viewOf(id, turn).length;
    return isReturned ? { id: before, turn: 1 - turn } : { id, turn };
  };
  const sources = new Map(parameterIds.map(({ name, id }) => [id, name]));
  const readAt = (id: ValueId, turn: number): number => {
    const name = sources.get(id);
    const at = name === undefined ? { id, turn } : argument(name, id, turn);
    return placeOf(at.id, at.turn);
  };

  const { step, recorded } = recorder();
  sweeps.forEach(({ shape }) => {
    step('run', realSweep, shape, []);
  });
  const { kernels, steps } = recorded();
  const stepOf = (turn: number) =>
    defineFunction(`step${turn}`, () =>
      sweeps.map(({ reads, stores }, index) =>
        call(
          steps.run[index]!.kernel,
          ...reads.map((id) => i32.constant(readAt(id, turn))),
          i32.constant(placeOf(stores, turn)),
        ),
      ),
    );
  const [functions, exports] = [
    [stepOf(0), stepOf(1)],
    ['step0', 'step1'],
  ];
  const module = compiledModule(assembleModule({ functions: [...kernels, ...functions], exports, shared: false }));
  const kernel = kernelsOf(module, memory);

  const turnOf = (turn: number): ((parameters: Arrays) => Arrays) => {
    const run = kernel(`step${turn}`);
    const given = parameterIds.map(({ name, id }) => {
      const at = argument(name, id, turn);
      return { name, view: viewOf(at.id, at.turn) };
    });
    /** Parameters that are returned as they are. */
    const kept = [...new Set(Object.values(outputs))].flatMap((id) => {
      const name = sources.get(id);
      return name === undefined ? [] : [{ name, view: viewOf(id, turn) }];
    });
    const returned = Object.fromEntries(Object.entries(outputs).map(([name, id]) => [name, viewOf(id, turn)]));
    return (parameters) => {
      // An array of the memory that is to be elsewhere in it may be overwritten before it is read.
      const moving = given.flatMap(({ name, view }) => {
        const numbers = parameters[name];
        return numbers === undefined || numbers === view ? [] : [{ numbers: apart(numbers, memory), view }];
      });
      moving.forEach(({ numbers, view }) => {
        view.set(numbers);
      });
      kept.forEach(({ name, view }) => {
        view.set(parameters[name] ?? []);
      });
      run();
      return returned;
    };
  };

  const turns = [turnOf(0), turnOf(1)] as const;
  let calls = 0;
  return (parameters) => {
    calls += 1;
    return turns[calls % 2 === 0 ? 0 : 1](parameters);
  };
};

/** Numbers that are in no memory but their own. */
const apart = (numbers: Reals, { buffer }: WebAssembly.Memory): Reals =>
  numbers instanceof Float64Array && numbers.buffer === buffer ? numbers.slice() : numbers;
