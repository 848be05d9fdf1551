/** Exports with bugs that someone could write. */
import { applied, integer, integers, type GraphValue } from '../../src/onnx/graph-value.ts';
import { lowering, type Lowered, type LoweringTable, type Surroundings } from '../../src/onnx/lowering.ts';
import { promisedKernel } from '../../src/program/promised-type.ts';
import { kernelType } from '../../src/program/value-type.ts';

/** A table of operators, as the export takes it. */
export type Table = (surroundings: Surroundings) => LoweringTable;

const wrong =
  (entries: (right: LoweringTable) => Partial<LoweringTable>): Table =>
  (surroundings) => {
    const right = lowering(surroundings);
    return { ...right, ...entries(right) };
  };

/** The kernel with outputs and inputs in each other's place. */
const swapped = (kernel: Lowered): Lowered => {
  const { outputs, inputs, size } = promisedKernel(kernel.type);
  const perm = kernel.holds === 'sample' ? [0, 2, 1, 3, 4] : [1, 0, 2, 3];
  return {
    ...kernel,
    value: applied('Transpose', [kernel.value], { perm }),
    type: kernelType(inputs, outputs, size),
  };
};

/** A convolution, not a cross-correlation: K(-d) for K(d). */
export const flippedKernel = wrong(({ correlateTransposed }) => ({
  correlate: ({ kernel, field }) => correlateTransposed({ tag: 'correlateTransposed', kernel: swapped(kernel), field }),
}));

/** The transposed correlation without the reflection of the kernel. */
export const forgetsToReflect = wrong(({ correlate }) => ({
  correlateTransposed: ({ kernel, field }) => correlate({ tag: 'correlate', kernel: swapped(kernel), field }),
}));

/** The same value with some operators replaced, in everything that computes it. */
const replaced =
  (f: (operator: string, inputs: readonly GraphValue[]) => GraphValue | null) =>
  (value: GraphValue): GraphValue => {
    if (value.tag !== 'operator') {
      return value;
    }
    const inputs = value.inputs.map(replaced(f));
    return f(value.operator, inputs) ?? { ...value, inputs };
  };

/** Every stencil with other sites: what `sites` makes of places beyond the edge. */
const withSites = (sites: (places: GraphValue, size: GraphValue) => GraphValue): Table => {
  const elsewhere = replaced((operator, [places, size]) =>
    operator === 'Mod' && places !== undefined && size !== undefined ? sites(places, size) : null,
  );
  const moved = (lowered: Lowered): Lowered => ({ ...lowered, value: elsewhere(lowered.value) });
  return wrong(({ correlate, correlateTransposed, kernelGradient }) => ({
    correlate: (operation) => moved(correlate(operation)),
    correlateTransposed: (operation) => moved(correlateTransposed(operation)),
    kernelGradient: (operation) => moved(kernelGradient(operation)),
  }));
};

/** The missing wrap: beyond its edge the lattice goes on with its last site. */
export const repeatedEdge = withSites((places, size) =>
  applied('Max', [applied('Min', [places, applied('Sub', [size, integers([1])])]), integer(0)]),
);

/** One turn around the torus at most, as padding by copies of the other edge has it: wrong where the kernel is larger. */
export const singleTurn = withSites((places, size) =>
  applied('Max', [
    applied('Min', [
      applied('Where', [
        applied('Less', [places, integer(0)]),
        applied('Add', [places, size]),
        applied('Where', [applied('Less', [places, size]), places, applied('Sub', [places, size])]),
      ]),
      applied('Sub', [size, integers([1])]),
    ]),
    integer(0),
  ]),
);

/** A network without its functions. */
export const forgottenTanh = wrong(() => ({ tanh: ({ value }) => value }));
