/** Peers as processes of their own. */
import { fileURLToPath } from 'node:url';

import type { Peer, PeerKind } from '../../src/bench/peer.ts';
import { peerOf } from '../../src/bench/peer-protocol.ts';
import { shortestTiming, warmByItself } from '../timing.ts';
import { startAnswering } from './conversation.ts';
import { installedPython } from './installation.ts';

const systemPythons = (): readonly string[] => [
  // Empty is as good as unset.
  ...[process.env['PYTHON'] ?? ''].filter((python) => python !== ''),
  '/usr/bin/python3',
  'python3',
];

/** Where Python may be, in order of preference. */
const pythonsOf = (copy: PeerKind['copy']): readonly string[] => {
  switch (copy) {
    case 'installed':
      return [installedPython];
    case 'of the system':
      return systemPythons();
    case 'either':
      return [installedPython, ...systemPythons()];
  }
};

/**
 * The peer's environment: its own choice of kernels for this processor, and so many threads. The C library keeps the memory that
 * is freed, which otherwise goes back to the system after each step and costs PyTorch up to four times the time of wide networks.
 */
const environmentOf = (threads: number): NodeJS.ProcessEnv => {
  const { OPENBLAS_CORETYPE: _core, OPENBLAS_L2_SIZE: _cache, ...rest } = process.env;
  const count = String(threads);
  return {
    ...rest,
    OPENBLAS_NUM_THREADS: count,
    OMP_NUM_THREADS: count,
    EFNN_THREADS: count,
    MALLOC_MMAP_MAX_: '0',
    MALLOC_TRIM_THRESHOLD_: '100000000000',
    PYTHONDONTWRITEBYTECODE: '1',
  };
};

const startWith =
  ({ script, threads }: PeerKind) =>
  async (python: string): Promise<Peer | null> => {
    const answering = await startAnswering({
      name: `the peer ${script}`,
      program: python,
      args: [fileURLToPath(new URL(`peers/${script}_peer.py`, import.meta.url))],
      environment: environmentOf(threads),
    });
    return answering === null
      ? null
      : peerOf(answering.ask, answering.version, { seconds: shortestTiming, warm: warmByItself }, answering.stop);
  };

/** Starts a peer with the first Python that has it; null where none has. */
export const startPeer = async (kind: PeerKind): Promise<Peer | null> => {
  for (const python of pythonsOf(kind.copy)) {
    const peer = await startWith(kind)(python);
    if (peer !== null) {
      return peer;
    }
  }
  return null;
};
