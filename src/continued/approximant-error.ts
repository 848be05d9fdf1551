/** Why a series has no approximant of some kind. */

/** The message says what was expected of the series, what was got, and what to do. */
export interface ApproximantError {
  readonly tag: 'ApproximantError';
  readonly message: string;
}

/** The error with this message. */
export const approximantError = (message: string): ApproximantError => ({ tag: 'ApproximantError', message });
