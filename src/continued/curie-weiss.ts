/**
 * The Curie-Weiss magnet, every spin coupled to every other, as the fixed point of a weight-tied layer. With K the
 * coupling and h the magnetic field, both over the temperature, the magnetization solves
 *
 *   m = tanh(K m + h),   and the effective field S = K m is the fixed point of S -> K tanh(S + h),
 *
 * a layer with the amplitude g = K and f(S) = tanh(S + h). It contracts at the rate K (1 - m^2) at its fixed point, and at
 * most K anywhere: for K < 1 one fixed point, the paramagnet; at K = 1, h = 0 the critical point, where the flow slows
 * down to S_n ~ sqrt(3 / (2 n)); for K > 1, h = 0 two more, S and -S, the ferromagnet.
 */
import { tanh } from '../number/elementary/hyperbolic.kernel.ts';
import { float64 } from '../number/float64.ts';
import { tiedLayer } from './flow.ts';

/** The coupling K and the magnetic field h, both divided by the temperature. */
export interface CurieWeiss {
  readonly K: number;
  readonly h: number;
}

/** K = 1: below there is no magnetization without a field. */
export const criticalCoupling = 1;

/** S -> K tanh(S + h), with the coupling as the bare spin S_0. */
export const curieWeissLayer = ({ K, h }: CurieWeiss): ((S: number) => number) =>
  tiedLayer(float64)({ f: (S) => tanh(S + h), g: (S0) => S0 }, K);

/** K (1 - m^2): the derivative of the layer at its fixed point S = K m. */
export const relaxationRate = ({ K }: CurieWeiss, m: number): number => K * (1 - m * m);

/**
 * The largest m of m = tanh(K m + h), for h >= 0: that of the stable phase along the field.
 *
 * tanh(K m + h) - m is concave for m > 0, so it is positive below the solution and negative beyond.
 *
 * @example
 * magnetization({ K: 2, h: 0 }) // 0.957504024
 */
export const magnetization = ({ K, h }: CurieWeiss): number => {
  const halved = (low: number, high: number): number => {
    const middle = (low + high) / 2;
    return middle <= low || middle >= high
      ? low
      : tanh(K * middle + h) > middle
        ? halved(middle, high)
        : halved(low, middle);
  };
  return h === 0 && K <= criticalCoupling ? 0 : halved(0, 1);
};
