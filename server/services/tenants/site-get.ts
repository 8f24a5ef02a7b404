import type { z } from "zod";
import { knowsLists } from "../../../agents/protocol/egress.ts";
import { notFound } from "../../errors.ts";
import { lost } from "../../planner/confirm.ts";
import { blind } from "../../planner/silence.ts";
import type { Snapshot } from "../../planner/snapshot.ts";
import { count, list } from "../../planner/words.ts";
import { loadSnapshot } from "../../snapshot/load.ts";
import { byName } from "../by-name.ts";
import { stateOf } from "../clusters/state.ts";
import { sizeWords } from "../clusters/summary.ts";
import type { Deps } from "../context.ts";
import { uplinkWords } from "../segments/words.ts";
import { distributionsOf, listed } from "./distributions.ts";
import { tenantPeople } from "./people.ts";
import type { TenantChoices, TenantDetailView, TenantRef } from "./schemas.ts";
import { setsOf } from "./sets.ts";
import { egressTexts } from "./settings.ts";
import { siteTenants } from "./site-list.ts";
import { limitsOf, usualLimits } from "./usage.ts";

/** A tenant with its settings, its people and everything that would go with it. @throws UserError not_found */
export async function siteTenant(deps: Deps, { tenant: slug }: z.output<typeof TenantRef>): Promise<TenantDetailView> {
  const { db } = deps;
  const now = deps.now();
  const row = await db.tenant.findUnique({
    where: { slug },
    // Everything that it has, which may be much.
    relationLoadStrategy: "query",
    include: {
      ...listed,
      defaultFlavor: { select: { slug: true } },
      mappings: { select: { group: true, role: true }, orderBy: [{ role: "asc" }, { group: "asc" }] },
      hosts: { select: { name: true } },
      segments: { orderBy: [{ createdAt: "asc" }, { id: "asc" }] },
      volumes: { include: { owner: { select: { displayName: true } } } },
      clusters: { include: { owner: true, masterFlavor: true, workerFlavor: true } },
    },
  });
  if (!row) throw notFound("tenant");
  const [[view], people, snapshot] = await Promise.all([siteTenants({ db }, row.id), tenantPeople(db, row), loadSnapshot(db)]);
  if (!view) throw notFound("tenant");
  const attached = row.volumes.filter((volume) => volume.state === "attached");
  return {
    ...view,
    id: row.id,
    createdAt: row.createdAt.toISOString(),
    limits: limitsOf(row),
    personLimits: usualLimits(row),
    distribution: row.defaultDistributionId,
    distributions: distributionsOf(row),
    flavor: row.defaultFlavor?.slug ?? null,
    hostTags: row.hostTags,
    egress: egressOf(row.egress),
    egressList: egressTexts(row),
    egressIgnorant: row.egress === "listed" ? ignorant(snapshot, row.id) : [],
    ...setsOf(row),
    people,
    groups: row.mappings,
    contents: {
      clusters: row.clusters.sort(byName).map((cluster) => ({
        id: cluster.id,
        name: cluster.name,
        owner: cluster.owner.displayName,
        size: sizeWords(cluster),
        state: stateOf(cluster, snapshot, now),
      })),
      disks: { count: attached.length, sizeMb: attached.reduce((sum, volume) => sum + volume.sizeMb, 0) },
      keptVolumes: row.volumes
        .sort(byName)
        .filter((volume) => volume.state === "kept")
        .map(({ name, sizeMb, owner, origin }) => ({ name, sizeMb, owner: owner?.displayName ?? null, origin })),
      segments: row.segments.map(({ name, cidr, uplink, vlanId, vni }) => ({
        name,
        cidr,
        uplink: uplinkWords({ uplink: uplink === "vlan" || uplink === "vxlan" ? uplink : "none", vlanId, vni }),
      })),
      hosts: row.hosts.sort(byName).map(({ name }) => name),
    },
    waits: row.state === "deleting" ? waitsFor(snapshot, row.id, now.getTime()) : null,
  };
}

function egressOf(text: string): TenantDetailView["egress"] {
  return text === "open" || text === "listed" ? text : "closed";
}

/** Names of hosts that run nodes of the tenant and do not know lists of destinations. */
function ignorant(snapshot: Snapshot, tenantId: string): string[] {
  const clusters = new Set(snapshot.clusters.filter((row) => row.tenantId === tenantId).map(({ id }) => id));
  const hosts = new Set(snapshot.nodes.filter((node) => clusters.has(node.clusterId)).map((node) => node.hostId));
  return snapshot.hosts
    .filter((host) => hosts.has(host.id) && host.observed && !host.observed.facts.understands?.includes(knowsLists))
    .map((host) => host.name);
}

/** "2 clusters, 5 volumes and 1 segment are still being removed; host-2 is silent": what keeps a deletion from ending. */
export function waitsFor(snapshot: Snapshot, tenantId: string, now: number): string {
  const ours = (row: { tenantId: string }): boolean => row.tenantId === tenantId;
  const clusters = snapshot.clusters.filter(ours);
  const volumes = snapshot.volumes.filter(ours);
  const segments = snapshot.segments.filter(ours);
  const held = snapshot.addresses.filter((row) => row.hostId !== null && segments.some(({ id }) => id === row.segmentId));
  const ids = new Set(clusters.map(({ id }) => id));
  const hostIds = new Set([
    ...snapshot.nodes.filter((node) => ids.has(node.clusterId)).map((node) => node.hostId),
    ...volumes.map((volume) => volume.hostId),
    ...held.map((row) => row.hostId),
    ...snapshot.remnants.filter(ours).map((row) => row.hostId),
  ]);
  const blocking = snapshot.hosts.flatMap((host) => {
    const why = hostIds.has(host.id) ? (lost(host) ? `${host.name} is lost` : blind(host, now)) : null;
    return why ? [why] : [];
  });
  const left = [
    ...(clusters.length > 0 ? [count(clusters.length, "cluster")] : []),
    ...(volumes.length > 0 ? [count(volumes.length, "volume")] : []),
    ...(held.length > 0 ? [`the segment on ${count(new Set(held.map((row) => row.hostId)).size, "host")}`] : []),
  ];
  const still = left.length > 0 ? `still to be removed: ${list(left)}` : "everything is removed; it goes in a moment";
  return [still, ...blocking].join("; ");
}

/** What a tenant's defaults can be chosen from. */
export async function tenantChoices({ db }: Pick<Deps, "db">): Promise<TenantChoices> {
  const [distributions, flavors, sizes, hosts] = await Promise.all([
    db.distribution.findMany({ where: { retired: false }, select: { id: true, name: true }, orderBy: { position: "asc" } }),
    db.flavor.findMany({ where: { retired: false }, select: { slug: true, name: true }, orderBy: { position: "asc" } }),
    db.flavor.count({ where: { gpus: { gt: 0 }, replacedAt: null } }),
    db.$queryRaw<unknown[]>`SELECT 1 FROM "Host" WHERE observed #>> '{facts,gpus,0}' IS NOT NULL LIMIT 1`,
  ]);
  return { distributions, flavors, gpus: sizes > 0, cards: sizes + hosts.length > 0 };
}
