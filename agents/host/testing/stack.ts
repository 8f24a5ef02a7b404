/** A real agent on this machine's real engine, as an installation of its own that leaves nothing. */
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { renderNodeFiles } from "../../node/render.ts";
import { HostObservation } from "../../protocol/observed.ts";
import type { HostSpec, NodeSpec, SegmentSpec, VolumeSpec } from "../../protocol/spec.ts";
import { type Agent, startAgent } from "../agent.ts";
import { dirsOf } from "../dirs.ts";
import { dockerContainers } from "../drivers/container/docker.ts";
import { announce } from "../drivers/network/announce.ts";
import { dockerNetworks } from "../drivers/network/docker.ts";
import { tmpfsNodeFiles } from "../drivers/nodefiles/tmpfs.ts";
import type { Drivers } from "../drivers/types.ts";
import { loopVolumes } from "../drivers/volume/loop.ts";
import { readEnv } from "../env.ts";
import { run } from "../exec.ts";
import { nftFirewall } from "../firewall/apply.ts";
import { bridgePort } from "../firewall/bind.ts";
import { dockerImages } from "../images/driver.ts";
import { makeLog } from "../log.ts";
import { readMounts } from "../mounts.ts";
import { probe } from "../probe/probe.ts";
import { supervisorAt } from "../supervisor/client.ts";
import { testImage } from "./image.ts";
import { freshId, hostSpec } from "./specs.ts";

export interface Stack {
  readonly docker: Docker;
  readonly image: string;
  readonly installation: string;
  readonly dirs: ReturnType<typeof dirsOf>;
  agent(): Agent;
  restart(): Promise<void>;
  stop(): Promise<void>;
  /** Puts a spec with the next generation through the socket. */
  put(
    parts: { segments: SegmentSpec[]; volumes: VolumeSpec[]; nodes: NodeSpec[]; images?: HostSpec["images"] },
    generation?: number,
  ): Promise<{ status: number; body: string }>;
  /** Waits for a picture that satisfies the condition. */
  until(what: string, condition: (o: HostObservation) => boolean): Promise<HostObservation>;
  /** Runs a program in a node. @param says called with all that it has said, whenever it says more */
  exec(node: string, command: string[], says?: (out: string) => void): Promise<{ code: number; out: string }>;
  call(
    socket: "reconciler" | "gateway" | "portal",
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: string }>;
  dispose(): Promise<void>;
}

export async function startStack(options: { env?: Record<string, string>; drivers?: (real: Drivers) => Drivers } = {}): Promise<Stack> {
  const installation = freshId("t");
  const root = await mkdtemp(join(tmpdir(), "kindling-agent-"));
  const env = readEnv({
    KINDLING_INSTALLATION: installation,
    KINDLING_HOST_ID: "testhost",
    KINDLING_AGENT_STATE: join(root, "state"),
    KINDLING_AGENT_RUN: join(root, "run"),
    KINDLING_LOG_LEVEL: process.env.KINDLING_TEST_LOG ?? "silent",
    ...options.env,
  });
  const dirs = dirsOf(env.state, env.run);
  const docker = new Docker({ socketPath: "/var/run/docker.sock" });
  const engine = new Docker({ socketPath: env.dockerSocket });
  const image = await testImage(docker);
  const real: Drivers = {
    containers: dockerContainers(engine, installation),
    networks: dockerNetworks(engine, installation),
    volumes: loopVolumes({ files: dirs.volumes, mounts: dirs.mounts, budgetMb: env.volumeBudgetMb, overcommit: env.volumeOvercommit }),
    files: tmpfsNodeFiles(dirs.nodes),
    images: dockerImages(engine, {
      ...{ installation, bundles: env.bundles ?? root, logs: dirs.images, caBundle: null, build: env.build },
      // What is built here takes a moment, and need not wait for a large image of others.
      lock: join(root, "build.lock"),
    }),
    firewall: nftFirewall(),
    bridgePort,
    announce,
    probe,
    supervisorAt,
  };
  const drivers = options.drivers?.(real) ?? real;
  const start = () =>
    startAgent({
      env,
      log: makeLog(env.logLevel, { installation }),
      drivers: { ...drivers, firewall: nftFirewall() },
      render: renderNodeFiles,
      now: Date.now,
    });
  let agent: Agent | null = await start();
  let generation = 0;

  const stack: Stack = {
    docker,
    image,
    installation,
    dirs,
    agent: () => agent!,
    async restart() {
      await agent?.stop();
      agent = await start();
    },
    async stop() {
      await agent?.stop();
      agent = null;
    },
    put: (parts, wanted) => {
      generation = wanted ?? generation + 1;
      return stack.call("reconciler", "PUT", "/v1/spec", hostSpec({ installation, host: "testhost", generation, ...parts }));
    },
    until: (what, condition) => waitFor(dirs.reconcilerSocket, what, condition),
    async exec(node, command, says) {
      const [container] = await docker.listContainers({
        filters: { label: [`io.kindling.node=${node}`, `io.kindling.installation=${installation}`] },
      });
      if (!container) throw new Error(`${node} does not run`);
      const exec = await docker.getContainer(container.Id).exec({ Cmd: command, AttachStdout: true, AttachStderr: true, Tty: true });
      const stream = await exec.start({ Tty: true });
      let out = "";
      for await (const chunk of stream) {
        out += String(chunk);
        says?.(out);
      }
      return { code: (await exec.inspect()).ExitCode ?? -1, out };
    },
    call: (socket, method, path, body) => callSocket(dirs[`${socket}Socket`], method, path, body),
    async dispose() {
      await agent?.stop();
      const label = [`io.kindling.installation=${installation}`];
      for (const c of await docker.listContainers({ all: true, filters: { label } }))
        await docker.getContainer(c.Id).remove({ force: true });
      for (const n of await docker.listNetworks({ filters: { label } })) await docker.getNetwork(n.Id).remove();
      for (const m of (await readMounts()).filter((entry) => entry.target.startsWith(`${root}/`))) await run("umount", [m.target]);
      for (const family of ["inet", "arp", "bridge"])
        await run("nft", ["-f", "-"], {
          input: `table ${family} kindling_${installation} {}\ndelete table ${family} kindling_${installation}\n`,
        });
      await rm(root, { recursive: true, force: true });
    },
  };
  return stack;
}

export function callSocket(socketPath: string, method: string, path: string, body?: unknown): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const req = request({ socketPath, method, path }, (res) => {
      let text = "";
      res.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      res.on("end", () => resolve({ status: res.statusCode ?? 0, body: text }));
      res.on("error", reject);
    });
    req.on("error", reject);
    req.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

const patienceMs = 90_000;

/** Follows the feed until a picture satisfies the condition; the error shows the last one. */
function waitFor(socketPath: string, what: string, condition: (o: HostObservation) => boolean): Promise<HostObservation> {
  return new Promise((resolve, reject) => {
    let last = "nothing";
    const fail = () => reject(new Error(`${what} did not come about; last picture: ${last}`));
    const req = request({ socketPath, path: "/v1/observe", signal: AbortSignal.timeout(patienceMs) }, (res) => {
      let rest = "";
      res.setEncoding("utf8").on("data", (chunk: string) => {
        const lines = (rest + chunk).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) {
          last = line;
          const observation = HostObservation.parse(JSON.parse(line));
          if (!condition(observation)) continue;
          resolve(observation);
          req.destroy();
        }
      });
      // An agent that ends says no more.
      res.on("end", fail).on("error", fail);
    });
    req.on("error", fail);
    req.end();
  });
}
