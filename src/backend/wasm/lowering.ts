/** From passes to steps: a program on one lattice size, for chunks of so many samples, as calls of kernels. */
import type { Arithmetic } from '../../assembler/arithmetic.ts';
import type { VectorBits } from '../../assembler/wide-vector.ts';
import type { ValueId } from '../../program/program.ts';
import type { TypedProgram } from '../../program/typecheck.ts';
import { passesOf, type Pass, type PassOfItsOwn } from '../schedule/passes.ts';
import { noSpectra, spectraOf } from '../schedule/spectra.ts';
import type { Sweep } from '../schedule/sweep.ts';
import { arraysOf } from './arrays.ts';
import { concatenationOf } from './concatenation.ts';
import type { Context } from './context.ts';
import { correlationsOf } from './correlations.ts';
import { declaredOf, type Declared, type Inputs, type PlacedParameter } from './declared.ts';
import type { Grid } from './grid.ts';
import { kernelGradientsOf } from './kernel-gradients.ts';
import { mostEntries } from './kernels/transform.ts';
import { resultsOf, type Result } from './results.ts';
import type { Correlations, Setting } from './setting.ts';
import { spectralPassesOf } from './spectral-passes.ts';
import { recorder, type Schedule } from './steps.ts';
import { sumsOf, type Sums } from './sums.ts';
import { locatedBy } from './sweep-leaves.ts';
import { valuesOf } from './values.ts';

/** A program as steps, and where its parameters, inputs and outputs are exchanged with the caller. */
export interface Lowered {
  readonly schedule: Schedule;
  readonly parameters: readonly PlacedParameter[];
  readonly inputs: Inputs;
  readonly results: ReadonlyMap<ValueId, Result>;
  /** Numbers of each sample in all staged arrays together. */
  readonly stagedLength: number;
  /** Whether a chunk adds to each sum over the batch once, and not term by term. */
  readonly hasOneTermASum: boolean;
}

/** Notes the steps of one pass after the other. */
const stepsOf = (context: Context, { input, parameter }: Declared, { swept, placeOfTerm }: Sums) => {
  const spectral = spectralPassesOf(context);
  const [entryByEntry, inSpectra] = [
    { correlation: correlationsOf(context), gradient: kernelGradientsOf(context), sweep: swept },
    { ...spectral, sweep: (sweep: Sweep): void => spectral.sweep(sweep, placeOfTerm(sweep.stores)) },
  ];
  const concatenation = concatenationOf(context);
  const ofItsOwn = (stores: ValueId, operation: PassOfItsOwn, { gradient }: typeof entryByEntry): void => {
    switch (operation.tag) {
      case 'input':
        input(stores, operation);
        break;
      case 'parameter':
        parameter(stores, operation);
        break;
      case 'kernelGradient':
        gradient(stores, operation, placeOfTerm(stores));
        break;
      case 'concat':
        concatenation(stores, operation.parts);
    }
  };
  return (pass: Pass): void => {
    const way = context.spectra.isSpectral(pass) ? inSpectra : entryByEntry;
    switch (pass.tag) {
      case 'sweep':
        way.sweep(pass.sweep);
        break;
      case 'correlation':
        way.correlation(pass.stores, pass.correlation, pass.start);
        break;
      case 'operation':
        ofItsOwn(pass.stores, pass.operation, way);
    }
  };
};

/**
 * Lowers a program to steps for chunks of `chunkGrid.samples` samples on its lattice. Sums over the batch are kept in
 * float64, all other values in float32. Inputs are staged, or gathered from so many resident samples.
 */
export const lower = (
  program: TypedProgram,
  chunkGrid: Grid,
  arithmetic: Arithmetic,
  bits: VectorBits,
  correlations: Correlations,
  residentSamples: number | null = null,
): Lowered => {
  const schedule = passesOf(program);
  const { times, passes, terms } = schedule;
  const record = recorder();
  const spectra = correlations === 'direct' ? noSpectra : spectraOf(program, schedule, mostEntries[bits]);
  const setting: Setting = { program, times, passes, spectra, chunkGrid, arithmetic, bits, residentSamples, record };
  const values = valuesOf(setting);
  const context: Context = { ...setting, values, located: locatedBy(setting, values) };
  const arrays = arraysOf(context);
  const sums = sumsOf(context, terms);
  const declared = declaredOf(context, arrays);
  passes.forEach(stepsOf(context, declared, sums));
  const results = resultsOf(context, arrays, sums);
  return {
    schedule: record.recorded(),
    parameters: declared.parameters(),
    inputs: declared.inputs(),
    results,
    stagedLength: arrays.stagedLength(),
    hasOneTermASum: new Set(terms.values()).size === terms.size,
  };
};
