import type { VolumeCopy } from "../../../agents/protocol/copy.ts";
import type { HostObservation, NodeObservation, ServiceObservation } from "../../../agents/protocol/observed.ts";
import type { NodeSpec } from "../../../agents/protocol/spec.ts";
import { type FakeContainer, type FakeHost, offNetwork } from "./host.ts";

const nothing = {
  images: new Map<string, "building" | "present">(),
  segments: new Map<string, string>(),
  volumes: new Map<string, unknown>(),
};

/** The host's next picture: everything it has, as the protocol says it. */
export function picture(host: FakeHost): HostObservation {
  const { spec } = host.disk;
  const { faults, looked, arriving } = host.memory;
  const { images, segments, volumes } = looked ? host.disk : nothing;
  host.memory.sequence += 1;
  const at = new Date(host.now()).toISOString();
  return {
    protocol: 1,
    installation: host.installation,
    host: host.id,
    sequence: host.memory.sequence,
    at,
    generation: spec?.generation ?? 0,
    facts: { ...host.facts, engine: looked ? host.facts.engine : null },
    usage: null,
    fenced: offNetwork(host),
    leaseSeconds: spec?.leaseSeconds ?? null,
    fault: null,
    images: (spec?.images ?? []).map(({ bundle, tag }) => ({
      bundle,
      tag,
      state: images.get(tag) ?? "absent",
      progress: images.get(tag) === "building" ? "step 4 of 11" : null,
      startedAt: null,
      endedAt: null,
      sizeMb: null,
      fault: faults.get(`image ${tag}`) ?? null,
    })),
    segments: (spec?.segments ?? []).map(({ id }) => ({
      id,
      state: segments.has(id) ? "present" : "absent",
      fault: faults.get(`segment ${id}`) ?? null,
    })),
    volumes: [
      ...(spec?.volumes ?? []).map(({ id, sizeMb }) => {
        const copy = outgoingCopy(host, id);
        const there = copy ? ("present" as const) : ("mounted" as const);
        return {
          id,
          state: volumes.has(id) ? there : arriving.has(id) ? ("present" as const) : ("absent" as const),
          sizeMb,
          usedMb: volumes.has(id) ? 100 : null,
          ...(copy ? { copy } : {}),
          fault: faults.get(`volume ${id}`) ?? null,
        };
      }),
      ...(spec?.incoming ?? []).map(({ id, sizeMb }) => ({
        id,
        state: volumes.has(id) ? ("present" as const) : ("absent" as const),
        sizeMb,
        usedMb: null,
        copy: incomingCopy(host, id, volumes.has(id), sizeMb),
        fault: faults.get(`copy ${id}`) ?? null,
      })),
    ],
    nodes: (spec?.nodes ?? []).map((node) => nodePicture(host, node)),
    ...(looked ? heldCards(host) : {}),
    orphans: [...(looked ? host.disk.containers.keys() : [])]
      .filter((id) => !spec?.nodes.some((node) => node.id === id))
      .map((id) => ({ kind: "container" as const, id, since: at })),
  };
}

/** What runs, what is on its way, and what the spec starts at any moment. */
function heldCards({ disk: { spec, containers } }: FakeHost): Pick<HostObservation, "heldCards"> {
  const running = [...containers.values()].flatMap((container) => (container.state === "running" ? container.gpus : []));
  // What is on its way is made as the spec says when it arrives, and started by it only.
  const wanted = (spec?.nodes ?? []).flatMap((node) => (node.desired === "running" ? node.gpus : []));
  const held = [...new Set([...running, ...wanted])].sort();
  return held.length > 0 ? { heldCards: held } : {};
}

function outgoingCopy(host: FakeHost, id: string): VolumeCopy | null {
  return host.memory.resting.has(id) ? { state: "ready", doneMb: 0, ofMb: null } : null;
}

function incomingCopy(host: FakeHost, id: string, there: boolean, sizeMb: number): VolumeCopy {
  if (there) return { state: "complete", doneMb: sizeMb, ofMb: sizeMb };
  return { state: host.memory.arriving.has(id) ? "receiving" : "waiting", doneMb: 0, ofMb: sizeMb };
}

function nodePicture(host: FakeHost, node: NodeSpec): NodeObservation {
  const container = host.memory.looked ? host.disk.containers.get(node.id) : undefined;
  const fault = host.memory.faults.get(`node ${node.id}`) ?? null;
  const running = container?.state === "running";
  return {
    id: node.id,
    state: stateOf(host, node, container),
    step: running ? (container.healthy ? "done" : "services") : stuckAt(host, node),
    ip: container?.ip ?? null,
    incarnation: container?.incarnation ?? null,
    startedAt: container?.startedAt ?? null,
    services: running ? node.services.map((service) => servicePicture(service.id, container)) : [],
    sparkMaster: sparkPicture(host, node, container),
    oomKills: 0,
    lastOom: null,
    usage: running ? { cpuCores: 0.1, memoryMb: 300, dataUsedMb: 100, dataSizeMb: 10_000 } : null,
    fault,
  };
}

function stateOf(host: FakeHost, node: NodeSpec, container: FakeContainer | undefined): NodeObservation["state"] {
  if (host.memory.inFlight.has(node.id)) return "creating";
  if (container?.state === "running") return "running";
  if (container?.state === "exited") return node.desired === "stopped" ? "stopped" : "exited";
  // A container that is made but never started rests as well as none; "absent" is also said of one that is only about to come.
  return container ? (node.desired === "stopped" ? "stopped" : "creating") : "absent";
}

function stuckAt(host: FakeHost, node: NodeSpec): NodeObservation["step"] {
  if (host.disk.images.get(node.image) !== "present") return "image";
  if (!host.disk.segments.has(node.segment)) return "network";
  return host.disk.volumes.has(node.volume) ? "container" : "volume";
}

function servicePicture(id: string, container: FakeContainer): ServiceObservation {
  return {
    id,
    state: container.healthy ? "running" : "starting",
    healthy: container.healthy,
    since: container.startedAt,
    restarts: 0,
    detail: null,
  };
}

/** Every worker of the cluster that answers counts as registered, on whichever host it is. */
function sparkPicture(host: FakeHost, node: NodeSpec, container: FakeContainer | undefined): NodeObservation["sparkMaster"] {
  if (!container?.healthy || container.state !== "running" || !node.services.some((service) => service.probe.kind === "spark-master"))
    return null;
  const workers = host
    .peers(node.cluster.id)
    .flatMap((peer) =>
      (peer.disk.spec?.nodes ?? []).filter(
        (other) =>
          other.cluster.id === node.cluster.id &&
          other.services.some((service) => service.id === "spark-worker") &&
          peer.disk.containers.get(other.id)?.healthy,
      ),
    );
  return { aliveWorkers: workers.length, cores: 0, coresUsed: 0, applications: [] };
}
