/**
 * Gradients of kernels, summed over the batch, on tiles: a workgroup reads a tile of the field and of the cotangent into what it
 * shares. A lane has one input channel, one row of taps and several output channels, and runs along rows of the tile: of
 * each number that it reads it makes use once for each tap of its row.
 */
import { meaningOf, type ValueId } from '../../program/program.ts';
import { promisedField } from '../../program/promised-type.ts';
import { readEntry, type Entry, type Setting } from './access.ts';
import { turns } from './points.ts';
import { cutCode, type CutsFor, type PartialSum } from './sums.ts';
import { fewProducts, surroundedLength, tilesOf, type Tile } from './tile.ts';
import type { Summed } from './units.ts';
import { lanes, mostShared, whole, type Code } from './wgsl.ts';

/** How the results are cut among workgroups, and those of a workgroup among its lanes. */
interface Cut {
  readonly tile: Tile;
  /** Input channels of a workgroup. */
  readonly inputs: number;
  /** Output channels of a lane, and how many lanes beside each other have others. */
  readonly outputs: number;
  readonly outputBlocks: number;
  /** How many lanes share the rows of a tile for the same results, and add up different parts. */
  readonly rowsBy: number;
}

/** Most sums that a lane takes at once: what registers hold. */
const mostSums = 20;

const cutOf = (tile: Tile, outputs: number, inputs: number, size: number): Cut => {
  const inputBlock = Math.min(inputs, Math.floor(lanes / size));
  const outputBlock = Math.min(outputs, Math.max(1, Math.floor(mostSums / size)));
  const outputBlocks = Math.min(Math.ceil(outputs / outputBlock), Math.floor(lanes / (inputBlock * size)));
  return {
    tile,
    inputs: inputBlock,
    outputs: Math.ceil(outputs / Math.ceil(outputs / outputBlock)),
    outputBlocks,
    rowsBy: Math.min(tile.samples * tile.rows, Math.floor(lanes / (inputBlock * size * outputBlocks))),
  };
};

const sharedBy = ({ tile, inputs, outputs, outputBlocks }: Cut, latticeSize: number, size: number): number =>
  outputs * outputBlocks * tile.sites + inputs * surroundedLength(tile, latticeSize, size);

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

