import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { poolConfig } from "../db.ts";

/** Any number; the same for every reconciler of one database. */
const lockNumber = 7_115_001;

/**
 * Leads for as long as it holds an advisory lock on a connection of its own. PostgreSQL frees the lock when the process dies or the
 * connection breaks, so there is no lease to wait for. Calls `lead` with a signal that ends with the leadership, and tries again afterwards.
 * @param onState one log line each
 */
export async function leadWhileElected(
  url: string,
  signal: AbortSignal,
  lead: (leading: AbortSignal) => Promise<void>,
  onState: (state: "waiting" | "leading" | "lost", reason: string | null) => void,
): Promise<void> {
  while (!signal.aborted) {
    const reason = await once(url, signal, lead, onState);
    if (signal.aborted) return;
    onState("lost", reason);
    await wait(500, undefined, { signal }).catch(() => undefined);
  }
}

async function once(
  url: string,
  signal: AbortSignal,
  lead: (leading: AbortSignal) => Promise<void>,
  onState: (state: "waiting" | "leading", reason: null) => void,
): Promise<string> {
  const client = new pg.Client(poolConfig(url));
  const broken = new AbortController();
  let reason = "the work ended";
  client.on("error", (error) => {
    reason = error.message;
    broken.abort();
  });
  client.on("end", () => broken.abort());
  const stop = (): void => void client.end().catch(() => undefined);
  signal.addEventListener("abort", stop, { once: true });
  try {
    await client.connect();
    onState("waiting", null);
    // Waits in the server until the present leader goes: no polling.
    await client.query("SELECT pg_advisory_lock($1)", [lockNumber]);
    onState("leading", null);
    await lead(AbortSignal.any([signal, broken.signal]));
  } catch (error) {
    reason = error instanceof Error ? error.message : String(error);
  } finally {
    signal.removeEventListener("abort", stop);
    await client.end().catch(() => undefined);
  }
  return reason;
}
