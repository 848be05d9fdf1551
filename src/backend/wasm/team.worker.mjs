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

/** Takes the next group of all tasks that nobody has taken, until there is none. */
const compute = ({ counter, tasks }) => {
  const taken = new Int32Array(counter, 0, 1);
  const calls = tasks.flatMap((task) => task.groups.map((group) => ({ task, group })));
  for (let next = Atomics.add(taken, 0, 1); next < calls.length; next = Atomics.add(taken, 0, 1)) {
    const { task, group } = calls[next];
    instanceOf(task).exports.group(task.arena, ...group, task.capacity);
  }
};

workerpool.worker({ compute });
