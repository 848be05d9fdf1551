/** Writes the page on training steps on a GPU: `npm run gpu-steps`. */
import { writeFileSync } from 'node:fs';

import { currentGpuStepsPage } from './gpu-step.ts';
import { right } from './right.ts';

writeFileSync(new URL('../results/webgpu.md', import.meta.url), right(await currentGpuStepsPage()));
