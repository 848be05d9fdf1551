/** The GPU that laws of the webgpu backend run on: a software adapter serves. */
import { inject } from 'vitest';
import { create } from 'webgpu';

/**
 * The adapters of this machine, or of this browser. What workgroups share is not set to zero before they begin: no kernel
 * reads what it has not written, and a software adapter takes seconds to compile it.
 */
export const gpu = create(['enable-dawn-features=disable_workgroup_init']);

/**
 * Whether there is none here. Who names a Vulkan driver means the laws to run, so that its absence then fails them instead
 * of skipping them.
 */
export const hasNoAdapter = !inject('adapterIsDemanded') && (await gpu.requestAdapter()) === null;
