import type { z } from "zod";
import type { TenantCtx } from "../context.ts";
import { findService, type ServiceLog } from "./node.ts";

/** The end of a service's log, fetched from its host now. */
export async function serviceLog(ctx: TenantCtx, input: z.output<typeof ServiceLog>): Promise<{ text: string }> {
  const { node } = await findService(ctx, input, "inspect");
  return { text: await ctx.hosts.log(node.host.endpoint, { node: node.id, service: input.service, bytes: input.bytes }) };
}
