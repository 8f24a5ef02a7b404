import type { z } from "zod";
import { UserError } from "../../errors.ts";
import type { ActorCtx } from "../context.ts";
import { changeHost } from "./change.ts";
import type { ConfigureHost } from "./schemas.ts";

/**
 * Tags, tenant, address, link for VLANs and reserved memory of a host; what is left out stays.
 * @throws UserError for a tenant that does not exist, or an address that another host has
 */
export function configureHost(ctx: ActorCtx, input: z.output<typeof ConfigureHost>): Promise<{ id: string }> {
  return changeHost(ctx, input.host, "host.configure", async (row, tx) => {
    const data: {
      tags?: string[];
      tenantId?: string | null;
      address?: string | null;
      vlanParent?: string | null;
      reservedMemoryMb?: number;
    } = {};
    const said: string[] = [];
    if (input.tags) {
      data.tags = [...new Set(input.tags)].sort();
      said.push(data.tags.length > 0 ? `tags ${data.tags.join(", ")}` : "no tags");
    }
    if (input.tenant !== undefined) {
      const tenant = input.tenant === null ? null : await tx.tenant.findUnique({ where: { slug: input.tenant } });
      if (input.tenant !== null && !tenant) throw new UserError("not_found", `There is no tenant ${input.tenant}.`, "tenant");
      data.tenantId = tenant?.id ?? null;
      said.push(tenant ? `only for ${tenant.name}` : "for every tenant");
    }
    if (input.address !== undefined) {
      const other = input.address === null ? null : await tx.host.findFirst({ where: { address: input.address, id: { not: row.id } } });
      if (other) throw new UserError("conflict", `${other.name} has the address ${input.address}. Two hosts cannot share one.`, "address");
      data.address = input.address;
      said.push(`address ${input.address ?? "as it reports"}`);
    }
    if (input.vlanParent !== undefined) {
      data.vlanParent = input.vlanParent;
      said.push(`VLANs on ${input.vlanParent ?? "the link with its address"}`);
    }
    if (input.reservedMemoryMb !== undefined) {
      data.reservedMemoryMb = input.reservedMemoryMb;
      said.push(`${input.reservedMemoryMb} MB of memory reserved`);
    }
    const detail = said.join("; ") || "nothing";
    return { data, event: said.length > 0 ? { kind: "settings", message: `${ctx.actor.displayName} set: ${detail}.` } : null, detail };
  });
}
