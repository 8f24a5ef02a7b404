import { backoff } from "../hosts/backoff.ts";

export interface Queue {
  /** Asks for the key's work to be done soon. Asking twice before it begins is asking once; asking while it runs makes it run once more. */
  add(key: string): void;
  /** Waits for what runs and drops the rest. */
  stop(): Promise<void>;
}

export interface QueueOptions {
  readonly run: (key: string) => Promise<void>;
  /** The work failed for the n-th time in a row (from 1) and is tried again after `ms`. */
  readonly onError: (key: string, error: unknown, failures: number, ms: number) => void;
  readonly firstMs?: number;
  readonly mostMs?: number;
  /** Gives a function that cancels. Passed in for tests. */
  readonly later?: (ms: number, work: () => void) => () => void;
}

interface Entry {
  running: Promise<void> | null;
  again: boolean;
  failures: number;
  cancel: (() => void) | null;
}

function byTimer(ms: number, work: () => void): () => void {
  const timer = setTimeout(work, ms);
  return () => clearTimeout(timer);
}

/** A queue of keys: it holds no events and no state, so that losing it loses nothing. Keys run side by side, one key never twice at once. */
export function makeQueue({ run, onError, firstMs = 100, mostMs = 30_000, later = byTimer }: QueueOptions): Queue {
  const entries = new Map<string, Entry>();
  let stopped = false;

  const start = (key: string, entry: Entry): void => {
    entry.cancel?.();
    entry.cancel = null;
    entry.again = false;
    entry.running = run(key)
      .then(
        () => {
          entry.failures = 0;
        },
        (error: unknown) => {
          entry.failures += 1;
          const ms = backoff(entry.failures - 1, firstMs, mostMs);
          onError(key, error, entry.failures, ms);
          if (!stopped) entry.cancel = later(ms, () => start(key, entry));
        },
      )
      .then(() => {
        entry.running = null;
        if (stopped) return;
        if (entry.again && !entry.cancel) start(key, entry);
        else if (!entry.cancel) entries.delete(key);
      });
  };

  return {
    add(key) {
      if (stopped) return;
      const entry = entries.get(key) ?? { running: null, again: false, failures: 0, cancel: null };
      entries.set(key, entry);
      // One that failed keeps its turn: a flood of requests must not undo the back-off.
      if (entry.running || entry.cancel) entry.again = true;
      else start(key, entry);
    },
    async stop() {
      stopped = true;
      const all = [...entries.values()];
      for (const entry of all) entry.cancel?.();
      await Promise.all(all.map((entry) => entry.running));
    },
  };
}
