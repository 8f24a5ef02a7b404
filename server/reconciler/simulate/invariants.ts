import type { FakeHost } from "../../hosts/fake/host.ts";
import { isUsable } from "../../planner/ipam/pick.ts";
import type { Snapshot } from "../../planner/snapshot.ts";
import type { Words } from "./people.ts";

/** Something that must never be. */
export class Violation extends Error {
  constructor(message: string) {
    super(message);
    this.name = "Violation";
  }
}

function never(wrong: boolean, message: () => string): void {
  if (wrong) throw new Violation(message());
}

/** What holds at every moment, whatever just happened. `before` are the rows of the moment before. */
export function checkAlways(before: Snapshot, rows: Snapshot, hosts: readonly FakeHost[], words: Words, now: number): void {
  checkRows(rows);
  if (before !== rows) checkMove(before, rows, words, now);
  for (const host of hosts) checkHost(rows, host, words);
  const ips = hosts.flatMap((host) => [...host.disk.containers.values()].map((container) => container.ip));
  never(new Set(ips).size !== ips.length, () => `two containers have one address: ${ips.join(" ")}`);
}

function checkRows(rows: Snapshot): void {
  const unique = (what: string, values: readonly (string | number)[]): void =>
    never(new Set(values).size !== values.length, () => `${what} twice: ${values.join(" ")}`);
  unique(
    "address",
    rows.addresses.map((row) => row.ip),
  );
  unique(
    "number",
    rows.nodes.map((row) => row.number),
  );
  unique(
    "name",
    rows.nodes.map((row) => row.name),
  );
  unique(
    "volume",
    rows.volumes.map((row) => row.id),
  );
  unique(
    "a node's volume",
    rows.nodes.map((row) => row.volumeId),
  );
  for (const node of rows.nodes) {
    const own = rows.addresses.filter((row) => row.nodeId === node.id);
    never(own.length !== 1, () => `${node.name} has ${own.length} addresses`);
    const volume = rows.volumes.find((row) => row.id === node.volumeId);
    never(!volume || volume.state === "kept" || volume.hostId !== node.hostId, () => `${node.name} has no disk on its host`);
    never(!node.removing && volume?.state !== "attached", () => `the disk of ${node.name} is destroyed under it`);
  }
  for (const address of rows.addresses) {
    const segment = rows.segments.find((row) => row.id === address.segmentId);
    never(!segment || !isUsable(segment, address.ip), () => `${address.ip} is not a node's to have`);
    never((address.nodeId === null) === (address.freedAt === null), () => `${address.ip} neither rests nor belongs to somebody`);
    never(
      address.nodeId !== null && !rows.nodes.some((row) => row.id === address.nodeId),
      () => `${address.ip} belongs to a node that is gone`,
    );
  }
}

function checkMove(before: Snapshot, rows: Snapshot, words: Words, now: number): void {
  const restMs = rows.installation.addressRestSeconds * 1000;
  for (const address of rows.addresses) {
    const old = before.addresses.find((row) => row.ip === address.ip);
    if (!old || old.nodeId === address.nodeId || address.nodeId === null) continue;
    never(old.nodeId !== null, () => `${address.ip} went from one node to another`);
    never(old.freedAt !== null && now - old.freedAt < restMs, () => `${address.ip} did not rest`);
  }
  for (const volume of before.volumes) {
    const gone = !rows.volumes.some((row) => row.id === volume.id);
    never(gone && !words.condemned.has(volume.id), () => `the volume ${volume.id} was forgotten without anybody's word`);
  }
  const used = new Set(before.nodes.map((row) => row.id));
  for (const node of rows.nodes)
    never(!used.has(node.id) && node.number < before.installation.nextNode, () => `the number ${node.number} was given a second time`);
}

function checkHost(rows: Snapshot, host: FakeHost, words: Words): void {
  const row = rows.hosts.find((entry) => entry.id === host.id);
  for (const container of host.disk.containers.values()) {
    const node = rows.nodes.find((entry) => entry.id === container.node);
    never(node?.hostId !== host.id, () => `the container of ${container.node} is leaked on ${host.id}`);
    const address = rows.addresses.find((entry) => entry.nodeId === container.node);
    never(address?.ip !== container.ip, () => `${container.node} runs with ${container.ip}, which is not its own`);
  }
  for (const id of host.memory.inFlight)
    never(!rows.nodes.some((node) => node.id === id), () => `the container of ${id} comes after its node is forgotten`);
  for (const id of host.disk.volumes.keys())
    never(!rows.volumes.some((volume) => volume.id === id), () => `the volume ${id} is leaked on ${host.id}`);
  for (const id of host.disk.destroyed) never(!words.condemned.has(id), () => `the volume ${id} was destroyed without anybody's word`);
  const running = [...host.disk.containers.values()].filter((container) => container.state === "running");
  const memory = running.reduce((sum, container) => sum + container.memoryMb, 0);
  never(memory > host.facts.memoryMb - (row?.reservedMemoryMb ?? 0), () => `${host.id} runs ${memory} MB of nodes`);
}

/** What holds once people and faults rest: everything is as it should be, or says why not. */
export function checkConverged(rows: Snapshot, hosts: readonly FakeHost[], words: Words): void {
  for (const volume of rows.volumes)
    never(
      volume.state === "kept" && words.condemned.has(volume.id),
      () => `the volume ${volume.id} is kept, although it was to be destroyed`,
    );
  for (const cluster of rows.clusters) {
    never(cluster.desired === "deleted", () => `${cluster.id} is never deleted (${cluster.phaseReason})`);
    const fine = cluster.desired === "stopped" ? ["stopped"] : cluster.refusal ? ["queued", "ready"] : ["ready"];
    never(!fine.includes(cluster.phase), () => `${cluster.id} stays ${cluster.phase} (${cluster.phaseReason}), wanted ${cluster.desired}`);
    const nodes = rows.nodes.filter((node) => node.clusterId === cluster.id);
    never(
      cluster.phase === "ready" && !cluster.refusal && nodes.length !== cluster.workerCount + 1,
      () => `${cluster.id} has ${nodes.length} nodes`,
    );
    for (const node of nodes) {
      const container = hosts.find((host) => host.id === node.hostId)?.disk.containers.get(node.id);
      never(cluster.phase === "ready" && container?.state !== "running", () => `${node.name} does not run`);
      never(cluster.phase === "stopped" && container?.state === "running", () => `${node.name} still runs`);
    }
  }
  for (const node of rows.nodes) never(!rows.clusters.some((row) => row.id === node.clusterId), () => `${node.name} belongs to no cluster`);
  for (const volume of rows.volumes)
    never(
      volume.state !== "kept" && !rows.nodes.some((node) => node.volumeId === volume.id),
      () => `the volume ${volume.id} belongs to nobody`,
    );
  for (const host of hosts) {
    const nodes = new Set(rows.nodes.filter((node) => node.hostId === host.id).map((node) => node.id));
    for (const id of host.disk.containers.keys()) never(!nodes.has(id), () => `${id} is left on ${host.id}`);
    const needed = new Set(rows.addresses.filter((row) => row.nodeId && nodes.has(row.nodeId)).map((row) => row.segmentId));
    for (const id of host.disk.segments) never(!needed.has(id), () => `the network ${id} is left on ${host.id}`);
  }
}
