import type { ContainerDifference, NodeObservation } from "../../agents/protocol/observed.ts";

/** "memory 2048 MB → 4096 MB; privileged no → yes": what is not as it was approved. Null: everything is, as far as it was compared. */
export function driftWords(seen: Pick<NodeObservation, "audit"> | null): string | null {
  const found = seen?.audit?.differences ?? [];
  return found.length === 0 ? null : found.map(({ what, approved, engine }) => `${what} ${approved} → ${engine}`).join("; ");
}

/** The values of both sides by name, for the audit trail. */
export function driftSides(found: readonly ContainerDifference[]): { before: Record<string, string>; after: Record<string, string> } {
  return {
    before: Object.fromEntries(found.map(({ what, approved }) => [what, approved])),
    after: Object.fromEntries(found.map(({ what, engine }) => [what, engine])),
  };
}
