/** Times as clocks show them. */

/**
 * Whole seconds, rounded up, as minutes:seconds or hours:minutes:seconds.
 *
 * @example
 * clock(75) // '1:15'
 *
 * @example
 * clock(7200) // '2:00:00'
 */
export const clock = (seconds: number): string => {
  const whole = Math.ceil(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const rest = `${minutes}:${String(whole % 60).padStart(2, '0')}`;
  return hours === 0 ? rest : `${hours}:${rest.padStart(5, '0')}`;
};
