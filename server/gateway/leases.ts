import { log } from "../log.ts";
import type { ServiceHost } from "./host.ts";
import type { Cut } from "./terminal/words.ts";

interface Lease {
  host: ServiceHost;
  hash: string;
  /** Whose WebSocket it is; absent for a request. */
  socketOf?: string;
  end: (why: Cut) => void;
}

/**
 * Everything that is open for a gateway session: sockets, streams, long answers. Looks again while they last, so that a revoked
 * session ends what it had opened and not only what it opens next.
 */
export class Leases {
  private readonly open = new Map<string, Set<Lease>>();
  private readonly allowed: (host: ServiceHost, hash: string) => Promise<boolean>;
  private readonly everyMs: number;
  private readonly graceMs: number;
  private timer: NodeJS.Timeout | null = null;
  private lastLook = 0;

  /** @param graceMs how long connections outlive a database that cannot be asked */
  constructor(allowed: (host: ServiceHost, hash: string) => Promise<boolean>, everyMs = 2000, graceMs = 30_000) {
    this.allowed = allowed;
    this.everyMs = everyMs;
    this.graceMs = graceMs;
  }

  /** How many things a session has open. */
  count(hash: string): number {
    return this.open.get(hash)?.size ?? 0;
  }

  /** How many WebSockets a session has open, and how many its person has with all services. */
  sockets(hash: string, person: string): { session: number; person: number } {
    const count = (leases: Iterable<Lease>): number => [...leases].filter((lease) => lease.socketOf === person).length;
    return { session: count(this.open.get(hash) ?? []), person: [...this.open.values()].reduce((sum, set) => sum + count(set), 0) };
  }

  /** @returns a function to call when the thing has ended by itself */
  take(lease: Lease): () => void {
    const set = this.open.get(lease.hash) ?? new Set();
    set.add(lease);
    this.open.set(lease.hash, set);
    if (!this.timer) {
      this.lastLook = Date.now();
      this.schedule();
    }
    return () => {
      set.delete(lease);
      if (set.size === 0 && this.open.get(lease.hash) === set) this.open.delete(lease.hash);
      if (this.open.size === 0 && this.timer) {
        clearTimeout(this.timer);
        this.timer = null;
      }
    };
  }

  private schedule(): void {
    this.timer = setTimeout(() => {
      this.look().then(
        () => this.open.size > 0 && this.schedule(),
        () => this.schedule(),
      );
    }, this.everyMs);
    this.timer.unref();
  }

  private async look(): Promise<void> {
    let asked = true;
    for (const [hash, set] of [...this.open]) {
      const [first] = set;
      if (!first) continue;
      const allowed = await this.allowed(first.host, hash).catch(() => null);
      if (allowed === null) asked = false;
      if (allowed === false) {
        log.info({ host: first.host.origin, open: set.size }, "gateway.revoked");
        for (const lease of [...set]) lease.end("revoked");
      }
    }
    if (asked) this.lastLook = Date.now();
    else if (Date.now() - this.lastLook > this.graceMs) {
      log.warn({ seconds: this.graceMs / 1000 }, "gateway.unchecked");
      this.endAll();
    }
  }

  endAll(): void {
    for (const set of [...this.open.values()]) for (const lease of [...set]) lease.end("away");
  }
}
