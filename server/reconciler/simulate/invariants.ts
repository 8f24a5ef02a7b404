import { type FakeHost, offNetwork } from "../../hosts/fake/host.ts";
import { freeCards, missingGpus } from "../../planner/gpus.ts";
import { isGateway, isUsable } from "../../planner/ipam/pick.ts";
import { gpusOnHost } from "../../planner/rows.ts";
import type { ClusterRow, NodeRow, Snapshot } from "../../planner/snapshot.ts";
import type { Words } from "./people.ts";

/** How containers are called that nobody knows of: the machine ran them under another name, before it was this host. */
export const before = "before-";

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

/** What holds at every moment, whatever just happened. `earlier` are the rows of the moment before. */
export function checkAlways(earlier: Snapshot, rows: Snapshot, hosts: readonly FakeHost[], words: Words, now: number): void {
  for (const volume of [...earlier.volumes, ...rows.volumes]) if (words.tenants.has(volume.tenantId)) words.condemned.add(volume.id);
  for (const { id, state } of rows.volumes) {
    if (state === "arriving") words.copies.add(id);
    else if (state !== "deleting") words.copies.delete(id);
  }
  checkRows(rows);
  if (earlier !== rows) checkMove(earlier, rows, words, now);
  if (earlier.volumes !== rows.volumes) checkCopies(earlier, rows, hosts);
  for (const host of hosts) checkHost(rows, host, words);
  checkOwners(hosts);
  checkCards(hosts);
}

/** Whatever runs anywhere and is on the network: an address, a node and a disk have one owner. */
function checkOwners(hosts: readonly FakeHost[]): void {
  const live = hosts
    .filter((host) => host.power === "on" && !offNetwork(host))
    .flatMap((host) =>
      [...host.disk.containers.values()].filter((row) => row.state === "running").map((row) => ({ host: host.id, ...row })),
    );
  for (const what of ["ip", "node", "volume"] as const) {
    const owners = new Map<string, string>();
    for (const container of live) {
      const other = owners.get(container[what]);
      never(other !== undefined, () => `two containers have one ${what}: ${container[what]} on ${other} and ${container.host}`);
      owners.set(container[what], container.host);
    }
  }
  const gateways = hosts.flatMap((host) => [...host.disk.segments.values()]);
  const taken = new Set(gateways);
  never(taken.size !== gateways.length, () => `two hosts have one address: ${gateways.join(" ")}`);
  for (const { ip, node } of live) never(taken.has(ip), () => `${node} has the address of a host: ${ip}`);
}

/** Also of what is off the network: a card is shared by all that runs on its machine. */
function checkCards(hosts: readonly FakeHost[]): void {
  for (const host of hosts) {
    const used = [...host.disk.containers.values()].flatMap((row) => (row.state === "running" ? row.gpus : []));
    never(new Set(used).size !== used.length, () => `two containers of ${host.id} have one card: ${used.join(" ")}`);
  }
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
  unique(
    "card",
    rows.gpus.map((row) => `${row.hostId} ${row.card}`),
  );
  // By keys of its own: neither what the planner finds rows by, nor a walk through all of a large site for each of its nodes.
  const nodes = new Map(rows.nodes.map((row) => [row.id, row]));
  const volumes = new Map(rows.volumes.map((row) => [row.id, row]));
  const clusters = new Map(rows.clusters.map((row) => [row.id, row]));
  const addresses = Map.groupBy(rows.addresses, (row) => row.nodeId);
  for (const { hostId, card, nodeId } of rows.gpus)
    never(nodeId === null || nodes.get(nodeId)?.hostId !== hostId, () => `${card} of ${hostId} is kept for ${nodeId}`);
  for (const node of rows.nodes) {
    const cluster = clusters.get(node.clusterId);
    const flavorId = node.role === "master" ? cluster?.masterFlavorId : cluster?.workerFlavorId;
    const wanted = rows.flavors.find((row) => row.id === flavorId)?.gpus;
    const cards = rows.gpus.filter((row) => row.nodeId === node.id).length;
    never(cards !== wanted, () => `${node.name} has ${cards} cards of ${wanted}`);
    const own = addresses.get(node.id) ?? [];
    never(own.length !== 1, () => `${node.name} has ${own.length} addresses`);
    const volume = volumes.get(node.volumeId);
    never(!volume || volume.state === "kept" || volume.hostId !== node.hostId, () => `${node.name} has no disk on its host`);
    never(!node.removing && volume?.state !== "attached", () => `the disk of ${node.name} is destroyed under it`);
  }
  for (const address of rows.addresses) {
    const segment = rows.segments.find((row) => row.id === address.segmentId);
    const fits = address.nodeId === null ? isGateway : isUsable;
    never(!segment || !fits(segment, address.ip), () => `${address.ip} is nobody's to have`);
    const owners = Number(address.nodeId !== null) + Number(address.hostId !== null) + Number(address.freedAt !== null);
    never(owners !== 1, () => `${address.ip} neither rests nor belongs to somebody`);
    never(address.nodeId !== null && !nodes.has(address.nodeId), () => `${address.ip} belongs to a node that is gone`);
  }
}

