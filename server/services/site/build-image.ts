import { z } from "zod";
import { Label } from "../../../agents/protocol/ids.ts";
import { notFound } from "../../errors.ts";
import { audit } from "../audit/write.ts";
import type { ActorCtx } from "../context.ts";

export const BuildImage = z.object({
  /** A distribution's id. */
  distribution: Label,
  /** A host's name. */
  host: z.string().min(1).max(200),
});

/** Has a host try once more to build an image whose build failed. Nothing desired changes: the host was to have it all along. */
export async function buildImage(ctx: ActorCtx, input: z.output<typeof BuildImage>): Promise<{ tag: string }> {
  const [row, host] = await Promise.all([
    ctx.db.distribution.findFirst({ where: { id: input.distribution, retired: false } }),
    ctx.db.host.findUnique({ where: { name: input.host } }),
  ]);
  if (!row) throw notFound("distribution");
  if (!host) throw notFound("host");
  await ctx.hosts.buildImage(host, row.imageTag);
  await audit(ctx.db, ctx.actor, {
    action: "image.build",
    resource: `image:${row.imageTag}`,
    resourceName: row.name,
    tenantId: null,
    detail: { what: `again on ${host.name}` },
  });
  return { tag: row.imageTag };
}
