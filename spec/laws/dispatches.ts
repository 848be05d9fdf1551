/** How often a training step on a GPU is dispatched, known when the step is planned: no adapter is needed. */
import fc from 'fast-check';

import { checkResidency } from '../../src/backend/schedule/residency.ts';
import { planOf, usualPlanning, type Plan } from '../../src/backend/webgpu/plan.ts';
import { updatePlanOf, type UpdatePlan } from '../../src/backend/webgpu/update-plan.ts';
import type { Kernel } from '../../src/backend/webgpu/wgsl.ts';
import { initialWeights } from '../../src/network/initial-weights.ts';
import { network, networkProgram } from '../../src/network/network.ts';
import { weightTypes } from '../../src/network/weights.ts';
import { adam, adamProgram, initialAdam, residentState } from '../../src/training/adam.ts';
import { lossProgram } from '../../src/training/loss.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';

/** A training of the lattice EFNN with three layers. */
interface Training {
  readonly channels: number;
  readonly kernel: number;
  readonly latticeSize: number;
  readonly pairHead: boolean;
  readonly isOnForces: boolean;
  readonly clip: number | null;
}

/** A step as it is planned: the forward and backward passes, and Adam. */
export interface PlannedStep {
  readonly program: Plan;
  readonly update: UpdatePlan;
}

/** Counts the dispatches of a step. */
export type CountDispatches = (step: PlannedStep) => number;

/** Copying the samples from the resident data is one, and each stage is one. */
export const dispatches: CountDispatches = ({ program, update }) => 1 + program.stages.length + update.stages.length;

const training: fc.Arbitrary<Training> = fc.record({
  channels: fc.integer({ min: 1, max: 9 }),
  kernel: fc.constantFrom(1, 3, 5),
  latticeSize: fc.constantFrom(2, 6, 10, 15, 40),
  pairHead: fc.boolean(),
  isOnForces: fc.boolean(),
  clip: fc.constantFrom(null, 1),
});

/** Plans a step of the training of a network. */
export const plannedStep = ({ latticeSize, isOnForces, clip, ...shape }: Training): PlannedStep => {
  const energy = right(networkProgram(network('efnn', { tag: 'lattice', layers: 3, ...shape })));
  const trained = weightTypes(energy);
  const loss = right(lossProgram({ weight: 1, forceWeight: isOnForces ? 1 : null }, Object.keys(trained))(energy));
  const program = planOf(loss, latticeSize, usualPlanning);
  const residency = checkResidency(loss)({
    update: adamProgram({ ...adam, clip })(trained),
    state: residentState(initialAdam(initialWeights(1)(energy))),
    latticeSize,
    data: null,
    observed: ['loss'],
  });
  return { program, update: updatePlanOf(right(residency), program, usualPlanning) };
};

/** Most dispatches of a step: of energies alone, and with forces. */
const most = { energies: 40, forces: 60 };

export const stepsAreFewDispatches: Law<CountDispatches, Training> = {
  statement: `a training step of the lattice EFNN with three layers is ${most.energies} dispatches at most, with forces ${most.forces}`,
  cases: training,
  holds: (count) => (example) => count(plannedStep(example)) <= (example.isOnForces ? most.forces : most.energies),
  runs: 12,
};

/** What a shader asks of a device: storage buffers, and the bytes that a workgroup shares. */
export interface Demands {
  readonly storageBuffers: number;
  readonly sharedBytes: number;
}

/** Reads the demands of a shader from its text. */
export type ReadDemands = (shader: string) => Demands;

/** As the text declares them. */
export const declaredDemands: ReadDemands = (shader) => ({
  storageBuffers: [...shader.matchAll(/var<storage/g)].length,
  sharedBytes: Math.max(
    0,
    ...[...shader.matchAll(/var<workgroup> \w+: array<f32, (\d+)>/g)].map(([, n]) => 4 * Number(n)),
  ),
});

export const plansKeepToTheDefaultLimits: Law<ReadDemands, Training> = {
  statement:
    'no stage needs more than the limits that every adapter has: 8 storage buffers, 16,384 bytes in a workgroup',
  cases: training,
  holds: (read) => (example) => {
    const { program, update } = plannedStep(example);
    return [program, update]
      .map(({ shader }) => read(shader))
      .every(({ storageBuffers, sharedBytes }) => storageBuffers > 0 && storageBuffers <= 8 && sharedBytes <= 16_384);
  },
  runs: 12,
};

/** A kernel as data: a form of text, and the values that it works on, in the order in which the form names them. */
interface Formed {
  readonly form: 'copies' | 'adds' | 'numbers';
  readonly values: readonly [number, number];
}

/** The kernel of a form; the last has words with numbers of its own, which are those of no value. */
const kernelOf = ({ form, values: [one, other] }: Formed): Kernel => ({
  grid: { of: 'all', count: 1 },
  shared: 0,
  body: (_, { start, computed }) => {
    const [a, b] = [start('value', one), start('value', other)];
    const name = computed('v', other);
    return {
      copies: `memory[${a}] = memory[${b}];`,
      adds: `let ${name} = memory[${a}] + memory[${b}]; memory[${a}] = ${name};`,
      numbers: `let d${one} = memory[${a}]; memory[${b}] = d${one};`,
    }[form];
  },
});

/** What is the same of kernels that differ in their values alone. */
const shapeOf = ({ form, values: [one, other] }: Formed): string =>
  [form, one === other, form === 'numbers' ? one : null].join();

/** Writes kernels that do not wait for each other as one stage. */
export type WriteStage = (kernels: readonly Kernel[]) => string;

const formed: fc.Arbitrary<Formed> = fc.record({
  form: fc.constantFrom('copies' as const, 'adds' as const, 'numbers' as const),
  values: fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 3 })),
});

export const alikeKernelsAreOneText: Law<WriteStage, readonly Formed[]> = {
  statement:
    'a stage has one function for all kernels that do the same with other values, and another for each other kernel; each kernel works on its own values',
  cases: fc.array(formed, { minLength: 1, maxLength: 6 }),
  holds: (write) => (kernels) => {
    const text = write(kernels.map(kernelOf));
    const shapes = [...new Set(kernels.map(shapeOf))];
    const calls = [...text.matchAll(/stage0of\d+\(group % each, lane(.*)\);/g)].map(([, starts = '']) => starts);
    return (
      [...text.matchAll(/^fn stage0of\d+\(/gm)].length === shapes.length &&
      calls.length === shapes.length &&
      shapes.every((shape, index) => {
        const rows = kernels.filter((kernel) => shapeOf(kernel) === shape).map(({ values }) => [...new Set(values)]);
        const columns = (rows[0] ?? []).map((_, column) => rows.map((row) => `valueAt${row[column]}`));
        return calls[index] === columns.map((column) => `, ${selected(column)}`).join('');
      })
    );
  },
};

/** The entry of a column by `which`, as nested choices from the first on. */
const selected = ([first = '', ...others]: readonly string[]): string =>
  others.reduce((before, each, index) => `select(${before}, ${each}, which == ${index + 1}u)`, first);
