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
