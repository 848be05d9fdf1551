/** SHA-256 by Node. */
import { createHash } from 'node:crypto';

import type { Digest } from '../src/file/digest.ts';

export const sha256: Digest = (bytes) => createHash('sha256').update(bytes).digest('hex');
