/**
 * A worker of Node, or of a browser: it is given messages, and says words.
 *
 * It is made of what both have of their own: a pool of tasks hides the thread, and a thread holds its process until it is told not to.
 */

/** What becomes of a message. */
export interface Hearing {
  readonly says: (word: unknown) => void;
  /** The worker has failed, or is no more. */
  readonly ends: (reason: string) => void;
}

/** A worker that may stay while nobody needs it. */
export interface TeamWorker {
  /** Gives it a message; what comes back is for this hearing, until there is another. */
  readonly tell: (message: unknown, hearing: Hearing) => void;
  /** Whether the process stays as long as the worker does. A browser's page never does. */
  readonly holdsProcess: (holds: boolean) => void;
  readonly end: () => Promise<unknown>;
}

/** A browser's worker, as far as it is used. */
interface BrowsersWorker {
  readonly postMessage: (message: unknown) => void;
  readonly terminate: () => void;
  readonly addEventListener: (
    type: 'message' | 'error',
    listener: (event: { readonly data: unknown; readonly message?: string }) => void,
  ) => void;
}

declare const Worker: new (script: URL, options: { readonly type: 'module' }) => BrowsersWorker;

/** Who hears a worker: the last one who has told it something. */
const hearings = () => {
  let hearing: Hearing | null = null;
  return {
    hear: (next: Hearing): void => {
      hearing = next;
    },
    says: (word: unknown): void => {
      hearing?.says(word);
    },
    ends: (reason: string): void => {
      hearing?.ends(reason);
    },
  };
};

const workerOfNode = (script: URL): TeamWorker => {
  const { hear, says, ends } = hearings();
  const { Worker: Thread } = process.getBuiltinModule('node:worker_threads');
  const thread = new Thread(script)
    .on('message', says)
    .on('error', (error) => {
      ends(String(error));
    })
    .on('exit', (code) => {
      ends(`it left with code ${code}`);
    });
  return {
    tell: (message, hearing) => {
      hear(hearing);
      thread.postMessage(message);
    },
    holdsProcess: (holds) => {
      if (holds) {
        thread.ref();
      } else {
        thread.unref();
      }
    },
    end: async () => thread.terminate(),
  };
};

const workerOfBrowser = (script: URL): TeamWorker => {
  const { hear, says, ends } = hearings();
  const worker = new Worker(script, { type: 'module' });
  worker.addEventListener('message', ({ data }) => {
    says(data);
  });
  worker.addEventListener('error', ({ message }) => {
    ends(message ?? 'its script could not be loaded');
  });
  return {
    tell: (message, hearing) => {
      hear(hearing);
      worker.postMessage(message);
    },
    holdsProcess: () => undefined,
    end: async () => {
      worker.terminate();
      return Promise.resolve();
    },
  };
};

/** Starts a worker on a module. */
export const startWorker = (script: URL): TeamWorker =>
  script.protocol === 'file:' ? workerOfNode(script) : workerOfBrowser(script);
