import type { z } from "zod";
import { canCluster } from "../../auth/can.ts";
import { notFound } from "../../errors.ts";
import { nodeStates } from "../../planner/phase.ts";
import { silence } from "../../planner/silence.ts";
import { loadSnapshot } from "../../snapshot/load.ts";
import type { TenantCtx } from "../context.ts";
import { actionsOf } from "./actions.ts";
import { linksOf, terminalLink } from "./links.ts";
import { toNodeView } from "./node-view.ts";
import { rightsOf } from "./rights.ts";
import { findCluster } from "./rows.ts";
import type { ApplicationView, ClusterRef, ClusterView } from "./schemas.ts";
import { toSummary } from "./summary.ts";
import { timelineOf } from "./timeline.ts";
import { usualSeconds } from "./usual.ts";
import { hostsOf, segmentOf } from "./where.ts";

/** "notebook-2 waits: flights.ipynb holds 2 of 2 cores"; null while nobody waits. */
export function waitingWords(applications: readonly ApplicationView[], cores: number): string | null {
  const waits = applications.find((one) => one.state === "WAITING" || (one.state === "RUNNING" && one.cores === 0));
  if (!waits) return null;
  const holders = applications.filter((one) => one !== waits && one.cores > 0).map((one) => `${one.name} holds ${one.cores}`);
  return holders.length > 0 ? `${waits.name} waits: ${holders.join(", ")} of ${cores} cores` : `${waits.name} waits for cores`;
}

/** Everything about one cluster: what is wanted, what hosts say, what one may do. @throws UserError not_found */
export async function getCluster(ctx: TenantCtx, input: z.output<typeof ClusterRef>): Promise<ClusterView> {
  const { db, actor, tenant } = ctx;
  const row = await findCluster(db, ctx, input.cluster);
  const [snapshot, usual, segment] = await Promise.all([
    loadSnapshot(db),
    usualSeconds(db, row.distributionId),
    segmentOf(db, tenant.id, row.segmentId),
  ]);
  const now = ctx.now();
  const cluster = snapshot.clusters.find((one) => one.id === row.id);
  const distribution = snapshot.distributions.find((one) => one.id === row.distributionId);
  // It went between the two reads.
  if (!cluster || !distribution) throw notFound("cluster");
  const seen = nodeStates(snapshot, cluster, now.getTime());
  const summary = toSummary(row, ctx, snapshot, now);
  const master = seen.find(({ node }) => node.role === "master" && !node.removing);
  const heard = master && silence(master.host, now.getTime()) === null ? master.node.observed : null;
  const applications = (heard?.sparkMaster?.applications ?? []).map(({ id, name, cores, state, startedAt }) => ({
    id,
    name,
    cores,
    state,
    startedAt,
  }));
  const spark = row.distribution.type === "spark";
  const nodes = seen.map((one) =>
    toNodeView(
      one,
      distribution,
      snapshot,
      now.getTime(),
      // Of a node whose host is silent nothing is known: its own state says so, and the cluster may be well otherwise.
      terminalLink(actor, tenant, { cluster: row, node: one.node, state: one.state.phase === "unknown" ? one.state : summary.state }),
    ),
  );
  const terminal = spark ? null : (nodes.find(({ role }) => role === "master")?.terminal ?? null);
  return {
    ...summary,
    tenant: row.tenant,
    desired: cluster.desired,
    attempt: row.attempt,
    masterFlavor: flavorOf(row.masterFlavor),
    workerFlavor: flavorOf(row.workerFlavor),
    timeline: timelineOf({ ...row, refusal: cluster.refusal?.message ?? null }, distribution, snapshot, usual),
    links: [
      ...linksOf(actor, tenant, { cluster: row, bundle: distribution.bundle, state: summary.state, master: heard ?? null }),
      // A pristine node has no page of its own: its shell is what people come for.
      ...(terminal ? [terminal] : []),
    ],
    sparkUrl: spark && master ? `spark://${master.node.name}.${snapshot.installation.nodeDomain}:7077` : null,
    applications,
    waiting: waitingWords(applications, heard?.sparkMaster?.cores ?? 0),
    nodes,
    hosts: hostsOf(snapshot, row.id, now),
    segment,
    rights: rightsOf(
      snapshot,
      cluster,
      distribution,
      seen.map(({ node }) => node),
    ),
    actions: actionsOf(actor, tenant, row, summary.state.phase),
    may: {
      inspect: canCluster(actor, tenant, "inspect", row),
      notebook: canCluster(actor, tenant, "notebook", row),
      change: canCluster(actor, tenant, "change", row),
      own: canCluster(actor, tenant, "own", row),
    },
    volumes: seen.map(({ node }) => {
      const volume = snapshot.volumes.find((one) => one.id === node.volumeId);
      return {
        name: volume?.name ?? node.name,
        sizeMb: volume?.sizeMb ?? node.dataMb,
        usedMb: node.observed?.usage?.dataUsedMb ?? volume?.observed?.usedMb ?? null,
      };
    }),
  };
}

function flavorOf({ slug, name, vcpus, memoryMb, dataGb, gpus }: ClusterView["masterFlavor"]): ClusterView["masterFlavor"] {
  return { slug, name, vcpus, memoryMb, dataGb, gpus };
}
