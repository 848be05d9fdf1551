/** How far long work is, in words. */

/**
 * What is done of so much work after so many seconds, how fast, and the time that is left.
 *
 * @example
 * progressLine('samples', 100, 25, 50) // '25/100 samples, 0.500/s, 2:30 left'
 */
export const progressLine = (unit: string, total: number, done: number, seconds: number): string => {
  const left = clock(((total - done) * seconds) / done);
  return done === 0
    ? `0/${total} ${unit}`
    : `${Number.isInteger(done) ? done : done.toFixed(1)}/${total} ${unit}, ${(done / seconds).toPrecision(3)}/s, ${left} left`;
};

/** 75 seconds as 1:15. */
const clock = (seconds: number): string => {
  const whole = Math.ceil(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const rest = `${minutes}:${String(whole % 60).padStart(2, '0')}`;
  return hours === 0 ? rest : `${hours}:${rest.padStart(5, '0')}`;
};
