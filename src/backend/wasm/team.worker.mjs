// A thread of a team: does calls in memory that it shares with the others, round after round. What the words of a round mean is
// written in `rounds.ts`.

/** What this thread and the first one say to each other: in Node by a port, in a browser as the worker that this is. */
const port = globalThis.process?.getBuiltinModule('node:worker_threads').parentPort ?? globalThis;

/** Instances of the modules of the present session, by number. */
const instances = new Map();

/** The functions of a module that threads call, as this thread calls them. */
const functionsOf = ({ id, module, imports, names, arena }) => {
  const instance = instances.get(id) ?? new WebAssembly.Instance(module, imports);
  instances.set(id, instance);
  return names.map((name) => (a, b, c, d) => {
    instance.exports[name](arena, a, b, c, d);
  });
};

/** The next round: looks out for a while, and then sleeps; `seen` again if none has come for long. */
const nextRound = ({ round }, seen, { spinMilliseconds, patienceMilliseconds }) => {
  const until = performance.now() + spinMilliseconds;
  while (Atomics.load(round, 0) === seen) {
    if (performance.now() > until && Atomics.wait(round, 0, seen, patienceMilliseconds) === 'timed-out') {
      break;
    }
  }
  return Atomics.load(round, 0);
};

const wordsPerCall = 6;

/** Takes call after call until none is left, and tells the first thread if it was the last and is waited for. */
const takeCalls = ({ left, busy, isAwaited, calls }, functions) => {
  Atomics.add(busy, 0, 1);
  for (let k = Atomics.sub(left, 0, 1); k > 0; k = Atomics.sub(left, 0, 1)) {
    const at = (k - 1) * wordsPerCall;
    functions[calls[at]][calls[at + 1]](calls[at + 2], calls[at + 3], calls[at + 4], calls[at + 5]);
  }
  if (Atomics.sub(busy, 0, 1) === 1 && Atomics.load(isAwaited, 0) === 1) {
    port.postMessage('ended');
  }
};

/** Stays until no more rounds will come, and leaves for good if none has come for long. */
const compute = ({ rounds, modules, ...times }) => {
  const ids = new Set(modules.map(({ id }) => id));
  [...instances.keys()].filter((id) => !ids.has(id)).forEach((id) => instances.delete(id));
  const functions = modules.map(functionsOf);
  port.postMessage('here');
  for (let seen = 0; ;) {
    const round = nextRound(rounds, seen, times);
    if (round === seen) {
      port.postMessage('left');
      port.close();
      return;
    }
    if (round < 0) {
      return;
    }
    takeCalls(rounds, functions);
    seen = round;
  }
};

port.onmessage = ({ data }) => {
  compute(data);
};
