/** The GPU that laws of the webgpu backend run on: a software adapter serves. */
import { create } from 'webgpu';

/** The adapters of this machine. */
export const gpu = create([]);

/**
 * Whether there is none here. Who names a Vulkan driver means the laws to run, so that its absence then fails them instead
 * of skipping them.
 */
export const hasNoAdapter = process.env['VK_ICD_FILENAMES'] === undefined && (await gpu.requestAdapter()) === null;
