/** What the package `webgpu` gives in Node, a browser has of itself: this stands in for the package there. */

declare const navigator: NavigatorGPU;

/** The adapters of this browser. */
export const create = (): GPU => navigator.gpu;
