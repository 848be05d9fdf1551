/** What a lock file says: who is at work on the file beside it, and how the file is called that succeeds it. */
import { z } from 'zod';

import { quoted } from '../file/quoted.ts';

/** Who holds a lock. Process numbers come again, host names are shared: the rest says which process of which is meant. */
export const ownerSchema = z.object({
  token: z.string().regex(/^[0-9a-f]{12}$/),
  process: z.number().int(),
  host: z.string(),
  /** When the process started, in the clock of its system; null where the system does not say. */
  start: z.string().nullable(),
  /** The start of the system and the table of processes that the number belongs to: containers have their own. */
  system: z.string(),
});

/** See `ownerSchema`. */
export type Owner = Readonly<z.infer<typeof ownerSchema>>;

/** The owner that the text of a lock names; null where it cannot be read. */
export const ownerIn = (text: string): Owner | null => {
  try {
    return ownerSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
};

/** The name of the lock after this one, for whoever finds its owner dead. */
export const successorOf = (lock: string, owner: Owner | null): string => `${lock}.${owner?.token ?? 'unreadable'}`;

/** An owner as messages call it. */
export const holderName = (owner: Owner | null): string =>
  owner === null ? 'somebody' : `process ${owner.process} on ${quoted(owner.host)}`;
