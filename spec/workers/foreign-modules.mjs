// Modules of somebody else in a process whose engine gets settings, which are the arguments. Before, one runs hot and one
// once; after, both are started again, and one is compiled. It prints what each gives.
import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';

const text = (name) => [name.length, ...Buffer.from(name)];
const vector = (items) => [items.length, ...items.flat()];
const section = (id, items) => [id, vector(items).length, ...vector(items)];
const body = (locals, code) => [locals.length + code.length + 1, ...locals, ...code, 0x0b];

/**
 * f(x) = x + first, g(x) = x + second in a table, and h(i, n): n times x becomes table[i](x), from 0 on; then f(x). The call by
 * the table is what an engine guesses, the other what it puts in line.
 */
const moduleOf = (first, second) =>
  new WebAssembly.Module(
    new Uint8Array([
      ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...section(1, [
        [0x60, 1, 0x7f, 1, 0x7f],
        [0x60, 2, 0x7f, 0x7f, 1, 0x7f],
      ]),
      ...section(3, [[0], [0], [1]]),
      ...section(4, [[0x70, 0, 2]]),
      ...section(7, [[...text('h'), 0, 2]]),
      ...section(9, [[0, 0x41, 0, 0x0b, 2, 0, 1]]),
      ...section(10, [
        body([0], [0x20, 0, 0x41, first, 0x6a]),
        body([0], [0x20, 0, 0x41, second, 0x6a]),
        body(
          [1, 1, 0x7f],
          [
            0x03, 0x40, 0x20, 2, 0x20, 0, 0x11, 0, 0, 0x21, 2, 0x20, 1, 0x41, 1, 0x6b, 0x22, 1, 0x0d, 0, 0x0b, 0x20, 2,
            0x10, 0,
          ],
        ),
      ]),
    ]),
  );

const started = (module) => new WebAssembly.Instance(module).exports.h;
const often = (run) => Array.from({ length: 100 }, run).at(-1);

const [busy, idle] = [moduleOf(1, 2), moduleOf(3, 4)];
const hot = started(busy);
often(() => hot(0, 100_000));
started(idle)(0, 1);
await wait(100);
process.argv.slice(2).forEach((flag) => setFlagsFromString(flag));
const runs = [hot, started(busy), started(idle), started(moduleOf(5, 6))];
console.log(JSON.stringify(runs.map((h) => [often(() => h(0, 1000)), often(() => h(1, 1000))])));
