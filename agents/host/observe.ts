/** Pure: the picture of this host from what the agent knows. */
import { GpuId } from "../protocol/gpu.ts";
import { label } from "../protocol/labels.ts";
import type { HostFacts, HostObservation, NodeObservation, ServiceObservation, VolumeObservation } from "../protocol/observed.ts";
import type { NodeSpec } from "../protocol/spec.ts";
import { containersOf } from "./converge/nodes.ts";
import { copySeen } from "./copy/transfers.ts";
import type { Known, World } from "./world.ts";

/** What the monitor knows of one running node. */
export interface Watched {
  readonly services: ServiceObservation[];
  readonly sparkMaster: NodeObservation["sparkMaster"];
  readonly oomKills: number;
  readonly lastOom: NodeObservation["lastOom"];
  readonly usage: NodeObservation["usage"];
}

/**
 * Cards that somebody may use: what runs with our label, whether a spec names it or not, what is just being started, and what the present spec
 * starts at any moment.
 */
function heldCards(world: World): Pick<HostObservation, "heldCards"> {
  const running = [...world.containers.values()].filter((c) => c.state === "running").map((c) => c.labels[label.gpus] ?? "");
  const wanted = world.store.spec()?.nodes.filter((node) => node.desired === "running") ?? [];
  const held = [
    ...running.flatMap((cards) => cards.split(",")),
    ...[...world.takingCards.values(), ...wanted.map((node) => node.gpus)].flat(),
  ];
  const known = [...new Set(held)].filter((card) => GpuId.safeParse(card).success).sort();
  return known.length > 0 ? { heldCards: known } : {};
}

export type Picture = Omit<HostObservation, "sequence" | "at">;

export function picture(world: World, facts: HostFacts, watched: (node: string) => Watched): Picture {
  const spec = world.store.spec();
  const fault = (key: string) => world.faults.get(key);
  return {
    protocol: 1,
    installation: world.env.installation,
    host: world.env.host,
    generation: world.store.generation(),
    facts,
    usage: world.usage,
    // Not what is decided: what holds.
    fenced: world.loadedFence ?? world.fenced(),
    leaseSeconds: spec?.leaseSeconds ?? null,
    fault: world.store.halted() ?? world.engineFault ?? fault("firewall"),
    images: [...world.images.values()].filter((i) => spec?.images.some((wanted) => wanted.tag === i.tag)),
    segments: (spec?.segments ?? []).map(({ id }) => {
      const seen = world.networks.get(id);
      return { id, state: seen ? "present" : "absent", fault: fault(`segment:${id}`), ...(seen ? { mtu: seen.mtu } : {}) };
    }),
    volumes: [
      ...(spec?.volumes ?? []).map(({ id }) => {
        const seen = world.volumes.get(id);
        const used = [...(spec?.nodes ?? [])].find((n) => n.volume === id);
        const usage = used ? watched(used.id).usage : null;
        return {
          id,
          // What still arrives of one that is to go is not gone yet.
          state: seen?.state ?? (world.transfers.has(id) ? ("present" as const) : ("absent" as const)),
          sizeMb: seen?.sizeMb ?? 0,
          usedMb: usage?.dataUsedMb ?? null,
          ...copyOf(world, id),
          fault: fault(`volume:${id}`),
        };
      }),
      ...(spec?.incoming ?? []).map(({ id }) => {
        const seen = world.volumes.get(id);
        const state = seen?.state ?? ("absent" as const);
        return { id, state, sizeMb: seen?.sizeMb ?? 0, usedMb: null, ...copyOf(world, id), fault: fault(`copy:${id}`) };
      }),
      ...[...world.volumes.values()]
        .filter((v) => v.state === "quarantined" && !spec?.volumes.some((s) => s.id === v.id))
        .map((v) => ({ id: v.id, state: v.state, sizeMb: v.sizeMb, usedMb: null, fault: null })),
    ],
    nodes: (spec?.nodes ?? []).map((node) => nodePicture(world, node, watched(node.id))),
    ...heldCards(world),
    orphans: [...world.orphans.values()].map(({ kind, id, sinceMs }) => ({ kind, id, since: new Date(sinceMs).toISOString() })),
  };
}

function copyOf(world: World, id: string): Pick<VolumeObservation, "copy"> {
  const copy = copySeen(world, id);
  return copy ? { copy } : {};
}

function nodePicture(world: World, node: NodeSpec, watched: Watched): NodeObservation {
  const all = containersOf(world, node.id);
  const container = all.find((c) => c.state === "running") ?? all[0];
  const step = world.steps.get(node.id) ?? "image";
  const running = container?.state === "running";
  const healthy = watched.services.every((s) => s.healthy);
  const waits =
    world.faults.get(`image:${node.image}`) ?? world.faults.get(`segment:${node.segment}`) ?? world.faults.get(`volume:${node.volume}`);
  const settled = step === "done";
  return {
    id: node.id,
    state: nodeState(node, container, world.directories.has(node.id)),
    step: settled && running && !healthy ? "services" : step,
    ip: container ? node.ip : null,
    incarnation: container ? Number(container.labels["io.kindling.incarnation"] ?? 0) : null,
    startedAt: running ? (container?.startedAt ?? null) : null,
    services: running ? watched.services : [],
    sparkMaster: running ? watched.sparkMaster : null,
    oomKills: watched.oomKills,
    lastOom: watched.lastOom,
    usage: running ? watched.usage : null,
    audit: running ? (world.audits.get(container.id) ?? null) : null,
    fault: world.faults.get(`node:${node.id}`) ?? (settled || running ? null : waits),
  };
}

function nodeState(node: NodeSpec, container: Known | undefined, directory: boolean): NodeObservation["state"] {
  if (container?.state === "running") return "running";
  if (container?.state === "created") return "creating";
  if (container) return node.desired === "running" ? "exited" : "stopped";
  if (node.desired === "deleted") return directory ? "pending" : "absent";
  return node.desired === "stopped" ? "stopped" : "pending";
}
