import { z } from "zod";
import { Id } from "../../../agents/protocol/ids.ts";
import { UserError } from "../../errors.ts";
import { log } from "../../log.ts";
import type { TenantCtx } from "../context.ts";
import { audit } from "./write.ts";

const About = z.object({ cluster: Id.optional().catch(undefined), name: z.string().max(100).optional().catch(undefined) }).catch({});

// What somebody may not do, or what a limit forbids. A typing mistake is nobody's business.
const worth: readonly UserError["code"][] = ["forbidden", "limit", "conflict"];

/** "clusters.restartService" → "cluster.restart-service". */
export function actionOf(path: string): string {
  const [entity = "", verb = ""] = path.split(".");
  return `${entity.replace(/s$/, "")}.${verb.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Writes down that somebody was refused something. The refusal stands whether or not it could be written down. */
export async function auditRefusal(ctx: TenantCtx, path: string, input: unknown, cause: unknown): Promise<void> {
  if (!(cause instanceof UserError) || !worth.includes(cause.code)) return;
  const { cluster, name } = About.parse(input);
  try {
    const known = cluster
      ? await ctx.db.cluster.findFirst({ where: { id: cluster, tenantId: ctx.tenant.id }, select: { name: true } })
      : null;
    await audit(ctx.db, ctx.actor, {
      action: actionOf(path),
      resource: known ? `cluster:${cluster}` : `tenant:${ctx.tenant.id}`,
      resourceName: known?.name ?? name ?? ctx.tenant.name,
      tenantId: ctx.tenant.id,
      outcome: "refused",
      detail: { what: cause.message },
    });
  } catch (error) {
    log.error({ err: error, path }, "audit.refusal");
  }
}
