/** How a command can fail: the caller's mistakes, and what no caller could have avoided. */

/** The caller's mistake: an option, a file or a number that cannot be used. */
export interface UsageError {
  readonly tag: 'UsageError';
  /** What was expected, what was got, what to do. */
  readonly message: string;
}

/** A failure that no other call would have avoided: a full disk, a thread that died. */
export interface RunError {
  readonly tag: 'RunError';
  readonly message: string;
}

/** Whatever ends a command. */
export type CommandError = UsageError | RunError;

/** A mistake of the caller, in these words. */
export const usageError = (message: string): UsageError => ({ tag: 'UsageError', message });

/** A failure while running, in these words. */
export const runError = (message: string): RunError => ({ tag: 'RunError', message });

/** Any failure, in its own words, as one while running. */
export const asRunError = ({ message }: { readonly message: string }): RunError => runError(message);

/** The same mistake, with the option or file that it was made in. */
export const usageErrorIn =
  (place: string) =>
  ({ message }: { readonly message: string }): UsageError =>
    usageError(`${place}: ${message}`);
