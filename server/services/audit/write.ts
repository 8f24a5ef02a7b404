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
  /** `what` is a sentence's end; `before` and `after` are values by name: see changes.ts. Never a secret. */
  detail?: Prisma.InputJsonObject;
}

/** Whose doing it is, and from where. */
export interface AuditActor {
  readonly userId: string | null;
  readonly displayName: string;
  readonly ip: string | null;
  readonly sessionId?: string | null;
  readonly tokenId?: string | null;
}

function viaOf({ sessionId, tokenId }: AuditActor): string | null {
  if (tokenId) return `token:${tokenId}`;
  return sessionId ? `session:${sessionId}` : null;
}

/**
 * Writes the row in the caller's transaction: what happened and that it happened cannot come apart. The database chains it to the trail when the
 * transaction commits, and not before: writing it early holds up nobody.
 */
export async function audit(tx: Tx, actor: AuditActor, entry: AuditEntry): Promise<void> {
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
      via: viaOf(actor),
    },
  });
}
