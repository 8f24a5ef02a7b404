/**
 * How long this host's nodes may be on the network without a word from the platform, which starts them elsewhere after that. The clock is
 * kept nowhere: an agent that starts with a spec that has a lease takes its nodes off the network until the platform speaks.
 */
import { uptime } from "node:os";

export interface Lease {
  /** True while the nodes are to be off the network. */
  fenced(): boolean;
  /** The platform sent a spec, which ends a fence, or asked for the picture, which only keeps it from falling. */
  heard(what: "spec" | "question"): void;
  stop(): void;
}

export interface LeaseParts {
  /** Seconds of the present spec's lease, null where only people decide. */
  readonly seconds: () => number | null;
  /** Called when `fenced` becomes another. */
  readonly changed: (fenced: boolean) => void;
  /** Seconds of a clock that nobody sets and that goes on while the machine sleeps. */
  readonly clock?: () => number;
  readonly everyMs?: number;
}

export function makeLease({ seconds, changed, clock = uptime, everyMs = 500 }: LeaseParts): Lease {
  let heardAt: number | null = null;
  let fenced = seconds() !== null;

  function set(next: boolean): void {
    if (next === fenced) return;
    fenced = next;
    changed(next);
  }
  const overdue = (): boolean => {
    const lease = seconds();
    return lease !== null && (heardAt === null || clock() - heardAt >= lease);
  };
  const timer = setInterval(() => {
    if (overdue()) set(true);
  }, everyMs);
  timer.unref();

  return {
    fenced: () => fenced,
    heard(what) {
      // A question after the time has come is too late, however soon the clock is looked at.
      if (what === "question" && (fenced || overdue())) return;
      heardAt = clock();
      if (what === "spec") set(false);
    },
    stop: () => clearInterval(timer),
  };
}