/** The tiled sum; null where it is not worth it, or even the smallest tile finds no room. */
export const tiledKernelGradient = (
  setting: Setting,
  value: ValueId,
  { operation: { field, cotangent, size } }: Summed & { readonly tag: 'kernelGradient' },
  cutsFor: CutsFor,
): PartialSum | null => {
  const { program, latticeSize: N } = setting;
  const { channels: inputs, components } = promisedField(meaningOf(program.types)(field));
  const { channels: outputs } = promisedField(meaningOf(program.types)(cotangent));
  if (size > lanes || outputs * inputs * size * size < fewProducts) {
    return null;
  }
  const cut = tilesOf(N)
    .map((tile) => cutOf(tile, outputs, inputs, size))
    .find((each) => sharedBy(each, N, size) <= mostShared);
  if (cut === undefined) {
    return null;
  }
  const { tile, rowsBy } = cut;
  const outputsOfGroup = cut.outputs * cut.outputBlocks;
  const [inputGroups, outputGroups] = [Math.ceil(inputs / cut.inputs), Math.ceil(outputs / outputsOfGroup)];
  const results = outputs * inputs * size * size;
  const grid = {
    of: 'samples',
    blocks: inputGroups * outputGroups,
    results: 1,
    per: tile.samples,
    most: cutsFor(results * rowsBy),
  } as const;
  const reach = (size - 1) / 2;
  const around = whole(turns(reach, N) - reach);
  const [rows, columns] = [tile.rows + size - 1, N + size - 1];
  const plane = surroundedLength(tile, N, size);
  const fieldAt = outputsOfGroup * tile.sites;
  const entry = { tag: 'field', sample: 'sample', component: 'component', isHere: false } as const;
  const x: Entry = { ...entry, channel: 'input', site: `(row * ${whole(N)} + column)` };
  const y: Entry = { ...entry, channel: 'output', site: `(row * ${whole(N)} + column)` };
  const sumOf = (output: number, right: number): Code => `s${output}r${right}`;
  const each = (f: (output: number, right: number) => string): string =>
    range(cut.outputs)
      .flatMap((output) => range(size).map((right) => f(output, right)))
      .join('\n');
  return {
    parts: { value, results, grid, perCut: rowsBy },
    kernel: {
      grid,
      shared: sharedBy(cut, N, size),
      body: (shared, names) => {
        const read = readEntry({ ...setting, names }, new Map());
        return `
  let cut = group / ${whole(inputGroups * outputGroups)};
  let firstOutput = group / ${whole(inputGroups)} % ${whole(outputGroups)} * ${whole(outputsOfGroup)};
  let firstInput = group % ${whole(inputGroups)} * ${whole(cut.inputs)};
${cutCode('cut', grid)}
  let down = lane % ${whole(size)};
  let inputOfLane = lane / ${whole(size)} % ${whole(cut.inputs)};
  let outputsOfLane = lane / ${whole(size * cut.inputs)} % ${whole(cut.outputBlocks)} * ${whole(cut.outputs)};
  let part = lane / ${whole(size * cut.inputs * cut.outputBlocks)};
${each((output, right) => `var ${sumOf(output, right)} = 0f;`)}
  for (var tileSample = firstSample; tileSample < endOfSamples; tileSample += ${whole(tile.samples)}) {
    for (var component = 0u; component < ${whole(components)}; component++) {
      for (var firstRow = 0u; firstRow < ${whole(N)}; firstRow += ${whole(tile.rows)}) {
        for (var at = lane; at < ${whole(outputsOfGroup * tile.sites)}; at += ${whole(lanes)}) {
          let output = firstOutput + at / ${whole(tile.sites)};
          let sample = tileSample + at / ${whole(tile.rows * N)} % ${whole(tile.samples)};
          let row = firstRow + at / ${whole(N)} % ${whole(tile.rows)};
          let column = at % ${whole(N)};
          var number = 0f;
          if (output < ${whole(outputs)} && sample < endOfSamples && row < ${whole(N)}) { number = ${read(cotangent, y)}; }
          ${shared}[at] = number;
        }
        for (var at = lane; at < ${whole(cut.inputs * plane)}; at += ${whole(lanes)}) {
          let input = firstInput + at / ${whole(plane)};
          let sample = tileSample + at / ${whole(rows * columns)} % ${whole(tile.samples)};
          let row = (firstRow + at / ${whole(columns)} % ${whole(rows)} + ${around}) % ${whole(N)};
          let column = (at % ${whole(columns)} + ${around}) % ${whole(N)};
          var number = 0f;
          if (input < ${whole(inputs)} && sample < endOfSamples) { number = ${read(field, x)}; }
          ${shared}[${whole(fieldAt)} + at] = number;
        }
        workgroupBarrier();
        if (part < ${whole(rowsBy)}) {
          for (var line = part; line < ${whole(tile.samples * tile.rows)}; line += ${whole(rowsBy)}) {
            let ys = outputsOfLane * ${whole(tile.sites)} + line * ${whole(N)};
            let xs = ${whole(fieldAt)} + (inputOfLane * ${whole(tile.samples)} + line / ${whole(tile.rows)}) * ${whole(rows * columns)} + (line % ${whole(tile.rows)} + down) * ${whole(columns)};
${range(size - 1)
  .map((right) => `            var x${right} = ${shared}[xs + ${whole(right)}];`)
  .join('\n')}
            for (var column = 0u; column < ${whole(N)}; column++) {
              let x${size - 1} = ${shared}[xs + column + ${whole(size - 1)}];
${range(cut.outputs)
  .map((output) => `              let y${output} = ${shared}[ys + column + ${whole(output * tile.sites)}];`)
  .join('\n')}
${each((output, right) => `${sumOf(output, right)} += y${output} * x${right};`)}
${range(size - 1)
  .map((right) => `x${right} = x${right + 1};`)
  .join('\n')}
            }
          }
        }
        workgroupBarrier();
      }
    }
  }
  let input = firstInput + inputOfLane;
  if (part < ${whole(rowsBy)} && input < ${whole(inputs)}) {
    let partAt = ${names.start('parts', value)} + (cut * ${whole(rowsBy)} + part) * ${whole(results)};
${range(cut.outputs)
  .map(
    (index) => `    {
      let output = firstOutput + outputsOfLane + ${whole(index)};
      if (output < ${whole(outputs)}) {
        let at = partAt + ((output * ${whole(inputs)} + input) * ${whole(size)} + down) * ${whole(size)};
${range(size)
  .map((right) => `        memory[at + ${whole(right)}] = ${sumOf(index, right)};`)
  .join('\n')}
      }
    }`,
  )
  .join('\n')}
  }`;
      },
    },
  };
};
