/** The schedules that `train --schedule` names, for the rate that `--rate` gives. */
import * as E from 'fp-ts/lib/Either.js';

import { quoted } from '../file/quoted.ts';
import type { Schedule } from '../training/schedule.ts';
import { usageError } from './command-error.ts';
import type { OptionValue } from './option-value.ts';

/** A schedule whose highest rate is still to be given. */
export type ScheduleOfRate = (rate: number) => Schedule;

/** Up to the rate and down again: the default. */
export const oneCycle: ScheduleOfRate = (peak) => ({ tag: 'oneCycle', peak });

/** The schedule in the words of --schedule, and its highest rate. */
export const scheduleWords = (schedule: Schedule): { readonly rate: number; readonly schedule: string } => {
  switch (schedule.tag) {
    case 'oneCycle':
      return { rate: schedule.peak, schedule: 'one-cycle' };
    case 'decay':
      return { rate: schedule.rate, schedule: `decay:${schedule.factor}/${schedule.every}` };
    case 'staircase':
      return { rate: schedule.first, schedule: `staircase:${schedule.last}/${schedule.every}` };
  }
};

const patterns = /^(decay|staircase):(\d*\.?\d+(?:e-?\d+)?)\/([1-9]\d{0,8})$/;

/**
 * `one-cycle`; `decay:0.9/100`, times 0.9 every 100 epochs; `staircase:1e-5/400`, down to 1e-5 in equal ratios, a new rate every 400
 * epochs. The last two, so numbered, are the schedules of the paper.
 */
export const scheduleValue: OptionValue<ScheduleOfRate> = (option, text) => {
  if (text === 'one-cycle') {
    return E.right(oneCycle);
  }
  const [, name, number = '', epochs = ''] = patterns.exec(text) ?? [];
  const [value, every] = [Number(number), Number(epochs)];
  if (name === undefined || !(value > 0 && value < Infinity)) {
    return E.left(
      usageError(
        `--${option}: expected one-cycle, decay:FACTOR/EPOCHS or staircase:LAST/EPOCHS, got ${quoted(text)}: ` +
          `write it as in --${option} decay:0.9/100`,
      ),
    );
  }
  return E.right(
    name === 'decay'
      ? (rate) => ({ tag: 'decay', rate, factor: value, every })
      : (rate) => ({ tag: 'staircase', first: rate, last: value, every }),
  );
};
