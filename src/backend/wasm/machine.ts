/** A plan with its memory: instantiated, its constants written, ready to run. */
import { memoryImport, mostPages } from '../../assembler/module.ts';
import { bytesPerNumber } from './grid.ts';
import { exported, type Plan } from './plan.ts';

export interface Machine {
  readonly plan: Plan;
  readonly memory: WebAssembly.Memory;
  readonly prepare: () => void;
  readonly group: (arena: number, sums: number, first: number, chunks: number, capacity: number) => void;
}

const pageBytes = 65536;

const pagesFor = (bytes: number): number => Math.ceil(bytes / pageBytes);

export const machineFor = (plan: Plan, shared: boolean): Machine => {
  const initial = pagesFor(plan.stagedAt) + 1;
  const memory = new WebAssembly.Memory(shared ? { initial, maximum: mostPages, shared } : { initial });
  const numbers = new Int32Array(memory.buffer);
  for (const { place, stride, values } of plan.lowered.schedule.constants) {
    const first = plan.addressOf(place);
    values.forEach((value, index) => {
      numbers[(first + index * stride) / bytesPerNumber] = value;
    });
  }
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(plan.module), {
    [memoryImport.module]: { [memoryImport.name]: memory },
  });
  const [prepare, group] = [exports[exported.prepare], exports[exported.group]];
  if (prepare === undefined || group === undefined) {
    throw new RangeError('the module lacks the functions that plans export');
  }
  return { plan, memory, prepare: () => { prepare(); }, group: (...operands) => { group(...operands); } };
};

/** Makes room for so many samples. What was staged before may be read no more. */
export const reserve = ({ memory, plan }: Machine, samples: number): void => {
  const bytes = plan.stagedAt + samples * plan.lowered.stagedLength * bytesPerNumber;
  const missing = pagesFor(bytes) - memory.buffer.byteLength / pageBytes;
  if (missing > 0) {
    memory.grow(missing);
  }
};
