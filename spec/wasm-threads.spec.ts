/** Threads of the wasm backend: what each takes, and those that die, or never come. Scripts of Node's alone. */
import { execFile } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';

import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it, vi } from 'vitest';

import type { Arrays } from '../src/backend/backend.ts';
import { reference } from '../src/backend/reference/reference.ts';
import { cutsOf } from '../src/backend/wasm/chunks.ts';
import { planOf } from '../src/backend/wasm/portions.ts';
import { compile, exported } from '../src/backend/wasm/compiled-program.ts';
import { crewOf, type Session } from '../src/backend/wasm/crew.ts';
import { groupsOf } from '../src/backend/wasm/groups.ts';
import { machineFor, type Machine } from '../src/backend/wasm/machine.ts';
import { newRounds, openRound, patienceMilliseconds, takeCalls } from '../src/backend/wasm/rounds.ts';
import { recorder } from '../src/backend/wasm/steps.ts';
import { callsOf, type Call } from '../src/backend/wasm/shared-module.ts';
import { alone, teamOf, type Team } from '../src/backend/wasm/team.ts';
import { backendOn, wasmBackend } from '../src/backend/wasm/wasm.ts';
import {
  inputField,
  multiply,
  parameterBias,
  parameterScalar,
  record,
  scale,
  sumSites,
  total,
} from '../src/program/expression.ts';
import type { TypedProgram } from '../src/program/typecheck.ts';
import { typed } from './arbitraries/program.ts';
import { verify } from './law.ts';
import { stepsMakeNoArrays, writesMakeNoArrays } from './laws/resident.ts';
import { callsAreTakenOnce } from './laws/rounds.ts';
import { memoryBeyondIsInGibibytes } from './laws/wasm.ts';
import { clear } from '../src/backend/wasm/kernels/clear.ts';
import { messageOf, right } from './right.ts';
import { withResidents } from './with-residents.ts';

verify(
  callsAreTakenOnce,
  { openRound, takeCalls },
  {
    'the last call is taken by nobody': {
      openRound: (rounds, calls, modules) => {
        openRound(rounds, calls.slice(0, -1), modules);
      },
      takeCalls,
    },
    'each thread takes all': {
      openRound,
      takeCalls: (rounds, take) => {
        const left = Atomics.load(rounds.left, 0);
        takeCalls(rounds, take);
        Atomics.store(rounds.left, 0, left);
      },
    },
    'the last one first': {
      openRound: (rounds, calls, modules) => {
        openRound(rounds, calls.toReversed(), modules);
      },
      takeCalls,
    },
  },
);

describe.each([alone, teamOf(2)])('on $threads threads', (team) => {
  verify(stepsMakeNoArrays, backendOn(team, 'separate', 'direct'), {
    'each step is a run, with arrays of its own': reference,
  });

  verify(writesMakeNoArrays, backendOn(team, 'separate', 'direct'), {
    'what is written is copied': withResidents(reference, (resident) => ({
      ...resident,
      write: (state) =>
        resident.write(Object.fromEntries(Object.entries(state).map(([name, numbers]) => [name, numbers.slice()]))),
    })),
  });
});

const x = inputField('x', 1, 1);
const squares = typed(record({ y: total(multiply(x, x)) }));
const ones = (samples: number, N: number) => ({
  parameters: {},
  inputs: { x: new Float64Array(samples * N * N).fill(1) },
  latticeSize: N,
  batch: samples,
});

/** A program with sums, so that a group that has been computed shows in memory. */
const sums = typed(record({ b: sumSites(multiply(x, x)), bias: parameterBias('p', 1) }));

const machineOn = (threads: number): Machine => {
  const options = { threads, shared: true, correlations: 'direct', residentSamples: null, partsFor: () => 1 } as const;
  const machine = machineFor(compile(sums, { size: 1, samples: 4 }, 'separate', 128, options), true);
  new Float64Array(machine.memory.buffer, machine.compiled.stagedAt, machine.compiled.samples).fill(1);
  return machine;
};

/** How a program is refused that takes at least so many bytes. */
const refusalOf = (bytes: number): string => {
  const { compiled } = machineOn(1);
  const made = E.tryCatch(() => machineFor({ ...compiled, stagedAt: bytes, mostChunks: 1 }, false), String);
  return E.isLeft(made) ? made.left.replace(/^RangeError: /, '') : 'none';
};

const shownAs = (change: (bytes: number) => string) => (bytes: number) =>
  refusalOf(bytes).replace(/\d+\.\d GiB/, change(bytes));

verify(memoryBeyondIsInGibibytes, refusalOf, {
  'in pages': shownAs((bytes) => `${Math.ceil(bytes / 65536)} pages of 64 KiB`),
  'rounded to the nearest tenth': shownAs((bytes) => `${(bytes / 2 ** 30).toFixed(1)} GiB`),
  'in GB': shownAs((bytes) => `${(bytes / 1e9).toFixed(1)} GiB`),
});

