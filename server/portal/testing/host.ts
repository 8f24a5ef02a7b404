import type { NvidiaFacts } from "../../../agents/protocol/gpu.ts";
import type { HostObservation, NodeObservation } from "../../../agents/protocol/observed.ts";
import type { Db } from "../../db.ts";

/** Lets the stand's one host speak: so many processors, MB of memory and MB of disk, these cards. */
export async function hear(
  db: Db,
  has: {
    cpus?: number;
    memoryMb?: number;
    diskMb?: number;
    engine?: boolean;
    at?: Date;
    leaseSeconds?: number;
    cards?: NvidiaFacts["cards"];
    links?: HostObservation["facts"]["links"];
    networks?: HostObservation["facts"]["networks"];
    understands?: string[];
  } = {},
): Promise<string> {
  const host = await db.host.findFirstOrThrow();
  const at = has.at ?? new Date();
  const observed: Omit<HostObservation, "nodes"> = {
    protocol: 1,
    installation: (await db.installation.findFirstOrThrow()).id,
    host: host.id,
    sequence: 1,
    at: at.toISOString(),
    generation: 1,
    facts: {
      hostname: "this-host",
      cpus: has.cpus ?? 4,
      memoryMb: has.memoryMb ?? 17_408,
      diskFreeMb: has.diskMb ?? 200_000,
      diskTotalMb: 400_000,
      kernel: "6.1",
      engine: has.engine === false ? null : { version: "20.10.24", apiVersion: "1.41", storageDriver: "overlay2", cgroup: "v1" },
      capabilities: ["CHOWN", "KILL", "SETGID", "SETUID"],
      bootId: "",
      abilities: { vlan: false, vxlan: false, lvm: false, rootQuota: false, plainBridges: false },
      links: has.links ?? [],
      networks: has.networks ?? [],
      gpus: (has.cards ?? []).map(({ model }) => model),
      ...(has.cards ? { nvidia: { toolkit: true, cards: has.cards } } : {}),
      disks: [],
      ...(has.understands ? { understands: has.understands } : {}),
    },
    usage: null,
    fenced: false,
    leaseSeconds: has.leaseSeconds ?? null,
    fault: null,
    images: [],
    segments: [],
    volumes: [],
    orphans: [],
  };
  await db.host.update({
    where: { id: host.id },
    data: { name: "this-host", observed: JSON.parse(JSON.stringify(observed)), observedAt: at },
  });
  return host.id;
}

/** A node that runs well, with nothing to say about services yet. */
export const runningNode = (id: string, more: Partial<NodeObservation> = {}): NodeObservation => ({
  id,
  state: "running",
  step: "done",
  ip: "10.35.192.2",
  incarnation: 1,
  startedAt: "2026-03-01T12:00:00.000Z",
  services: [],
  sparkMaster: null,
  oomKills: 0,
  lastOom: null,
  usage: null,
  fault: null,
  ...more,
});
