import type { Prisma } from "../../db/generated/client.ts";
import type { Tx } from "../../db.ts";

export interface AuditEntry {
  /** Verb with its thing: cluster.create, token.revoke, session.open. */
  action: string;
  /** kind:id */
  resource: string;
  resourceName: string;
  tenantId?: string | null;
  outcome?: "done" | "refused";
  detail?: Prisma.InputJsonObject;
}

/** Writes the row in the caller's transaction: what happened and that it happened cannot come apart. */
export async function audit(
  tx: Tx,
  actor: { userId: string | null; displayName: string; ip: string | null },
  entry: AuditEntry,
): Promise<void> {
  await tx.audit.create({
    data: {
      actorId: actor.userId,
      actorName: actor.displayName,
      tenantId: entry.tenantId ?? null,
      action: entry.action,
      resource: entry.resource,
      resourceName: entry.resourceName,
      outcome: entry.outcome ?? "done",
      ...(entry.detail ? { detail: entry.detail } : {}),
      ip: actor.ip,
    },
  });
}