const groups = groupsOf(1, 1).flatMap((group) => [group, { ...group, index: 1 }]);

/** Twice the same chunk, which fills the sums of two groups; this thread does what is given before each. */
const callsAfter = (machine: Machine, before: () => void): readonly Call[] => {
  const { sumsAt, samples } = machine.compiled;
  const functions = machine.module.functions.map((run): typeof run => (...operands) => {
    before();
    run(...operands);
  });
  const call = callsOf({ ...machine.module, functions }, exported.group);
  return groups.map(({ index, first, chunks }) => call(sumsAt(index), first, chunks, samples));
};

const sumsOf = ({ memory, compiled }: Machine): readonly (number | undefined)[] =>
  groups.map(({ index }) => new Float64Array(memory.buffer, compiled.sumsAt(index), 1)[0]);

const script = (name: string): URL => new URL(`workers/${name}.worker.mjs`, import.meta.url);

/** Longer than any thread takes to start. */
const longest = 20_000;

describe('a thread that dies with work that it has taken', () => {
  it.each(['leaving', 'failing'])('is an error, never a hang: %s', async (kind) => {
    const team = teamOf(2, script(kind));
    const run = async (): Promise<E.Either<{ readonly message: string }, void>> => {
      const machine = machineOn(2);
      const said = new Int32Array(machine.memory.buffer, 0, 1);
      const calls = callsAfter(machine, () => {
        expect(Atomics.wait(said, 0, 0, longest)).not.toBe('timed-out');
      });
      return team.compute(calls)();
    };
    const [first, second] = [await run(), await run()];
    expect([first, second].map(E.isLeft)).toEqual([true, true]);
    expect(messageOf(first)).toContain('a thread ended before its work was done');
  });
});

describe('a thread that ends before it has come', () => {
  it('is an error', async () => {
    const executable = right(await backendOn(teamOf(2, script('absent')), 'separate', 'direct').compile(squares)());
    expect(messageOf(await executable.run(ones(1000, 3))())).toContain('a thread ended before its work was done');
  });
});

describe('a thread that never takes any work', () => {
  it('is not waited for', async () => {
    const executable = right(await backendOn(teamOf(2, script('sleeping')), 'separate', 'direct').compile(squares)());
    expect(await executable.run(ones(1000, 3))()).toEqual(E.right({ y: new Float64Array(1000).fill(9) }));
  });
});

describe('threads that come', () => {
  it('take what the first one leaves, round after round', async () => {
    const team = teamOf(2);
    const machines = [machineOn(2), machineOn(2)];
    for (const machine of [...machines, ...machines]) {
      // The first thread waits before its group until another has computed one.
      const until = performance.now() + longest;
      const found = (): boolean => sumsOf(machine).includes(4);
      const calls = callsAfter(machine, () => {
        while (!found() && performance.now() < until) {
          // Its numbers are in shared memory.
        }
        expect(found()).toBe(true);
      });
      groups.forEach(({ index }) => new Float64Array(machine.memory.buffer, machine.compiled.sumsAt(index), 1).fill(0));
      expect(await team.compute(calls)()).toEqual(E.right(undefined));
      expect(sumsOf(machine)).toEqual([4, 4]);
    }
  });
});

describe('a session of workers', () => {
  it('goes on while its modules are known, and knows the sixteen latest', async () => {
    const crew = crewOf(1, script('sleeping'));
    const modules = Array.from({ length: 17 }, () => machineOn(2).module);
    const [first, ...others] = modules.map((module) => crew.session([module]));
    expect(others.at(-1)?.modules).toEqual(modules.slice(1).toReversed());
    expect(crew.session(modules.slice(3))).toBe(others.at(-1));
    expect(crew.session(modules.slice(0, 1))).not.toBe(first);
    await crew.dismiss();
  });
  it('ends when one of its modules is forgotten, and the next knows no more of it', async () => {
    const crew = crewOf(1, script('sleeping'));
    const [first, second, third] = [machineOn(2).module, machineOn(2).module, machineOn(2).module];
    const session = crew.session([first, second]);
    await crew.forget(({ id }) => id === third.id);
    expect(crew.session([first])).toBe(session);
    await crew.forget(({ id }) => id === second.id);
    expect(crew.session([first]).modules).toEqual([first]);
    await crew.dismiss();
  });
});

/** Milliseconds in which a worker that has left ends, and would be taken for lost. */
const ample = 500;

/** A session, once a worker has left. */
const partedFrom = async (session: Session): Promise<Session> => {
  expect(await session.start).toBeNull();
  await vi.waitUntil(session.isOver, { timeout: longest });
  expect(await Promise.race([session.news(), setTimeout(ample, null)])).toBeNull();
  return session;
};