function checkMove(earlier: Snapshot, rows: Snapshot, words: Words, now: number): void {
  const restMs = rows.installation.addressRestSeconds * 1000;
  for (const address of rows.addresses) {
    const old = earlier.addresses.find((row) => row.ip === address.ip);
    const owner = (row: typeof address): string | null => row.nodeId ?? row.hostId;
    if (!old || owner(old) === owner(address) || owner(address) === null) continue;
    never(owner(old) !== null, () => `${address.ip} went from one owner to another`);
    // Addresses that only hosts have need no rest: pickGateway says why.
    const segment = rows.segments.find((row) => row.id === address.segmentId);
    if (address.hostId !== null && segment && !isUsable(segment, address.ip)) continue;
    never(old.freedAt !== null && now - old.freedAt < restMs, () => `${address.ip} did not rest`);
  }
  for (const volume of earlier.volumes) {
    const gone = !rows.volumes.some((row) => row.id === volume.id);
    never(
      gone && !words.condemned.has(volume.id) && !words.copies.has(volume.id),
      () => `the volume ${volume.id} was forgotten without anybody's word`,
    );
  }
  const used = new Set(earlier.nodes.map((row) => row.id));
  for (const node of rows.nodes)
    never(!used.has(node.id) && node.number < earlier.installation.nextNode, () => `the number ${node.number} was given a second time`);
}

/** A copy that becomes a node's /data is what the node had at last, and nobody writes to the old one any more. */
function checkCopies(before: Snapshot, rows: Snapshot, hosts: readonly FakeHost[]): void {
  const disk = (row: { id: string; hostId: string }) => hosts.find((host) => host.id === row.hostId)?.disk.volumes.get(row.id);
  for (const row of rows.volumes) {
    const old = before.volumes.find(({ id }) => id === row.id);
    if (row.state !== "attached" || old?.state !== "arriving") continue;
    const source = before.volumes.find(({ id }) => id === old.copyOf);
    never(!source || !disk(row), () => `${row.id} is in use and not there`);
    if (!source) continue;
    const [had, has] = [disk(source)?.written.join(), disk(row)?.written.join()];
    never(had !== has, () => `${row.id} is no copy of ${source.id}: ${has} instead of ${had}`);
    const users = hosts.flatMap((host) => [...host.disk.containers.values()].filter((container) => container.volume === source.id));
    never(users.length > 0, () => `${source.id} is still in use after it was copied`);
    never(rows.volumes.find(({ id }) => id === source.id)?.state !== "kept", () => `${source.id} is not kept after it was copied`);
  }
  const sources = rows.volumes.flatMap((row) => (row.state === "arriving" ? [row.copyOf] : []));
  never(new Set(sources).size !== sources.length, () => `a disk is copied to two places: ${sources.join(" ")}`);
}

function isRemnant(rows: Snapshot, node: string, host: string): boolean {
  return rows.remnants.some((row) => row.nodeId === node && row.hostId === host);
}

/** Cards that a host has had: rows keep one that was taken out until there is another. */
const cardsEver = new WeakMap<FakeHost, Set<string>>();

function checkHost(rows: Snapshot, host: FakeHost, words: Words): void {
  const row = rows.hosts.find((entry) => entry.id === host.id);
  for (const container of host.disk.containers.values()) {
    const node = rows.nodes.find((entry) => entry.id === container.node);
    if (container.node.startsWith(before)) {
      for (const card of container.state === "running" ? container.gpus : []) {
        const owner = gpusOnHost(rows, host.id).find((entry) => entry.card === card)?.nodeId;
        never(owner !== undefined, () => `${card}, which ${container.node} still has, is ${owner}'s`);
      }
      continue;
    }
    if (isRemnant(rows, container.node, host.id)) continue;
    never(node?.hostId !== host.id, () => `the container of ${container.node} is leaked on ${host.id}`);
    const address = rows.addresses.find((entry) => entry.nodeId === container.node);
    never(address?.ip !== container.ip, () => `${container.node} runs with ${container.ip}, which is not its own`);
    // One that was made with a card which the host showed no more may still be there; nobody else may have that meanwhile.
    if (container.state === "running")
      for (const card of container.gpus) {
        const owner = gpusOnHost(rows, host.id).find((entry) => entry.card === card)?.nodeId ?? container.node;
        never(owner !== container.node, () => `${container.node} runs with the card ${card}, which is ${owner}'s`);
      }
  }
  for (const id of host.memory.inFlight)
    never(
      !isRemnant(rows, id, host.id) && !rows.nodes.some((node) => node.id === id && node.hostId === host.id),
      () => `the container of ${id} comes after its node is forgotten`,
    );
  for (const id of host.disk.volumes.keys())
    never(!rows.volumes.some((volume) => volume.id === id && volume.hostId === host.id), () => `the volume ${id} is leaked on ${host.id}`);
  for (const [id, ip] of host.disk.segments)
    never(
      !rows.addresses.some((address) => address.ip === ip && address.hostId === host.id && address.segmentId === id),
      () => `${host.id} has ${ip} on ${id}, which is not its own`,
    );
  const ever = cardsEver.get(host) ?? new Set();
  cardsEver.set(host, ever);
  for (const { id } of host.facts.nvidia?.cards ?? []) ever.add(id);
  for (const { card } of gpusOnHost(rows, host.id)) never(!ever.has(card), () => `${host.id} has no card ${card} to give`);
  for (const id of host.disk.destroyed)
    never(!words.condemned.has(id) && !words.copies.has(id), () => `the volume ${id} was destroyed without anybody's word`);
  const running = [...host.disk.containers.values()].filter((container) => container.state === "running");
  const memory = running.reduce((sum, container) => sum + container.memoryMb, 0);
  never(memory > host.facts.memoryMb - (row?.reservedMemoryMb ?? 0), () => `${host.id} runs ${memory} MB of nodes`);
}

