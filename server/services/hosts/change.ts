import type { Host } from "../../db/generated/client.ts";
import { notify, type Tx } from "../../db.ts";
import { notFound, UserError } from "../../errors.ts";
import { columnChanges } from "../audit/changes.ts";
import { audit } from "../audit/write.ts";
import type { ActorCtx } from "../context.ts";

/** One sentence on the host's page. */
export async function hostEvent(tx: Tx, hostId: string, kind: string, message: string, at: Date): Promise<void> {
  await tx.hostEvent.create({ data: { hostId, kind, message, at } });
}

/** What a change does to the row, and what is said about it. */
export interface HostChange {
  readonly data: Parameters<Tx["host"]["update"]>[0]["data"];
  /** Kind and sentence of the event; null where there is nothing to tell. */
  readonly event: { readonly kind: string; readonly message: string } | null;
  readonly detail: string;
}

/**
 * Changes a host with its audit row and its event in one transaction, and wakes the reconciler. The row is locked while it is decided.
 * @throws UserError not_found for a name that no host has
 */
export async function changeHost(
  ctx: ActorCtx,
  name: string,
  action: string,
  decide: (host: Host, tx: Tx) => Promise<HostChange>,
): Promise<{ id: string }> {
  return ctx.db.$transaction(async (tx) => {
    const host = await lockHost(tx, name);
    const { data, event, detail } = await decide(host, tx);
    await tx.host.update({ where: { id: host.id }, data });
    if (event) await hostEvent(tx, host.id, event.kind, event.message, ctx.now());
    await audit(tx, ctx.actor, {
      action,
      resource: `host:${host.id}`,
      resourceName: host.name,
      detail: { what: detail, ...columnChanges(host, data) },
    });
    await wake(tx, host.id);
    return { id: host.id };
  });
}

/** @throws UserError not_found */
export async function lockHost(tx: Tx, name: string): Promise<Host> {
  await tx.$queryRaw`SELECT id FROM "Host" WHERE name = ${name} FOR UPDATE`;
  const host = await tx.host.findUnique({ where: { name } });
  if (!host) throw notFound("host");
  return host;
}

export async function wake(tx: Tx, hostId: string): Promise<void> {
  await notify(tx, "desired", hostId);
  await notify(tx, "observed", "*");
}

/** @throws UserError unless the host's name was typed again */
export function confirmed(host: Pick<Host, "name">, typed: string, what: string): void {
  if (typed.trim() !== host.name) throw new UserError("bad_request", `${what} Type the host's name, ${host.name}, to confirm.`, "confirm");
}
