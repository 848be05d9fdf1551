/** What `workers/two-threads.mjs` does: a run on two threads, whose workers are left as they are. */
import * as E from 'fp-ts/lib/Either.js';

import { backendOn } from '../src/backend/wasm/wasm.ts';
import { teamOf } from '../src/backend/wasm/team.ts';
import { inputField, record, total } from '../src/program/expression.ts';
import { typed } from './arbitraries/program.ts';
import { right } from './right.ts';

/** More than one thread takes at once. */
const batch = 1000;

const executable = right(
  await backendOn(teamOf(2), 'separate', 'direct').compile(typed(record({ y: total(inputField('x', 1, 1)) })))(),
);
const inputs = { x: new Float64Array(batch).fill(1) };
const ended = await executable.run({ parameters: {}, inputs, latticeSize: 1, batch })();
process.stdout.write(E.isRight(ended) ? `${ended.right['y']?.[batch - 1]}` : ended.left.message);