describe('threads without work', () => {
  it('keep no process, which ends before they would leave', async () => {
    const program = fileURLToPath(new URL('workers/two-threads.mjs', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [program], { timeout: patienceMilliseconds / 2 });
    expect(stdout).toBe('1');
  });
  it('leave after long, and say so first', async () => {
    const worker = new Worker(new URL('../src/backend/wasm/team.worker.mjs', import.meta.url));
    const words = new Array<unknown>();
    worker.on('message', (word) => words.push(word));
    worker.postMessage({ rounds: newRounds(), modules: [], spinMilliseconds: 0, patienceMilliseconds: 1 });
    expect(await new Promise((resolve) => worker.on('exit', resolve))).toBe(0);
    expect(words).toEqual(['here', 'left']);
  });
  it('are followed by others once they have left, which is no failure', async () => {
    const crew = crewOf(1, script('parting'));
    const { module } = machineOn(2);
    const [first, second] = [await partedFrom(crew.session([module])), await partedFrom(crew.session([module]))];
    expect(second).not.toBe(first);
    await crew.dismiss();
  });
});

describe('a run that is cut in chunks of two sizes', () => {
  const [batch, size] = [1000, 4];
  /** Outputs of a program, and the modules of each round. */
  const counted = async (program: TypedProgram, parameters: Arrays) => {
    const rounds = new Array<number>();
    const counting: Team = {
      ...alone,
      threads: 2,
      compute: (calls) => {
        rounds.push(new Set(calls.map(({ of }) => of)).size);
        return alone.compute(calls);
      },
    };
    const executable = right(await backendOn(counting, 'separate', 'direct').compile(program)());
    return { outputs: await executable.run({ ...ones(batch, size), parameters })(), rounds };
  };
  it('is one round', async () => {
    expect(cutsOf(size, batch, 'direct')).toHaveLength(2);
    expect(await counted(squares, {})).toEqual({
      outputs: E.right({ y: new Float64Array(batch).fill(size * size) }),
      rounds: [2],
    });
  });
  it('is one after another, in which each size is prepared, where there is something to prepare', async () => {
    const scaled = typed(record({ y: total(scale(parameterScalar('w'))(x)) }));
    expect(await counted(scaled, { w: Float64Array.of(3) })).toEqual({
      outputs: E.right({ y: new Float64Array(batch).fill(3 * size * size) }),
      rounds: [2, 2],
    });
  });
});

describe('a round', () => {
  it.each([1, 2, 5])('of %i calls wakes no more threads than have work', (count) => {
    const notify = vi.spyOn(Atomics, 'notify');
    const rounds = newRounds();
    const { module } = machineOn(1);
    const call = callsOf(module, exported.group)(0);
    openRound(
      rounds,
      Array.from({ length: count }, () => call),
      [module],
    );
    expect(notify.mock.calls.map(([, , woken]) => woken)).toEqual([count - 1]);
    notify.mockRestore();
  });
});

describe('portions of samples', () => {
  it('of several cuts are refused that would be staged at one place', () => {
    const machine = machineOn(1);
    const small = { ...machine, compiled: { ...machine.compiled, mostChunks: 1 } };
    const cut = { machine: small, first: 0, chunks: 1 };
    expect(
      planOf([
        { ...cut, chunks: 2 },
        { ...cut, first: 8 },
      ]).stages.map(({ portions }) => portions.length),
    ).toEqual([1, 2]);
    expect(() => planOf([cut, { ...cut, first: 4, chunks: 2 }])).toThrow('give the largest cut first');
  });
  it('are as large where data are resident: sums over a batch are split alike', () => {
    const portion = (residentSamples: number | null): number => {
      const options = {
        threads: 1,
        shared: false,
        correlations: 'direct',
        residentSamples,
        partsFor: () => 1,
      } as const;
      return compile(sums, { size: 8, samples: 4 }, 'separate', 128, options).mostChunks;
    };
    expect(portion(1000)).toBe(portion(null));
  });
});

describe('kernels', () => {
  it('of 0, of -0 and of what is not finite are each their own', () => {
    const define = (name: string, _: { readonly value: number }) => clear(name, 1);
    const again = recorder();
    [0, -0, NaN, Infinity, -Infinity, 0, NaN].forEach((value) => {
      again.step('run', define, { value }, []);
    });
    expect(again.recorded().kernels).toHaveLength(5);
  });
});

describe('a page without shared memory', () => {
  it('is told so when several threads are asked of it', async () => {
    vi.stubGlobal('SharedArrayBuffer', undefined);
    const [two, one] = [
      await wasmBackend({ threads: 2, fused: false })(),
      await wasmBackend({ threads: 1, fused: false })(),
    ];
    vi.unstubAllGlobals();
    expect(messageOf(two)).toContain('cross-origin isolated');
    expect(E.isRight(one)).toBe(true);
  });
});
