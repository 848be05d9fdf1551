/** Adam as a program. */
import {
  add,
  constant,
  outputExpressions,
  parameterKernel,
  record,
  scale,
  sqrt,
  type Expression,
} from '../src/program/expression.ts';
import { uniform } from '../src/program/operation.ts';
import { fold, outputsOf } from '../src/program/program.ts';
import { adamProgram, adamScalars } from '../src/training/adam-program.ts';
import { verify } from './law.ts';
import { adamIsTheTextbook, type AdamUpdate } from './laws/adam.ts';

const update: AdamUpdate = { program: adamProgram, scalars: adamScalars };

verify(adamIsTheTextbook, update, {
  'the moments are not corrected for their start': {
    ...update,
    scalars: (options, moment) => adamScalars(options, { ...moment, step: moment.step + 1000 }),
  },
  'the gradient is a sum, not a mean': {
    ...update,
    scalars: (options, moment) => adamScalars(options, { ...moment, batch: 1 }),
  },
  'epsilon is inside the root': {
    ...update,
    program: (options) => (types) => {
      const program = adamProgram(options)(types);
      const inside = fold<Expression>({
        ...uniform((operation) => ({ operation })),
        add: (operation) =>
          operation.left.operation.tag === 'sqrt' && operation.right.operation.tag === 'fill'
            ? sqrt(add(operation.left.operation.value, operation.right))
            : { operation },
      })(program);
      return record(outputsOf(program)(inside));
    },
  },
  'decoupled decay, as in AdamW': {
    ...update,
    program: (options) => (types) => {
      const outputs = outputExpressions(adamProgram({ ...options, weightDecay: 0 })(types));
      const decayed = scale(constant(-0.01 * options.weightDecay))(parameterKernel('K', 2, 1, 3));
      return record({ ...outputs, K: add(outputs['K'] ?? decayed, decayed) });
    },
  },
  'clipping is forgotten': { ...update, program: (options) => adamProgram({ ...options, clip: null }) },
});
