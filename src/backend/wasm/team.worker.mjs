// A thread of a team: computes groups of chunks in memory that it shares with the others.
import workerpool from 'workerpool';

/** Instances of modules by the number of their machine; the latest are kept. */
const instances = new Map();
const mostInstances = 8;

const instanceOf = ({ machine, module, imports }) => {
  const instance = instances.get(machine) ?? new WebAssembly.Instance(module, imports);
  instances.delete(machine);
  instances.set(machine, instance);
  [...instances.keys()].slice(0, -mostInstances).forEach((old) => instances.delete(old));
  return instance;
};

/** Takes the next group that nobody has taken, until there is none. */
const compute = (task) => {
  const { group } = instanceOf(task).exports;
  const taken = new Int32Array(task.memory.buffer, 0, 1);
  for (let next = Atomics.add(taken, 0, 1); next < task.groups.length; next = Atomics.add(taken, 0, 1)) {
    group(task.arena, ...task.groups[next], task.capacity);
  }
};

workerpool.worker({ compute });
