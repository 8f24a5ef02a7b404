/**
 * How long this host's nodes may be on the network without a word from the platform, which starts them elsewhere after that. The clock is
 * kept nowhere: an agent that starts with a spec that has a lease takes its nodes off the network until the platform speaks.
 */
import { uptime } from "node:os";

export interface Lease {
  /** True while the nodes are to be off the network. */
  fenced(): boolean;
  /** The platform sent a spec. That it asks for the picture renews nothing: it may be deaf to the answer. */
  heard(): void;
  /** What runs here may be another: see whether the fence can go. */
  look(): void;
  stop(): void;
}

export interface LeaseParts {
  /** Seconds of the present spec's lease, null where only people decide. */
  readonly seconds: () => number | null;
  /** True when nothing runs here that the spec does not want: what it does not want may run elsewhere, under the same address. */
  readonly clean: () => boolean;
  /** Called when `fenced` becomes another. */
  readonly changed: (fenced: boolean) => void;
  /** Seconds of a clock that nobody sets and that goes on while the machine sleeps. */
  readonly clock?: () => number;
  readonly everyMs?: number;
}

export function makeLease({ seconds, clean, changed, clock = uptime, everyMs = 500 }: LeaseParts): Lease {
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
  function look(): void {
    if (overdue()) set(true);
    else if (fenced && clean()) set(false);
  }
  const timer = setInterval(look, everyMs);
  timer.unref();

  return {
    fenced: () => fenced,
    heard() {
      // Whether it ran out is decided before it is renewed, however late the clock is looked at.
      if (overdue()) set(true);
      heardAt = clock();
      look();
    },
    look,
    stop: () => clearInterval(timer),
  };
}