/** Whether a node of the cluster lacks a card that its host shows no more; one that does not run has another as soon as one is free. */
function checkMissing(rows: Snapshot, cluster: ClusterRow, nodes: readonly NodeRow[]): boolean {
  return nodes.some((node) => {
    const host = rows.hosts.find((row) => row.id === node.hostId);
    if (!host || missingGpus(rows, node, host).length === 0) return false;
    const idle = node.observed !== null && node.observed.state !== "running" && !host.observed?.facts.nvidia?.asleep;
    never(idle && freeCards(rows, host).length > 0, () => `${node.name} gets no card of ${host.id}, which has some`);
    never(cluster.phase === "ready", () => `${cluster.id} is ready although ${node.name} lacks a card`);
    return true;
  });
}

/** What holds once people and faults rest: everything is as it should be, or says why not. */
export function checkConverged(rows: Snapshot, hosts: readonly FakeHost[], words: Words): void {
  for (const volume of rows.volumes)
    never(
      volume.state === "kept" && words.condemned.has(volume.id),
      () => `the volume ${volume.id} is kept, although it was to be destroyed`,
    );
  for (const { id, state } of rows.tenants) never(state === "deleting", () => `the tenant ${id} is never gone`);
  const byCluster = Map.groupBy(rows.nodes, (row) => row.clusterId);
  const byHost = Map.groupBy(rows.nodes, (row) => row.hostId);
  const machines = new Map(hosts.map((host) => [host.id, host]));
  for (const cluster of rows.clusters) {
    const nodes = byCluster.get(cluster.id) ?? [];
    never(cluster.desired === "deleted", () => `${cluster.id} is never deleted (${cluster.phaseReason})`);
    const waits = / waits for another host: /.test(cluster.refusal?.message ?? "");
    if (checkMissing(rows, cluster, nodes) || waits) continue;
    const fine = cluster.desired === "stopped" ? ["stopped"] : cluster.refusal ? ["queued", "ready"] : ["ready"];
    never(!fine.includes(cluster.phase), () => `${cluster.id} stays ${cluster.phase} (${cluster.phaseReason}), wanted ${cluster.desired}`);
    never(
      cluster.phase === "ready" && !cluster.refusal && nodes.length !== cluster.workerCount + 1,
      () => `${cluster.id} has ${nodes.length} nodes`,
    );
    for (const node of nodes) {
      const container = machines.get(node.hostId)?.disk.containers.get(node.id);
      never(cluster.phase === "ready" && container?.state !== "running", () => `${node.name} does not run`);
      never(cluster.phase === "stopped" && container?.state === "running", () => `${node.name} still runs`);
    }
  }
  const clusters = new Set(rows.clusters.map((row) => row.id));
  for (const node of rows.nodes) never(!clusters.has(node.clusterId), () => `${node.name} belongs to no cluster`);
  const inUse = new Set(rows.nodes.map((node) => node.volumeId));
  for (const volume of rows.volumes)
    never(volume.state !== "kept" && !inUse.has(volume.id), () => `the volume ${volume.id} belongs to nobody`);
  never(rows.remnants.length > 0, () => `${rows.remnants[0]?.nodeId} is never cleared from ${rows.remnants[0]?.hostId}`);
  for (const row of rows.hosts) never(row.fencedAt !== null, () => `${row.id} is given up although it is back`);
  const hostOfNode = new Map(rows.nodes.map((node) => [node.id, node.hostId]));
  const segmentsOn = new Map<string, Set<string>>(hosts.map(({ id }) => [id, new Set()]));
  for (const row of rows.addresses) if (row.nodeId !== null) segmentsOn.get(hostOfNode.get(row.nodeId) ?? "")?.add(row.segmentId);
  for (const row of rows.addresses)
    never(
      row.hostId !== null && !segmentsOn.get(row.hostId)?.has(row.segmentId),
      () => `${row.hostId} keeps ${row.ip} without a node there`,
    );
  for (const host of hosts) {
    const nodes = new Set(byHost.get(host.id)?.map((node) => node.id));
    for (const id of host.disk.containers.keys()) never(!nodes.has(id), () => `${id} is left on ${host.id}`);
    const needed = segmentsOn.get(host.id) ?? new Set();
    for (const id of host.disk.segments.keys()) never(!needed.has(id), () => `the network ${id} is left on ${host.id}`);
  }
}
