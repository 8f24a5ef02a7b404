/** Remembers what went wrong per key: retryable faults wait longer each time, terminal ones for a new spec. */
import type { Fault } from "../../protocol/errors.ts";

interface Entry {
  fault: Fault;
  attempts: number;
  failedAt: number;
  retryAt: number;
  /** What was wanted when it failed. */
  wanted: string;
}

/** How long retryable faults wait: the first time, and at most. */
export interface Backoff {
  readonly firstMs: number;
  readonly mostMs: number;
}

export const usualBackoff: Backoff = { firstMs: 250, mostMs: 30_000 };

export interface Faults {
  get(key: string): Fault | null;
  /** Milliseconds until the key may be tried again; 0 now; null not before something else is wanted. */
  waitMs(key: string, wanted: string): number | null;
  fail(key: string, wanted: string, fault: Fault): void;
  clear(key: string): void;
  /** Forgets faults with this code, so that they are tried at once. */
  clearCode(code: string): string[];
}

export function makeFaults(now: () => number, { firstMs, mostMs }: Backoff = usualBackoff): Faults {
  const entries = new Map<string, Entry>();
  return {
    get: (key) => entries.get(key)?.fault ?? null,
    waitMs(key, wanted) {
      const entry = entries.get(key);
      if (!entry) return 0;
      if (entry.wanted !== wanted) {
        entries.delete(key);
        return 0;
      }
      if (!entry.fault.retryable) return null;
      // A clock that was set back says nothing about how long it has waited.
      return now() < entry.failedAt ? 0 : Math.max(0, entry.retryAt - now());
    },
    fail(key, wanted, fault) {
      const before = entries.get(key);
      const attempts = before && before.wanted === wanted ? before.attempts + 1 : 0;
      const failedAt = now();
      entries.set(key, { fault, attempts, wanted, failedAt, retryAt: failedAt + Math.min(mostMs, firstMs * 2 ** attempts) });
    },
    clear: (key) => void entries.delete(key),
    clearCode(code) {
      const gone = [...entries].filter(([, entry]) => entry.fault.code === code).map(([key]) => key);
      for (const key of gone) entries.delete(key);
      return gone;
    },
  };
}
