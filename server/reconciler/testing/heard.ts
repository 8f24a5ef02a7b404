import type { NvidiaFacts } from "../../../agents/protocol/gpu.ts";
import type { HostFacts } from "../../../agents/protocol/observed.ts";
import type { Snapshot } from "../../planner/snapshot.ts";

/** `n` cards that only the host of this number has. */
export function cardsFor(host: number, n: number): NvidiaFacts["cards"] {
  const hex = (number: number, digits: number): string => number.toString(16).padStart(digits, "0");
  return Array.from({ length: n }, (_, card) => ({
    id: `GPU-${hex(host + 1, 8)}-0000-0000-0000-${hex(card + 1, 12)}`,
    model: "NVIDIA L4",
  }));
}

/** A host's facts as its agent reports them. */
export function facts(change: Partial<HostFacts> = {}): HostFacts {
  return {
    hostname: "h",
    cpus: 8,
    memoryMb: 64_000,
    diskFreeMb: 500_000,
    diskTotalMb: 500_000,
    kernel: "6.1",
    engine: { version: "20.10.24", apiVersion: "1.41", storageDriver: "overlay2", cgroup: "v2" },
    capabilities: ["CHOWN", "KILL", "SETGID", "SETUID"],
    bootId: "",
    abilities: { vlan: true, vxlan: true, lvm: false, rootQuota: false, plainBridges: false },
    links: [{ name: "eth0", addresses: ["192.0.2.1"], mtu: 1500 }],
    gpus: [],
    disks: [],
    ...change,
  };
}

/** The same rows with every host heard just now. `hosts` are the facts of each, in order. */
export function heard(rows: Snapshot, now: number, hosts: readonly Partial<HostFacts>[] = []): Snapshot {
  const { id: installation, generation } = rows.installation;
  return {
    ...rows,
    hosts: rows.hosts.map((host, index) => ({
      ...host,
      observedAt: now,
      observed: {
        protocol: 1,
        installation,
        host: host.id,
        sequence: 1,
        at: new Date(now).toISOString(),
        generation,
        facts: facts({ links: [{ name: "eth0", addresses: [`192.0.2.${index + 1}`], mtu: 1500 }], ...hosts[index] }),
        usage: null,
        fenced: false,
        leaseSeconds: null,
        fault: null,
        images: [],
        segments: [],
        volumes: [],
        orphans: [],
      },
    })),
  };
}
