import type { z } from "zod";
import { notFound } from "../../errors.ts";
import { copyWords } from "../../planner/copies.ts";
import { driftWords } from "../../planner/drift.ts";
import { cardsOfOthers, missingWords } from "../../planner/gpus.ts";
import { stayingOn } from "../../planner/moves.ts";
import { nodeState } from "../../planner/node-state.ts";
import {
  addressOf,
  clusterOf,
  gatewaysOfHost,
  gpusOnHost,
  nodeOf,
  nodesOnHost,
  segmentOf,
  volumeOf,
  volumesOnHost,
} from "../../planner/rows.ts";
import { admitted } from "../../planner/scheduler/ledger.ts";
import { blind } from "../../planner/silence.ts";
import type { HostRow, Snapshot } from "../../planner/snapshot.ts";
import { loadSnapshot } from "../../snapshot/load.ts";
import type { Deps } from "../context.ts";
import { uplinkWords } from "../segments/words.ts";
import { abilitiesOf } from "./abilities.ts";
import { copyRefusal } from "./copying.ts";
import { hostEvents } from "./events.ts";
import { hostViews } from "./list.ts";
import type { HostDetailView, HostNodeView, HostRef, HostSegmentView } from "./schemas.ts";
import { slugsOf, tenantNames } from "./tenants.ts";

type Names = ReadonlyMap<string, { slug: string; name: string }>;

/** Everything about one host. @throws UserError not_found */
export async function getHost({ db, now }: Deps, { host: name }: z.output<typeof HostRef>): Promise<HostDetailView> {
  const [row, snapshot, tenants] = await Promise.all([db.host.findUnique({ where: { name } }), loadSnapshot(db), tenantNames(db)]);
  const host = snapshot.hosts.find((one) => one.id === row?.id);
  const view = row && hostViews(snapshot, now(), slugsOf(tenants)).find((one) => one.id === row.id);
  if (!row || !host || !view) throw notFound("host");
  const [events, origins] = await Promise.all([
    hostEvents(db, row.id),
    db.volume.findMany({ where: { hostId: row.id }, select: { id: true, origin: true } }),
  ]);
  const said = new Map(origins.map(({ id, origin }) => [id, origin]));
  const seen = host.observed;
  return {
    ...view,
    facts: factsOf(snapshot, host),
    usage: seen?.usage ?? null,
    settings: { address: host.address, vlanParent: host.vlanParent, reservedMemoryMb: host.reservedMemoryMb, drainData: host.drainData },
    abilities: seen ? abilitiesOf(seen.facts) : [],
    nodeList: hostNodes(snapshot, host, tenants, now().getTime()),
    segments: gatewaysOfHost(snapshot, host.id).flatMap((own) => segmentView(snapshot, host, tenants, own, now().getTime())),
    images: (seen?.images ?? []).map(({ bundle, tag, state, fault }) => ({ bundle, tag, state, reason: fault?.message ?? null })),
    volumes: volumesOnHost(snapshot, host.id).map(({ id, name: volume, tenantId, sizeMb, state }) => ({
      ...{ id, name: volume, sizeMb, state },
      tenant: tenants.get(tenantId)?.slug ?? "",
      origin: state === "arriving" ? "a copy that is on its way here" : (said.get(id) ?? null),
    })),
    copying: copyingOf(snapshot, host),
    staying: stayingOn(snapshot, host, now().getTime()).map(({ nodes, refusal }) => ({
      nodes: nodes.map((node) => node.name),
      reason: refusal.message,
    })),
    events,
    certificateExpiresAt: row.certificateExpiresAt?.toISOString() ?? null,
  };
}

/** How much would go along: of disks of which nobody knows how full they are, all. */
function copyingOf(snapshot: Snapshot, host: HostRow): HostDetailView["copying"] {
  const disks = nodesOnHost(snapshot, host.id).map((node) => ({
    used: node.observed?.usage?.dataUsedMb ?? null,
    size: volumeOf(snapshot, node.volumeId)?.sizeMb ?? node.dataMb,
  }));
  return {
    refusal: copyRefusal(host, snapshot.hosts),
    dataMb: disks.reduce((sum, { used, size }) => sum + (used ?? size), 0),
    exact: disks.every(({ used }) => used !== null),
  };
}

function factsOf(snapshot: Snapshot, host: HostRow): HostDetailView["facts"] {
  const facts = host.observed?.facts;
  if (!facts) return null;
  const { hostname, kernel, memoryMb, links, disks, gpus, capabilities, engine } = facts;
  const words = engine && `Docker ${engine.version}, API ${engine.apiVersion}, ${engine.storageDriver}, cgroup ${engine.cgroup}`;
  const owners = new Map(gpusOnHost(snapshot, host.id).map(({ card, nodeId }) => [card, nodeOf(snapshot, nodeId)?.name ?? null]));
  const shown = facts.nvidia?.cards ?? [];
  const left = new Set(cardsOfOthers(snapshot, host));
  const there = shown.map(({ id, model }) => ({
    id,
    model,
    node: owners.get(id) ?? null,
    state: left.has(id) ? ("left" as const) : ("there" as const),
  }));
  // A node's that the host does not show any more; nothing is known before its agent has looked.
  const known = new Set(shown.map(({ id }) => id));
  const away = engine && facts.nvidia ? [...owners].filter(([id]) => !known.has(id)) : [];
  const cards = [...there, ...away.map(([id, node]) => ({ id, model: "GPU", node, state: "gone" as const }))];
  return { hostname, kernel, memoryMb, links, disks, gpus, cards, capabilities, engine: words };
}

/** Its nodes with their tenants, clusters and states. */
function hostNodes(snapshot: Snapshot, host: HostRow, tenants: Names, now: number): HostNodeView[] {
  return [...nodesOnHost(snapshot, host.id)]
    .sort((a, b) => a.number - b.number)
    .flatMap((node) => {
      const cluster = clusterOf(snapshot, node.clusterId);
      const distribution = snapshot.distributions.find((row) => row.id === cluster?.distributionId);
      const tenant = cluster && tenants.get(cluster.tenantId);
      if (!cluster || !distribution || !tenant) return [];
      const missing = missingWords(snapshot, node, host);
      const context = { cluster, placed: admitted(snapshot, cluster), host, distribution, missing, copy: copyWords(snapshot, node) };
      const { phase, reason } = nodeState(node, context, now);
      const { id, name, role, vcpus, memoryMb } = node;
      const ip = addressOf(snapshot, id)?.ip ?? "";
      return [
        {
          ...{ id, name, ip, role, vcpus, memoryMb, tenant, reason },
          cluster: { id: cluster.id, name: cluster.name },
          state: phase,
          usage: node.observed?.usage ?? null,
          drift: driftWords(node.observed),
        },
      ];
    });
}

function segmentView(
  snapshot: Snapshot,
  host: HostRow,
  tenants: Names,
  own: { segmentId: string; ip: string },
  now: number,
): HostSegmentView[] {
  const segment = segmentOf(snapshot, own.segmentId);
  if (!segment) return [];
  const seen = host.observed?.segments.find((row) => row.id === segment.id);
  return [
    {
      id: segment.id,
      name: segment.name,
      tenant: tenants.get(segment.tenantId)?.slug ?? "",
      cidr: segment.cidr,
      uplink: uplinkWords(segment),
      address: own.ip,
      state: !seen || blind(host, now) ? "unknown" : seen.state,
      reason: seen?.fault?.message ?? null,
    },
  ];
}
