/**
 * The update of a resident as stages of kernels: it reads the sums of a step where the program has left them, and replaces
 * arrays of the state where they lie, so that nothing leaves the device.
 *
 *     state:   | parameters of the program | the rest of the state | scalars of the step |
 */
import { meaningOf, type ValueId } from '../../program/program.ts';
import { lengthOf } from '../../program/value-type.ts';
import { passesOf } from '../schedule/passes.ts';
import type { CheckedResidency } from '../schedule/residency.ts';
import { entryOf, readEntry, type Setting } from './access.ts';
import { kernelsOf, type Planned } from './kernels.ts';
import { argumentIds, cutsWithin, shaderOf, type Dispatches, type Named, type Plan, type Planning } from './plan.ts';
import { stagesOf, type Stage } from './stages.ts';
import { isValue, unitsOf } from './units.ts';
import { byInvocation, constantOf, lanes, whole, type Code, type Kernel, type Names } from './wgsl.ts';

/** The update of a residency, and where its state lies. */
export interface UpdatePlan extends Dispatches {
  /** The arrays of the state, those of the program's parameters first. */
  readonly state: readonly Named[];
  readonly scalars: readonly Named[];
  readonly stateLength: number;
  /** How many numbers of `memory` it needs behind what the program shares. */
  readonly memoryLength: number;
}

/** Places one after the other. */
const inOrder = (lengths: readonly (readonly [name: string, length: number])[], from: number): readonly Named[] =>
  lengths.map(([name, length], index) => ({
    name,
    at: lengths.slice(0, index).reduce((sum, [, before]) => sum + before, from),
    of: 'all',
    length,
  }));

const lengthOfAll = (places: readonly Named[]): number => places.reduce((sum, { length }) => sum + length, 0);

/** An array of the state, and the value that replaces it. */
interface Replacement {
  readonly name: string;
  readonly by: ValueId;
  /** Whether the kernel that computes the value may store it in the place of the array. */
  readonly isInPlace: boolean;
}

/**
 * Which arrays are replaced while the update runs: those that nobody reads from then on, but the kernel itself, each
 * number before it stores its own. The others are replaced at the end.
 */
const replacementsOf = ({ update }: CheckedResidency, stages: readonly Stage[]): readonly Replacement[] => {
  const nameOf = (id: ValueId): string | null => {
    const equation = meaningOf(update.equations)(id);
    return equation.tag === 'parameter' ? equation.name : null;
  };
  const outputs = Object.entries(update.outputs);
  return outputs.map(([name, by], index) => {
    const isFirst = outputs.findIndex(([, other]) => other === by) === index;
    const at = stages.findIndex((stage) =>
      stage.some((units) => units.some((unit) => isValue(unit) && unit.value === by)),
    );
    const own = stages[at]?.find((units) => units.some((unit) => isValue(unit) && unit.value === by));
    const isReadElsewhere = stages
      .slice(Math.max(0, at))
      .some((stage) =>
        stage.some((units) =>
          units.some((unit) =>
            unit.reads.some(
              (read) => nameOf(read.value) === name && !(units === own && unit.space !== null && read.isHere),
            ),
          ),
        ),
      );
    return { name, by, isInPlace: at >= 0 && isFirst && !isReadElsewhere };
  });
};

/** Plans the update of a residency for a program. */
export const updatePlanOf = (residency: CheckedResidency, program: Plan, planning: Planning): UpdatePlan => {
  const { update, latticeSize, sums: sumNames, scalars: scalarNames } = residency;
  const passes = passesOf(update);
  const units = unitsOf(update, passes);
  const stages = stagesOf(units);
  const typeOf = meaningOf(update.types);
  const lengthAt = (id: ValueId): number => lengthOf(latticeSize)(typeOf(id));

  const ofProgram = program.parameters.map(({ name }) => name);
  const others = Object.keys(residency.state).filter((name) => !ofProgram.includes(name));
  const rest = inOrder(
    others.map((name) => [name, residency.state[name]?.length ?? 0]),
    program.parameterLength,
  );
  const state = [...program.parameters, ...rest];
  const scalars = inOrder(
    scalarNames.map((name) => [name, 1]),
    program.parameterLength + lengthOfAll(rest),
  );
  const places = new Map([...state, ...scalars].map((place) => [place.name, place]));
  const sums = new Map(program.results.filter(({ name }) => sumNames.includes(name)).map((sum) => [sum.name, sum]));

  const replacements = replacementsOf(residency, stages);
  const inPlace = new Map(replacements.flatMap(({ name, by, isInPlace }) => (isInPlace ? [[by, name] as const] : [])));
  const ofParameters = argumentIds(update, 'parameter');
  const isSum = (name: string): boolean => sums.has(name) && !places.has(name);
  const isInState = new Set([...ofParameters.flatMap(([name, id]) => (isSum(name) ? [] : [id])), ...inPlace.keys()]);
  const setting: Setting = {
    program: update,
    times: passes.times,
    latticeSize,
    arrayOf: (id) => (isInState.has(id) ? 'state' : 'memory'),
  };
  const computed = kernelsOf(setting, stages, cutsWithin(planning));

  // What is neither an argument nor in place finds room behind what the program shares.
  const temporary = [
    ...new Set(computed.flatMap((kernels) => kernels.flatMap(({ stores }) => stores)).filter((id) => !inPlace.has(id))),
  ];
  const copied = units.flatMap(({ value, work }) => (work.tag === 'copy' ? [value] : []));
  const inMemory = inOrder(
    [
      ...temporary.map((id) => [constantOf.value(id), lengthAt(id)] as const),
      ...copied.map((id) => [constantOf.copy(id), lengthAt(id)] as const),
    ],
    program.sharedLength,
  );

  const replace = ({ name, by }: Replacement): Planned => {
    const entry = entryOf(typeOf(by), latticeSize * latticeSize, '0u', 'index');
    const place = places.get(name)?.at ?? 0;
    const read = (names: Names): Code =>
      copied.includes(by)
        ? `memory[${names.start('copy', by)} + index]`
        : readEntry({ ...setting, names }, new Map())(by, entry);
    const kernel: Kernel = {
      grid: byInvocation(lengthAt(by), 'all'),
      shared: 0,
      body: (_, names) => `
  let index = group * ${whole(lanes)} + lane;
  if (index < ${whole(lengthAt(by))}) { state[${whole(place)} + index] = ${read(names)}; }`,
    };
    return { kernel, reads: [by], stores: [], parts: null };
  };
  const atEnd = replacements.filter(({ isInPlace }) => !isInPlace).map(replace);
  const all = [...computed, ...(atEnd.length === 0 ? [] : [atEnd])];
  const constant = (name: string, value: number): string => `const ${name} = ${whole(value)};`;

  return {
    state,
    scalars,
    stateLength: program.parameterLength + lengthOfAll(rest) + scalars.length,
    memoryLength: lengthOfAll(inMemory),
    shader: shaderOf(
      [
        ...ofParameters.map(([name, id]) =>
          constant(constantOf.value(id), (isSum(name) ? sums.get(name) : places.get(name))?.at ?? 0),
        ),
        ...[...inPlace].map(([id, name]) => constant(constantOf.value(id), places.get(name)?.at ?? 0)),
        ...inMemory.map(({ name, at }) => constant(name, at)),
      ],
      all,
    ),
    stages: all.map((kernels) => ({
      grids: kernels.map(({ kernel }) => kernel.grid),
      traffic: {
        perSample: 0,
        once: kernels.flatMap(({ reads, stores }) => [...reads, ...stores]).reduce((sum, id) => sum + lengthAt(id), 0),
      },
    })),
  };
};
