import type { z } from "zod";
import { capabilitySets } from "../../../agents/protocol/capability.ts";
import type { Attested } from "../../../agents/protocol/verbs.ts";
import { UserError } from "../../errors.ts";
import { clusterOf, hostOf } from "../../planner/rows.ts";
import { admitted } from "../../planner/scheduler/ledger.ts";
import type { ClusterRow, HostRow, NodeRow, Snapshot } from "../../planner/snapshot.ts";
import { loadSnapshot } from "../../snapshot/load.ts";
import { findCluster } from "../clusters/rows.ts";
import type { ClusterRef } from "../clusters/schemas.ts";
import type { ActorCtx, TenantCtx } from "../context.ts";
import type { AttestationView } from "./schemas.ts";

type Scope = { cluster?: string; tenant?: string };
type Answer = { containers: Attested } | { reason: string };

/** Containers of one cluster, compared now. @throws UserError not_found */
export async function attestCluster(ctx: TenantCtx, input: z.output<typeof ClusterRef>): Promise<AttestationView> {
  const { id, name } = await findCluster(ctx.db, ctx, input.cluster);
  return attest(ctx, { cluster: id }, `cluster ${name} of ${ctx.tenant.slug}`);
}

export function attestTenant(ctx: TenantCtx): Promise<AttestationView> {
  return attest(ctx, { tenant: ctx.tenant.id }, `tenant ${ctx.tenant.slug}`);
}

export function attestSite(ctx: ActorCtx): Promise<AttestationView> {
  return attest(ctx, {}, "the whole site");
}

/** Every host is asked at once; of one that does not answer its nodes are named with the reason. */
async function attest(ctx: ActorCtx, scope: Scope, about: string): Promise<AttestationView> {
  const snapshot = await loadSnapshot(ctx.db);
  const slugs = new Map((await ctx.db.tenant.findMany({ select: { id: true, slug: true } })).map(({ id, slug }) => [id, slug]));
  const wanted = wantedNodes(snapshot, scope);
  const answers = new Map<string, Answer>();
  await Promise.all(
    [...new Set(wanted.map(({ host }) => host))].map(async (host) => {
      answers.set(host.id, await ask(ctx, host, scope));
    }),
  );
  const compared: AttestationView["compared"] = [];
  const notCompared: AttestationView["notCompared"] = [];
  for (const { node, cluster, host } of wanted) {
    const answer = answers.get(host.id);
    const found = answer && "containers" in answer ? answer.containers.find((one) => one.node === node.id) : undefined;
    const where = {
      cluster: { id: cluster.id, name: cluster.name },
      tenant: slugs.get(cluster.tenantId) ?? cluster.tenantId,
      host: host.name,
    };
    if (!found) {
      const reason = answer && "reason" in answer ? answer.reason : "Its container does not run just now, or is being replaced.";
      notCompared.push({ node: node.name, ...where, reason });
      continue;
    }
    compared.push({
      ...found,
      ...where,
      node: node.name,
      role: node.role,
      capabilitySet: node.capabilitySet,
      image: node.imageTag,
      imageDigest: found.engine["image digest"] ?? "",
      asApproved: found.differences.length === 0,
    });
  }
  const asApproved = compared.filter((one) => one.asApproved).length;
  return {
    kind: "kindling-container-attestation",
    installation: snapshot.installation.id,
    madeAt: ctx.now().toISOString(),
    madeBy: ctx.actor.username,
    about,
    containers: { compared: compared.length, asApproved, differing: compared.length - asApproved, notCompared: notCompared.length },
    capabilitySets,
    compared,
    notCompared,
  };
}

interface Wanted {
  node: NodeRow;
  cluster: ClusterRow;
  host: HostRow;
}

/** Nodes that are to run. */
function wantedNodes(snapshot: Snapshot, scope: Scope): Wanted[] {
  return snapshot.nodes.flatMap((node) => {
    const cluster = clusterOf(snapshot, node.clusterId);
    const host = hostOf(snapshot, node.hostId);
    if (!cluster || !host || node.removing || cluster.desired !== "running" || !admitted(snapshot, cluster)) return [];
    if (scope.cluster !== undefined && cluster.id !== scope.cluster) return [];
    if (scope.tenant !== undefined && cluster.tenantId !== scope.tenant) return [];
    return [{ node, cluster, host }];
  });
}

async function ask(ctx: ActorCtx, host: HostRow, scope: Scope): Promise<Answer> {
  try {
    return { containers: await ctx.hosts.attest(host, scope) };
  } catch (error) {
    if (error instanceof UserError) return { reason: error.message };
    throw error;
  }
}
