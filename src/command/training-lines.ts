/** How a model was trained, for people. */
import { shown } from '../file/quoted.ts';
import type { Training } from '../training/trained-model.ts';
import type { DataRecord } from '../training/training-record.ts';

const dataLine = (title: string, { meta, samples, sha256 }: DataRecord): string =>
  `${title}  ${samples} samples, ${meta.system}, SHA-256 ${sha256}`;

const optionText = ([name, value]: readonly [string, unknown]): string =>
  `${name} ${typeof value === 'string' ? shown(value) : shown(JSON.stringify(value))}`;

/** More files are counted: a list of any length fills no screen. */
const mostShown = 20;

/** Version, seed, options and data of a training, a line each; no line where nothing is known of one. */
export const trainingLines = (training: Training | null): readonly string[] => {
  if (training === null) {
    return [];
  }
  const { program, loss, rateFactor, best, plan, data, validation, backend } = training;
  const { seed, epochs, ...options } = { ...plan, ...(backend === undefined ? {} : { backend }) };
  return [
    `trained by efnn  ${program}, seed ${seed}, ${epochs} epochs, loss ${loss.toPrecision(3)} of the last epoch`,
    `options          ${Object.entries(options).map(optionText).join(', ')}`,
    ...(rateFactor === 1 ? [] : [`rates            times ${rateFactor}: at those of its schedule it diverged`]),
    ...(best === null
      ? []
      : [`weights          of epoch ${best.epoch}, the lowest held-out RMSE, ${best.rmse.toPrecision(3)}`]),
    ...data.slice(0, mostShown).map((file) => dataLine('trained on     ', file)),
    ...(data.length > mostShown ? [`                 and ${data.length - mostShown} more files`] : []),
    ...(validation === null ? [] : [dataLine('held out       ', validation)]),
  ];
};
