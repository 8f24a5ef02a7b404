/**
 * Slows guessing down. Counted by account *and* address: a stranger who guesses at somebody's account from elsewhere
 * cannot lock its owner out.
 */
export interface RateLimit {
  /** Seconds to wait before the next attempt counts; 0 when one may try. */
  wait(account: string, address: string): number;
  failed(account: string, address: string): void;
  succeeded(account: string, address: string): void;
  /** The last failure was none: the password could not be checked at all. */
  unchecked(account: string, address: string): void;
}

interface Options {
  now: () => number;
  /** Failures that cost nothing: people mistype. */
  free?: number;
  /** The longest wait, which also is how long a failure is remembered. */
  maxSeconds?: number;
  /** Pairs remembered; the oldest are forgotten first. */
  capacity?: number;
}

/** The wait doubles from one second with every failure beyond the free ones. */
export function createRateLimit({ now, free = 5, maxSeconds = 900, capacity = 10_000 }: Options): RateLimit {
  const failures = new Map<string, { count: number; last: number }>();
  const key = (account: string, address: string) => `${address} ${account}`;
  const current = (k: string) => {
    const entry = failures.get(k);
    if (!entry) return null;
    if (now() - entry.last < maxSeconds * 1000) return entry;
    failures.delete(k);
    return null;
  };
  return {
    wait(account, address) {
      const entry = current(key(account, address));
      if (!entry || entry.count < free) return 0;
      const seconds = Math.min(2 ** (entry.count - free), maxSeconds);
      return Math.max(0, Math.ceil(seconds - (now() - entry.last) / 1000));
    },
    failed(account, address) {
      const k = key(account, address);
      const count = (current(k)?.count ?? 0) + 1;
      // Deleting first moves the pair to the young end of the map's order.
      failures.delete(k);
      failures.set(k, { count, last: now() });
      const oldest = failures.size > capacity ? failures.keys().next().value : undefined;
      if (oldest !== undefined) failures.delete(oldest);
    },
    succeeded(account, address) {
      failures.delete(key(account, address));
    },
    unchecked(account, address) {
      const entry = current(key(account, address));
      if (entry) entry.count -= 1;
    },
  };
}
