/** Operations on fields that know components, channels and sites. A plane is channels x N x N numbers. */
import { sumBetween } from '../schedule/entrywise.kernel.ts';

/** z_c(r) = sum over k of x_kc(r) y_kc(r). */
export const contractComponents = (
  out: Float64Array,
  left: Float64Array,
  leftStride: number,
  right: Float64Array,
  rightStride: number,
  components: number,
  plane: number,
  samples: number,
): void => {
  for (let s = 0; s < samples; s += 1) {
    const o = s * plane;
    for (let i = 0; i < plane; i += 1) {
      let sum = 0;
      let l = s * leftStride + i;
      let r = s * rightStride + i;
      for (let k = 0; k < components; k += 1, l += plane, r += plane) {
        sum += left[l]! * right[r]!;
      }
      out[o + i] = sum;
    }
  }
};

/** z_kc(r) = a_c(r) v_kc(r). */
export const modulateComponents = (
  out: Float64Array,
  amplitude: Float64Array,
  amplitudeStride: number,
  vector: Float64Array,
  vectorStride: number,
  components: number,
  plane: number,
  samples: number,
): void => {
  for (let s = 0; s < samples; s += 1) {
    const a = s * amplitudeStride;
    for (let k = 0; k < components; k += 1) {
      const o = (s * components + k) * plane;
      const v = s * vectorStride + k * plane;
      for (let i = 0; i < plane; i += 1) {
        out[o + i] = amplitude[a + i]! * vector[v + i]!;
      }
    }
  }
};

/** b_c += sum over components and sites of x_c; of all samples where `outStride` is 0. */
export const addSitesOf = (
  out: Float64Array,
  outStride: number,
  field: Float64Array,
  components: number,
  channels: number,
  sites: number,
  samples: number,
): void => {
  for (let image = 0; image < samples * components; image += 1) {
    const b = Math.floor(image / components) * outStride;
    for (let c = 0; c < channels; c += 1) {
      const x = (image * channels + c) * sites;
      out[b + c] = out[b + c]! + sumBetween(field, x, x + sites);
    }
  }
};

/** x_kc(r) = b_c. */
export const broadcastOverSites = (
  out: Float64Array,
  bias: Float64Array,
  components: number,
  channels: number,
  sites: number,
  samples: number,
): void => {
  for (let image = 0; image < samples * components; image += 1) {
    const b = Math.floor(image / components) * channels;
    for (let c = 0; c < channels; c += 1) {
      const x = (image * channels + c) * sites;
      out.fill(bias[b + c]!, x, x + sites);
    }
  }
};

/** Which channels go where: from `from` on in a field of `fieldChannels`, to `to` on in one of `outChannels`. */
export interface ChannelMove {
  readonly outChannels: number;
  readonly fieldChannels: number;
  readonly to: number;
  readonly from: number;
  readonly count: number;
}

/** Copies some channels of each component. */
export const copyChannels = (
  out: Float64Array,
  field: Float64Array,
  fieldStride: number,
  { outChannels, fieldChannels, to, from, count }: ChannelMove,
  components: number,
  sites: number,
  samples: number,
): void => {
  for (let s = 0; s < samples; s += 1) {
    for (let k = 0; k < components; k += 1) {
      const o = ((s * components + k) * outChannels + to) * sites;
      const x = s * fieldStride + (k * fieldChannels + from) * sites;
      for (let i = 0; i < count * sites; i += 1) {
        out[o + i] = field[x + i]!;
      }
    }
  }
};
