import type { z } from "zod";
import { UserError } from "../../errors.ts";
import { count } from "../../planner/words.ts";
import type { ActorCtx } from "../context.ts";
import { changeHost } from "./change.ts";
import { copyRefusal } from "./copying.ts";
import type { DrainHost, HostRef } from "./schemas.ts";

type Ref = z.output<typeof HostRef>;

const none = { drainData: null, drainNodes: null };

/** It takes no new nodes; those it has stay. */
export function cordonHost(ctx: ActorCtx, { host }: Ref): Promise<{ id: string }> {
  return changeHost(ctx, host, "host.cordon", async () => ({
    data: { mode: "cordoned", ...none },
    event: { kind: "mode", message: `${ctx.actor.displayName} lets it take no new nodes.` },
    detail: "takes no new nodes",
  }));
}

/** It takes nodes again: after cordon, drain or maintenance. Nodes that have not left yet stay. */
export function activateHost(ctx: ActorCtx, { host }: Ref): Promise<{ id: string }> {
  return changeHost(ctx, host, "host.activate", async (row) => ({
    data: { mode: "active", ...none },
    event: row.mode === "active" ? null : { kind: "mode", message: `${ctx.actor.displayName} lets it take nodes again.` },
    detail: "takes nodes",
  }));
}

/** It takes no new nodes, and its silence is expected: nobody is warned of it, and nothing is moved because of it. */
export function maintainHost(ctx: ActorCtx, { host }: Ref): Promise<{ id: string }> {
  return changeHost(ctx, host, "host.maintenance", async () => ({
    data: { mode: "maintenance", ...none },
    event: { kind: "mode", message: `${ctx.actor.displayName} began maintenance.` },
    detail: "in maintenance",
  }));
}

/**
 * Its nodes are started elsewhere, one cluster after the other, with the same names and addresses. What fits nowhere stays.
 * @throws UserError where data should go along and a host's agent is older than that
 */
export function drainHost(ctx: ActorCtx, { host, data }: z.output<typeof DrainHost>): Promise<{ id: string }> {
  return changeHost(ctx, host, "host.drain", async (row, tx) => {
    if (row.fencedAt) throw new UserError("conflict", `${row.name} is given up as lost; its nodes move without draining.`);
    const hosts = data === "copy" ? await tx.host.findMany({ select: { name: true, mode: true, fencedAt: true, observed: true } }) : [];
    const refusal = data === "copy" ? copyRefusal(row, hosts) : null;
    if (refusal) throw new UserError("unavailable", refusal, "data");
    const nodes = await tx.node.count({ where: { hostId: row.id } });
    return {
      data: { mode: "draining", drainData: data, drainNodes: nodes },
      event: {
        kind: "drain",
        message: `${ctx.actor.displayName} began to drain it: ${count(nodes, "node")}, ${
          data === "copy" ? "their /data goes along" : "their /data stays here as volumes of their owners"
        }.`,
      },
      detail: `${count(nodes, "node")}, data ${data === "copy" ? "copied" : "kept"}`,
    };
  });
}
