/** Writes what ONNX Runtime is compared with: for each network an ONNX file, and its answers on some spins. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { reference } from '../../src/backend/reference/reference.ts';
import { networkMetadata } from '../../src/network/model-file.ts';
import { architectures, network, networkProgram, type Architecture, type Shape } from '../../src/network/network.ts';
import { weightTypes } from '../../src/network/weights.ts';
import { networkOnnx } from '../../src/onnx/network-model.ts';
import { compilePrediction } from '../../src/training/prediction.ts';
import { lengthOf } from '../../src/program/value-type.ts';
import { drawn, uniformsBetween } from '../../src/random/draw.ts';
import { streamOf } from '../../src/random/stream.ts';
import { sample } from '../../src/lattice/sampler.ts';
import { right } from '../right.ts';

const folder = process.argv[2] ?? '.';

/** A kernel of 5 on 4 x 4 sites: taps wrap around the torus and meet. */
const shapes: readonly Shape[] = [
  { tag: 'dense', sites: 6, neurons: 5, layers: 2 },
  { tag: 'lattice', channels: 3, layers: 2, kernel: 5, pairHead: true },
];

const batch = 3;
const latticeSide = 4;

const uniform = (index: number, length: number) =>
  Float64Array.from(drawn(streamOf(1, index))(uniformsBetween(-0.5, 0.5)(length)));

const answersOf = async (architecture: Architecture, shape: Shape): Promise<void> => {
  const described = { ...network(architecture, shape), energyScale: 1.5, energyShift: -0.25 };
  const program = right(networkProgram(described));
  const types = Object.entries(weightTypes(program));
  const weights = Object.fromEntries(types.map(([name, type], index) => [name, uniform(index, lengthOf(1)(type))]));
  const dense = shape.tag === 'dense';
  const latticeSize = dense ? 1 : latticeSide;
  const spins = dense
    ? uniform(1000, batch * shape.sites)
    : Float64Array.from([0, 1, 2].flatMap((index) => [...sample('sphere')(latticeSide, 1, index).components]));
  const predict = right(await compilePrediction(reference, { forces: true })(program)());
  const { energies, forces } = right(await predict(weights)({ count: batch, latticeSize, spins })());
  const name = `${architecture}-${shape.tag}`;
  const model = { network: described, weights };
  const metadata = networkMetadata(described);
  const settings = { dtype: 'float32', forces: true, latticeSize: null, version: '', metadata } as const;
  await writeFile(join(folder, `${name}.onnx`), right(networkOnnx(settings)(model)));
  await writeFile(
    join(folder, `${name}.json`),
    JSON.stringify({
      shape: dense ? [batch, shape.sites] : [batch, 3, latticeSide, latticeSide],
      spins: [...spins],
      energies: [...energies],
      forces: [...(forces ?? [])],
    }),
  );
};

for (const architecture of architectures) {
  for (const shape of shapes) {
    await answersOf(architecture, shape);
  }
}
