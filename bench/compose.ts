import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import Docker, { type ContainerInspectInfo } from "dockerode";
import { stringify } from "yaml";
import { label } from "../agents/protocol/labels.ts";

const run = promisify(execFile);

/** A docker-compose project that makes the same containers as a running cluster: image, limits, capabilities, configuration. */
export interface Peer {
  /** Container of the Spark master, and its address. */
  master: { name: string; ip: string };
  up(): Promise<void>;
  down(): Promise<void>;
  remove(): Promise<void>;
}

interface Node {
  inspect: ContainerInspectInfo;
  ip: string;
  isMaster: boolean;
}

async function nodesOf(clusterId: string): Promise<Node[]> {
  const docker = new Docker();
  const list = await docker.listContainers({ filters: { label: [`${label.cluster}=${clusterId}`] } });
  const inspects = await Promise.all(list.map(({ Id }) => docker.getContainer(Id).inspect()));
  return inspects.map((inspect) => ({
    inspect,
    ip: Object.values(inspect.NetworkSettings.Networks)[0]?.IPAMConfig?.IPv4Address ?? "",
    isMaster: inspect.Config.Labels[label.role] === "master",
  }));
}

const prefixOf = (ip: string): string => ip.split(".").slice(0, 3).join(".");

/** Copies a node's read-only configuration, with the addresses of the peer's own network in it. */
async function copyConfig(source: string, target: string, from: string, to: string): Promise<void> {
  await cp(source, target, { recursive: true, dereference: true });
  const { stdout } = await run("find", [target, "-type", "f"]);
  for (const file of stdout.trim().split("\n").filter(Boolean)) {
    const text = await readFile(file, "utf8");
    if (text.includes(`${from}.`)) await writeFile(file, text.replaceAll(`${from}.`, `${to}.`), { mode: 0o644 });
  }
}

/**
 * Writes the project from what the engine says of the cluster's containers.
 * @param network first three numbers of a free /24
 */
export async function composePeer(clusterId: string, network = "10.79.0"): Promise<Peer> {
  const folder = await mkdtemp(join(tmpdir(), "kindling-compose-"));
  const nodes = await nodesOf(clusterId);
  const services: Record<string, object> = {};
  for (const { inspect, ip } of nodes) {
    const name = inspect.Config.Hostname;
    const mounts = new Map(inspect.Mounts.map((mount) => [mount.Destination, mount.Source]));
    const place = join(folder, name);
    await mkdir(join(place, "run"), { recursive: true });
    for (const [target, as] of [
      ["/etc/kindling", "etc"],
      ["/etc/hosts", "hosts"],
      ["/run/secrets", "secrets"],
    ] as const)
      await copyConfig(mounts.get(target) ?? "", join(place, as), prefixOf(ip), network);
    await run("chown", ["-R", "root:1000", join(place, "secrets")]);
    const { HostConfig: limits } = inspect;
    services[name] = {
      image: inspect.Config.Image,
      container_name: `compose-${name}`,
      hostname: name,
      cap_drop: limits.CapDrop,
      cap_add: limits.CapAdd,
      security_opt: limits.SecurityOpt,
      mem_limit: limits.Memory,
      memswap_limit: limits.MemorySwap,
      cpus: (limits.CpuQuota ?? 0) / (limits.CpuPeriod ?? 100_000),
      cpu_shares: limits.CpuShares,
      pids_limit: limits.PidsLimit,
      networks: { segment: { ipv4_address: ip.replace(prefixOf(ip), network) } },
      volumes: [
        `data-${name}:/data`,
        `${place}/etc:/etc/kindling:ro`,
        `${place}/hosts:/etc/hosts:ro`,
        `${place}/secrets:/run/secrets:ro`,
        `${place}/run:/run/kindling`,
      ],
    };
  }
  const project = {
    version: "2.4",
    services,
    networks: { segment: { ipam: { config: [{ subnet: `${network}.0/24`, gateway: `${network}.254` }] } } },
    volumes: Object.fromEntries(Object.keys(services).map((name) => [`data-${name}`, {}])),
  };
  const file = join(folder, "docker-compose.yml");
  await writeFile(file, stringify(project));
  const compose = (...args: string[]): Promise<unknown> => run("docker-compose", ["-f", file, "-p", "kindlingbench", ...args]);
  const master = nodes.find(({ isMaster }) => isMaster);
  if (!master) throw new Error("the cluster has no master");
  return {
    master: { name: `compose-${master.inspect.Config.Hostname}`, ip: master.ip.replace(prefixOf(master.ip), network) },
    up: async () => void (await compose("up", "-d")),
    down: async () => void (await compose("down", "-v", "-t", "5")),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
