import { z } from "zod";
import type { Audit } from "../../db/generated/client.ts";
import type { AuditView } from "../views.ts";

const Resized = z.object({ from: z.number(), to: z.number(), unit: z.string() });
const Said = z.object({ what: z.string() });
const Value = z.union([z.string(), z.number(), z.boolean(), z.null()]).transform((value) => (value === null ? "none" : String(value)));
const Values = z.union([z.record(z.string(), Value), Value.transform((value): Record<string, string> => ({ "": value }))]);
const Changed = z.object({ before: Values.optional(), after: Values.optional() });

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

/** What had which value before and has which one after. */
export function changesOf(detail: unknown, tenants: ReadonlyMap<string, string> = new Map()): AuditView["changes"] {
  const resized = Resized.safeParse(detail);
  if (resized.success) return [{ name: resized.data.unit, before: String(resized.data.from), after: String(resized.data.to) }];
  const changed = Changed.safeParse(detail);
  if (!changed.success) return [];
  const { before = {}, after = {} } = changed.data;
  const said = (value: string | undefined): string | null => (value === undefined ? null : (tenants.get(value) ?? value));
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].map((name) => ({
    name,
    before: said(before[name]),
    after: said(after[name]),
  }));
}

/** @param tenants names by id; what is not among them is not said */
export function toAuditView(row: Audit, tenants: ReadonlyMap<string, string> = new Map()): AuditView {
  return {
    id: String(row.id),
    at: row.at.toISOString(),
    actor: row.actorName,
    action: row.action,
    resource: row.resourceName ?? row.resource,
    outcome: row.outcome === "refused" ? "refused" : "done",
    detail: detailWords(row.detail),
    changes: changesOf(row.detail, tenants),
    ip: row.ip,
    byToken: row.via?.startsWith("token:") ?? false,
    tenant: row.tenantId === null ? null : (tenants.get(row.tenantId) ?? null),
  };
}
