/** Adam as a program. */
import {
  add,
  constant,
  outputExpressions,
  parameterBias,
  parameterScalar,
  record,
  scale,
  sqrt,
  type Expression,
} from '../src/program/expression.ts';
import { uniform } from '../src/program/operation.ts';
import { fold, outputsOf } from '../src/program/program.ts';
import { adamProgram, adamScalars } from '../src/training/adam.ts';
import { verify } from './law.ts';
import {
  adamIsTheTextbook,
  clippedGradientsHaveTheirNorm,
  constantGradientMovesByTheRate,
  decayEntersTheGradient,
  type AdamUpdate,
} from './laws/adam.ts';

const update: AdamUpdate = { program: adamProgram, scalars: adamScalars };

const uncorrected: AdamUpdate = {
  ...update,
  scalars: (options, moment) => adamScalars(options, { ...moment, step: moment.step + 1000 }),
};

/** The decay shortens the weights themselves, by the rate of these laws, 0.01. */
const decoupled: AdamUpdate = {
  ...update,
  program: (options) => (types) => {
    const outputs = outputExpressions(adamProgram({ ...options, weightDecay: 0 })(types));
    const decayed = Object.entries(types).map(([name, type]): readonly [string, Expression] => {
      const weight: Expression = { operation: { tag: 'parameter', name, type } };
      return [name, add(outputs[name] ?? weight, scale(constant(-0.01 * options.weightDecay))(weight))];
    });
    return record({ ...outputs, ...Object.fromEntries(decayed) });
  },
};

const unclipped: AdamUpdate = { ...update, program: (options) => adamProgram({ ...options, clip: null }) };

/** Each array is clipped by its own norm. */
const clippedApart: AdamUpdate = {
  ...update,
  program: (options) => (types) =>
    record(
      Object.fromEntries(
        Object.entries(types).flatMap(([name, type]) =>
          Object.entries(outputExpressions(adamProgram(options)({ [name]: type }))),
        ),
      ),
    ),
};

verify(adamIsTheTextbook, update, {
  'the moments are not corrected for their start': uncorrected,
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
  'decoupled decay, as in AdamW': decoupled,
  'clipping is forgotten': unclipped,
  'each array is clipped by itself': clippedApart,
  'the rate is off by one part in 10^12': {
    ...update,
    scalars: (options, moment) => adamScalars(options, { ...moment, rate: moment.rate * (1 + 1e-12) }),
  },
  'b1 is float32': { ...update, program: (options) => adamProgram({ ...options, beta1: Math.fround(options.beta1) }) },
});

verify(constantGradientMovesByTheRate, update, {
  'the moments are not corrected for their start': uncorrected,
  'plain gradient descent': {
    ...update,
    program: (options) => (types) => {
      const outputs = outputExpressions(adamProgram(options)(types));
      const gradient = scale(parameterScalar('adam.step'))(parameterBias('d(loss)/d(w)', 1));
      return record({ ...outputs, w: add(parameterBias('w', 1), gradient) });
    },
  },
});

verify(decayEntersTheGradient, update, {
  'decoupled decay, as in AdamW': decoupled,
  'no decay': { ...update, program: (options) => adamProgram({ ...options, weightDecay: 0 }) },
});

verify(clippedGradientsHaveTheirNorm, update, {
  'clipping is forgotten': unclipped,
  'each array is clipped by itself': clippedApart,
});
