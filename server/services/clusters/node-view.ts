import type { HostFacts, NodeObservation, ServiceObservation } from "../../../agents/protocol/observed.ts";
import type { nodeStates } from "../../planner/phase.ts";
import { gpusOfNode } from "../../planner/rows.ts";
import type { DistributionRow, FlavorRow, Snapshot } from "../../planner/snapshot.ts";
import { ago, gb } from "../../planner/words.ts";
import type { LinkView, NodeView, ServiceView } from "./schemas.ts";

type Seen = ReturnType<typeof nodeStates>[number];

/** A process that runs without answering for this long is not starting any more. */
const slowMs = 90_000;

function serviceState(seen: ServiceObservation, now: number): ServiceView["state"] {
  switch (seen.state) {
    case "running":
      if (seen.healthy) return "running";
      return seen.since && now - Date.parse(seen.since) > slowMs ? "unhealthy" : "starting";
    case "backoff":
      return "unhealthy";
    case "fatal":
      return "failed";
    default:
      return seen.state;
  }
}

/** The services that the role has, also those that the host has not spoken of yet. */
export function servicesOf(
  bundle: DistributionRow["bundle"],
  role: "master" | "worker",
  seen: NodeObservation | null,
  believed: boolean,
  now: number,
): ServiceView[] {
  return (bundle.roles[role]?.services ?? []).map((id) => {
    const title = bundle.services[id]?.title ?? id;
    const found = seen?.services.find((one) => one.id === id);
    if (!found || !believed)
      return { id, title, state: seen && believed ? "stopped" : "unknown", since: null, restarts: found?.restarts ?? 0, detail: null };
    return { id, title, state: serviceState(found, now), since: found.since, restarts: found.restarts, detail: found.detail };
  });
}

/**
 * "Out of memory: python was ended 3 min ago (limit 2 GB). Medium with 6 GB would do."
 * @param flavors from which a larger one is proposed
 */
export function memoryWarning(seen: NodeObservation | null, memoryMb: number, flavors: readonly FlavorRow[], now: number): string | null {
  if (!seen?.lastOom) return null;
  const larger = flavors
    .filter((flavor) => !flavor.retired && flavor.memoryMb >= memoryMb * 1.5)
    .toSorted((a, b) => a.memoryMb - b.memoryMb || a.position - b.position)[0];
  const what = seen.lastOom.process ?? "a process";
  const hint = larger ? ` ${larger.name} with ${gb(larger.memoryMb)} would do.` : "";
  const times = seen.oomKills > 1 ? `, ${seen.oomKills} times since it started` : "";
  return `Out of memory: ${what} was ended ${ago(now - Date.parse(seen.lastOom.at))} ago (limit ${gb(memoryMb)}${times}).${hint}`;
}

/** A card that its host shows no more is still known by its id. */
function modelOf(facts: HostFacts | undefined, card: string): string {
  return facts?.nvidia?.cards.find(({ id }) => id === card)?.model ?? "GPU";
}

export function toNodeView(
  seen: Seen,
  distribution: DistributionRow,
  snapshot: Snapshot,
  now: number,
  terminal: LinkView | null,
): NodeView {
  const { node, host, state } = seen;
  const { bundle } = distribution;
  const observed = node.observed;
  const believed = state.phase !== "unknown";
  const volume = snapshot.volumes.find((one) => one.id === node.volumeId);
  const gpus = gpusOfNode(snapshot, node.id);
  const names = (bundle.roles[node.role]?.services ?? []).map((id) => bundle.services[id]?.title ?? id);
  const since = observed?.startedAt ?? (node.observedAt === null ? node.createdAt : node.observedAt);
  return {
    id: node.id,
    fqdn: `${node.name}.${snapshot.installation.nodeDomain}`,
    name: node.name,
    role: node.role,
    distribution: distribution.name,
    ip: snapshot.addresses.find((address) => address.nodeId === node.id)?.ip ?? "",
    host: host.name,
    description: names.length > 0 ? names.join(", ") : bundle.summary,
    state: { phase: state.phase, reason: state.reason, since: typeof since === "string" ? since : new Date(since).toISOString() },
    services: servicesOf(bundle, node.role, observed, believed, now),
    flavor: { vcpus: node.vcpus, memoryMb: node.memoryMb },
    gpus: gpus.map(({ card }) => ({ id: card, model: modelOf(host.observed?.facts, card) })),
    data: {
      sizeMb: volume?.sizeMb ?? node.dataMb,
      usedMb: observed?.usage?.dataUsedMb ?? volume?.observed?.usedMb ?? null,
      volume: volume?.name ?? node.name,
    },
    usage: believed && observed?.usage ? { cpuCores: observed.usage.cpuCores, memoryMb: observed.usage.memoryMb } : null,
    terminal,
    audit: observed?.audit ?? null,
    warning: memoryWarning(
      observed,
      node.memoryMb,
      snapshot.flavors.filter((flavor) => flavor.gpus === gpus.length),
      now,
    ),
  };
}
