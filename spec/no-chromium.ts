/** Runs before each spec file that stands for one in a browser, on a machine without Chromium: shows its laws as skipped. */
import { beforeEach } from 'vitest';

import { noChromium } from './chromium.ts';

beforeEach(({ skip }) => {
  skip(noChromium);
});
