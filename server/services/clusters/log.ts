import type { z } from "zod";
import type { TenantCtx } from "../context.ts";
import type { LogView } from "../views.ts";
import { findService, type ServiceLog } from "./node.ts";

/** The end of a service's log, or what came since an earlier answer, fetched from its host now. */
export async function serviceLog(ctx: TenantCtx, input: z.output<typeof ServiceLog>): Promise<LogView> {
  const { node } = await findService(ctx, input, "inspect");
  const { service, bytes, after } = input;
  return ctx.hosts.log(node.host, { node: node.id, service, bytes, ...(after === undefined ? {} : { after }) });
}
