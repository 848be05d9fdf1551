/** The Chromium that laws in a browser run in. */
import { existsSync } from 'node:fs';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/**
 * Its path, or null where there is none. Who names one in CHROME_BIN means the laws to run, so that its absence then fails them
 * instead of skipping them.
 */
export const chromium: string | null = process.env['CHROME_BIN'] ?? places.find(existsSync) ?? null;

/** Why laws are skipped where there is none. */
export const noChromium = `expected Chromium, one of ${places.join(', ')}, got none: install it, or name one in CHROME_BIN`;

/** How it is started: WebGPU on its software adapter, which every Chromium brings along; without a sandbox, as for root. */
export const chromiumOptions = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
  // No kernel reads what a workgroup shares before it has written it, and to set it to zero takes seconds to compile.
  '--enable-dawn-features=disable_workgroup_init',
];
