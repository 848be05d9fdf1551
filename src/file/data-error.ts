/** What is wrong with data from outside: a damaged file, a wrong shape, a number that is none. */
export interface DataError {
  readonly tag: 'DataError';
  /** What was expected, what was got, what to do. */
  readonly message: string;
}

/** The error with this message. */
export const dataError = (message: string): DataError => ({ tag: 'DataError', message });
