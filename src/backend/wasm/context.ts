/** What all steps of a lowering have in common. */
import type { Setting } from './setting.ts';
import type { Locate } from './sweep-leaves.ts';
import type { Values } from './values.ts';

/** A setting with its values: where they lie, and where sweeps find what they read. */
export interface Context extends Setting {
  readonly values: Values;
  readonly located: Locate;
}
