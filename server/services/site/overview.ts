import { capabilitySets } from "../../../agents/protocol/capability.ts";
import { driftWords } from "../../planner/drift.ts";
import { clusterPhase } from "../../planner/phase.ts";
import { clusterOf, nodesOfCluster } from "../../planner/rows.ts";
import type { Snapshot } from "../../planner/snapshot.ts";
import { loadSnapshot } from "../../snapshot/load.ts";
import type { Deps } from "../context.ts";
import { expiringHosts } from "../hosts/expiring.ts";
import { hostViews } from "../hosts/list.ts";
import type { HostView } from "../views.ts";

export interface SiteOverview {
  hosts: HostView[];
  attention: { title: string; detail: string; href: string }[];
}

type Attention = SiteOverview["attention"];

function ofHosts(hosts: readonly HostView[]): Attention {
  return (
    hosts
      // Of a host in maintenance silence is expected.
      .filter((host) => host.state !== "ready" && !(host.state === "silent" && host.mode === "maintenance" && host.lostAt === null))
      .map((host) => ({ title: `Host ${host.name}`, detail: host.reason ?? host.state, href: "/site/hosts" }))
  );
}

function ofImages(snapshot: Snapshot): Attention {
  return snapshot.hosts.flatMap((host) =>
    (host.observed?.images ?? [])
      .filter((image) => image.state === "failed" && snapshot.distributions.some((one) => one.imageTag === image.tag && !one.retired))
      .map((image) => ({
        title: `Image of ${snapshot.distributions.find((one) => one.imageTag === image.tag)?.name ?? image.bundle}`,
        detail: `could not be built on ${host.name}${image.fault ? `: ${image.fault.message}` : ""}`,
        href: "/site/images",
      })),
  );
}

function ofOrphans(snapshot: Snapshot): Attention {
  return snapshot.hosts.flatMap((host) => {
    const found = host.observed?.orphans ?? [];
    if (found.length === 0) return [];
    const kinds = [...new Set(found.map((one) => one.kind))].join(", ");
    return [
      {
        title: `Host ${host.name}`,
        detail: `${found.length} left-over of ours that nobody asked for (${kinds}); collected after a while`,
        href: "/site/hosts",
      },
    ];
  });
}

/** Containers that somebody altered by hand come before everything else. */
function ofContainers(
  snapshot: Snapshot,
  rows: readonly { id: string; name: string; tenant: { slug: string; name: string } }[],
): Attention {
  return snapshot.nodes.flatMap((node) => {
    const drift = driftWords(node.observed);
    const cluster = drift === null ? undefined : rows.find((row) => row.id === node.clusterId);
    if (!cluster) return [];
    const host = snapshot.hosts.find((row) => row.id === node.hostId)?.name ?? node.hostId;
    const title = `Container of ${node.name} in ${cluster.name} of ${cluster.tenant.name}`;
    return [{ title, detail: `not as approved on ${host}: ${drift}`, href: `/t/${cluster.tenant.slug}/clusters/${cluster.id}` }];
  });
}

/** Clusters that still run with more than their tenant may have by now: only a start brings them what was said since. */
function ofWithdrawn(snapshot: Snapshot, rows: readonly { id: string; name: string; tenant: { slug: string; name: string } }[]): Attention {
  return rows.flatMap(({ id, name, tenant }) => {
    const cluster = clusterOf(snapshot, id);
    const row = snapshot.tenants.find((one) => one.id === cluster?.tenantId);
    if (!row || cluster?.desired !== "running") return [];
    const had = nodesOfCluster(snapshot, id).find((node) => !row.capabilitySets.includes(node.capabilitySet))?.capabilitySet;
    if (!had) return [];
    const detail = `still runs with the capability set ${capabilitySets[had].name}, which the tenant may not use any more; its next start takes it away`;
    return [{ title: `Cluster ${name} of ${tenant.name}`, detail, href: `/t/${tenant.slug}/clusters/${id}` }];
  });
}

/** What an administrator should look at first, and every host. */
export async function siteOverview(deps: Deps): Promise<SiteOverview> {
  const { db, now } = deps;
  const [snapshot, expiring, rows] = await Promise.all([
    loadSnapshot(db),
    expiringHosts(deps),
    db.cluster.findMany({ select: { id: true, name: true, tenant: { select: { slug: true, name: true } } } }),
  ]);
  const at = now();
  const hosts = hostViews(snapshot, at);
  const clusters = rows.flatMap(({ id, name, tenant }): Attention => {
    const cluster = clusterOf(snapshot, id);
    if (!cluster) return [];
    const { phase, reason } = clusterPhase(snapshot, cluster, at.getTime());
    const waits = phase === "queued" && reason !== null;
    if (phase !== "failed" && phase !== "degraded" && !waits) return [];
    return [
      {
        title: `Cluster ${name} of ${tenant.name}`,
        detail: `${phase}${reason ? `: ${reason}` : ""}`,
        href: `/t/${tenant.slug}/clusters/${id}`,
      },
    ];
  });
  const certificates = expiring.map(({ name, detail }) => ({ title: `Host ${name}`, detail, href: `/site/hosts/${name}` }));
  return {
    hosts,
    attention: [
      ...ofContainers(snapshot, rows),
      ...ofWithdrawn(snapshot, rows),
      ...ofHosts(hosts),
      ...certificates,
      ...ofImages(snapshot),
      ...ofOrphans(snapshot),
      ...clusters,
    ],
  };
}
