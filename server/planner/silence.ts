import type { HostRow } from "./snapshot.ts";
import { ago } from "./words.ts";

/** A host that said nothing for this long is not believed any more. */
export const silentAfterMs = 15_000;

/** "this-host silent 40 s", or null while the host is heard. */
export function silence(host: Pick<HostRow, "name" | "observedAt">, now: number): string | null {
  if (host.observedAt === null) return `${host.name} has not been heard of yet`;
  const quiet = now - host.observedAt;
  return quiet > silentAfterMs ? `${host.name} silent ${ago(quiet)}` : null;
}

/**
 * Why nothing can be said about the nodes of a host: it is silent, or its engine does not answer. Null while its word counts.
 * An agent that just started has not looked at its engine yet and reports none.
 */
export function blind(host: Pick<HostRow, "name" | "observedAt" | "observed">, now: number): string | null {
  const quiet = silence(host, now);
  if (quiet || !host.observed) return quiet;
  const { fault, facts } = host.observed;
  if (fault?.code.startsWith("engine")) return `${host.name}: ${fault.message}`;
  return facts.engine ? null : `Docker does not answer on ${host.name}`;
}
