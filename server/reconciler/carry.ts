import type { HostAgent } from "../hosts/port.ts";
import type { Carriage } from "../planner/copies.ts";
import type { OpLog } from "./core.ts";

/**
 * Carries a disk from one host to another: what the one sends the other takes, no faster than both can, and nothing of it is kept here. Ends with
 * an error when either ends; then there is nothing on the other host, and it may begin again.
 */
export async function carry(from: HostAgent, to: HostAgent, { volume, copyOf }: Carriage, log: OpLog, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const started = performance.now();
  const done = new AbortController();
  const both = AbortSignal.any([signal, done.signal]);
  try {
    await to.receive(volume, await from.send(copyOf, both), both);
    log("info", "volume.carried", { volume, copyOf, ms: Math.round(performance.now() - started) });
  } finally {
    // Whoever still waits for the other's answer.
    done.abort();
  }
}
