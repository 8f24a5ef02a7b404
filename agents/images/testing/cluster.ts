import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { Writable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import type Docker from "dockerode";
import { renderNodeFiles } from "../../node/render.ts";
import type { Bundle, Role } from "../../protocol/bundle.ts";
import type { NodeSpec, SparkSettings } from "../../protocol/spec.ts";

export type TestNode = { spec: NodeSpec; container: Docker.Container; dir: string };
export type TestCluster = {
  nodes: TestNode[];
  master: TestNode;
  token: string;
  secret: string;
  subnet: string;
  remove: () => Promise<void>;
};

export type TestClusterOptions = {
  docker: Docker;
  bundle: Bundle;
  image: string;
  workers: number;
  flavor: (role: Role) => { vcpus: number; memoryMb: number };
  settings: (role: Role, masterHost: string) => SparkSettings | null;
  /** Cards that a node is said to have; none is handed to its container. */
  gpus?: (index: number) => string[];
  /** Third number of the segment, 10.35.N.0/24. */
  net?: number;
};

/** Starts a cluster by plain Engine calls with the mounts and limits that a node is specified to have. Its files are in memory. */
export async function startCluster(options: TestClusterOptions): Promise<TestCluster> {
  const { docker } = options;
  const id = `kt${randomBytes(4).toString("hex")}`;
  const subnet = `10.35.${options.net ?? 240}`;
  const root = await mkdtemp("/dev/shm/kindling-test-");
  const data = await mkdtemp("/var/tmp/kindling-test-");
  const network = await docker.createNetwork({
    Name: id,
    Driver: "bridge",
    Options: { "com.docker.network.bridge.name": id },
    IPAM: { Driver: "default", Config: [{ Subnet: `${subnet}.0/24`, Gateway: `${subnet}.1` }] },
  });
  const nodes: TestNode[] = [];
  const remove = async () => {
    await Promise.all(nodes.map(({ container }) => container.remove({ force: true, v: true })));
    await network.remove();
    await rm(root, { recursive: true, force: true });
    await rm(data, { recursive: true, force: true });
  };
  const secrets = { "spark-auth": randomBytes(32).toString("hex"), "jupyter-token": randomBytes(24).toString("hex") };
  const specs = Array.from({ length: options.workers + 1 }, (_, index) => nodeSpec(options, id, subnet, index, secrets));
  try {
    for (const spec of specs) nodes.push(await startNode(docker, spec, specs, join(root, spec.id), join(data, spec.id)));
  } catch (error) {
    await remove();
    throw error;
  }
  return { nodes, master: nodes[0]!, token: secrets["jupyter-token"], secret: secrets["spark-auth"], subnet, remove };
}

function nodeSpec(options: TestClusterOptions, id: string, subnet: string, index: number, secrets: Record<string, string>): NodeSpec {
  const role: Role = index === 0 ? "master" : "worker";
  const flavor = options.flavor(role);
  const services = options.bundle.roles[role]?.services ?? [];
  return {
    id: `${id}n${index}`,
    name: `test-${index + 1}`,
    domain: "bdlocal",
    tenant: "tenant1",
    cluster: { id, name: "test" },
    role,
    desired: "running",
    image: options.image,
    segment: "segment1",
    ip: `${subnet}.${10 + index}`,
    volume: `volume${index}`,
    resources: { vcpus: flavor.vcpus, memoryMb: flavor.memoryMb, pids: 2048, rootMb: 20_480 },
    capabilities: options.bundle.capabilities,
    gpus: options.gpus?.(index) ?? [],
    sudo: false,
    filter: "engine",
    services: services.map((service) => ({ id: service, ...options.bundle.services[service]! })),
    spark: options.settings(role, "test-1.bdlocal"),
    origins: { jupyter: "http://jupyter.test.localhost:3000" },
    secrets,
    incarnation: 1,
  };
}

async function startNode(docker: Docker, spec: NodeSpec, all: NodeSpec[], dir: string, data: string): Promise<TestNode> {
  for (const folder of ["etc", "secrets", "run"]) await mkdir(join(dir, folder), { recursive: true, mode: 0o700 });
  await chmod(join(dir, "etc"), 0o755);
  await chmod(join(dir, "secrets"), 0o700);
  await mkdir(data, { mode: 0o755 });
  for (const { path, content, mode } of renderNodeFiles(spec, all)) await writeFile(join(dir, "etc", path), content, { mode });
  for (const [name, secret] of Object.entries(spec.secrets)) await writeFile(join(dir, "secrets", name), secret, { mode: 0o400 });
  const container = await docker.createContainer({
    name: `${spec.cluster.id}-${spec.name}`,
    Image: spec.image,
    Hostname: spec.name,
    Domainname: spec.domain,
    HostConfig: {
      Binds: [
        `${data}:/data`,
        `${join(dir, "etc")}:/etc/kindling:ro`,
        `${join(dir, "etc/hosts")}:/etc/hosts:ro`,
        `${join(dir, "secrets")}:/run/secrets:ro`,
        `${join(dir, "run")}:/run/kindling`,
      ],
      CapDrop: ["ALL"],
      CapAdd: spec.capabilities,
      SecurityOpt: ["no-new-privileges"],
      Memory: spec.resources.memoryMb * 1024 * 1024,
      MemorySwap: spec.resources.memoryMb * 1024 * 1024,
      NanoCpus: spec.resources.vcpus * 1e9,
      PidsLimit: spec.resources.pids,
      NetworkMode: spec.cluster.id,
    },
    NetworkingConfig: { EndpointsConfig: { [spec.cluster.id]: { IPAMConfig: { IPv4Address: spec.ip } } } },
  });
  await container.start();
  return { spec, container, dir };
}

/** Runs a program in a node as root and returns what it printed on both outputs. */
export async function exec(
  docker: Docker,
  node: TestNode,
  command: string[],
  user = "root",
): Promise<{ output: string; code: number | null }> {
  const run = await node.container.exec({ Cmd: command, AttachStdout: true, AttachStderr: true, User: user });
  const stream = await run.start({});
  const chunks: Buffer[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  docker.modem.demuxStream(stream, sink, sink);
  await once(stream, "end");
  return { output: Buffer.concat(chunks).toString("utf8"), code: (await run.inspect()).ExitCode };
}

export type Reply = { status: number; body: string; headers: NodeJS.Dict<string | string[]> };

/** One HTTP request to a node. */
export function http(
  host: string,
  port: number,
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const req = request({ host, port, path, method: options.method ?? "GET", headers: options.headers ?? {}, timeout: 10_000 }, (res) => {
      const chunks: Buffer[] = [];
      res.on("data", (chunk: Buffer) => chunks.push(chunk));
      res.on("end", () => resolve({ status: res.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8"), headers: res.headers }));
    });
    req.on("error", reject);
    req.on("timeout", () => req.destroy(new Error("timed out")));
    req.end(options.body);
  });
}

/** Asks again until the answer is one. Throws the last reason after `seconds`. */
export async function eventually<T>(what: string, seconds: number, ask: () => Promise<T | null>): Promise<T> {
  const end = performance.now() + seconds * 1000;
  let last: unknown = null;
  while (performance.now() < end) {
    try {
      const answer = await ask();
      if (answer !== null) return answer;
    } catch (error) {
      last = error;
    }
    await setTimeout(25);
  }
  throw new Error(`${what} did not happen within ${seconds} s`, { cause: last });
}
