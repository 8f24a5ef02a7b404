import { z } from "zod";
import type { Audit } from "../../db/generated/client.ts";
import type { AuditView } from "../views.ts";

const Resized = z.object({ from: z.number(), to: z.number(), unit: z.string() });
const Said = z.object({ what: z.string() });

/** Figures and names that need no name of their own to be understood, or another one. */
const plain: Record<string, (value: string) => string> = {
  endpoint: (id) => id,
  days: (days) => (days === "1" ? "for a day" : `for ${days} days`),
};

/** What is written beside an entry, in words. */
export function detailWords(detail: unknown): string | null {
  if (detail === null || typeof detail !== "object") return null;
  const resized = Resized.safeParse(detail);
  if (resized.success) return `${resized.data.from} → ${resized.data.to} ${resized.data.unit}`;
  const said = Said.safeParse(detail);
  const rest = Object.entries(detail)
    // Figures for later ("starts") are no words; what it was and is has been said.
    .filter(([key]) => !["what", "starts", "before", "after"].includes(key))
    .map(([key, value]) => (Object.hasOwn(plain, key) ? plain[key]?.(String(value)) : `${key} ${String(value)}`));
  return [...(said.success ? [said.data.what] : []), ...rest].join(", ") || null;
}

export function toAuditView(row: Audit): AuditView {
  return {
    id: String(row.id),
    at: row.at.toISOString(),
    actor: row.actorName,
    action: row.action,
    resource: row.resourceName ?? row.resource,
    outcome: row.outcome === "refused" ? "refused" : "done",
    detail: detailWords(row.detail),
  };
}
