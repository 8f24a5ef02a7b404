/** Real trouble: an engine that goes away, a node without memory, a full host, an agent that is killed. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { run } from "./exec.ts";
import { readMounts } from "./mounts.ts";
import { cuttable } from "./testing/cut.ts";
import { freshId, net, node, volume } from "./testing/specs.ts";
import { type Stack, startStack } from "./testing/stack.ts";

function partsFor(s: Stack, count: number) {
  const { base, segment } = net("tenantone", freshId("s"));
  const nodes = Array.from({ length: count }, (_, i) =>
    node({
      id: `node${i}aaa`,
      name: `node-${i}`,
      ip: `${base}.${i + 2}`,
      segment: segment.id,
      volume: `volume${i}`,
      image: s.image,
      tenant: "tenantone",
    }),
  );
  return { segments: [segment], volumes: nodes.map((n) => volume(n.volume, n.tenant)), nodes };
}
const healthy = (s: Stack, count: number) =>
  s.until("healthy", (o) => o.nodes.length === count && o.nodes.every((n) => n.step === "done" && n.services.every((x) => x.healthy)));

describe("trouble", () => {
  it("an engine that goes away is shown, nodes go on, and what was asked meanwhile is done when it is back", async () => {
    const dir = await mkdtemp(join(tmpdir(), "kindling-cut-"));
    const engine = await cuttable(join(dir, "docker.sock"));
    const s = await startStack({ env: { KINDLING_DOCKER_SOCKET: engine.path } });
    try {
      const parts = partsFor(s, 2);
      await s.put({ ...parts, nodes: parts.nodes.slice(0, 1), volumes: parts.volumes.slice(0, 1) });
      await healthy(s, 1);
      await engine.cut();
      await s.until("shown", (o) => o.fault?.code === "engine_unreachable");
      await s.put(parts);
      const o = await s.until("accepted", (x) => x.generation === 2);
      assert.match(o.fault?.message ?? "", /Docker on this host does not answer/);
      assert.equal(o.nodes[0]?.state, "running", "a node that runs is not called gone");
      assert.equal((await s.exec("node0aaa", ["/bin/cat", "/run/secrets/jupyter-token"])).code, 0);
      await engine.mend();
      const after = await healthy(s, 2);
      assert.equal(after.fault, null);
    } finally {
      await s.dispose();
      await engine.cut();
      await rm(dir, { recursive: true });
    }
  });

  it("an engine that cannot hand out GPUs keeps a node with some from starting, says what to do, and goes on with the others", async () => {
    const s = await startStack();
    try {
      const parts = partsFor(s, 2);
      const gpus = ["GPU-5c6f8f1c-0d1e-4a2b-9c3d-112233445566"];
      await s.put({ ...parts, nodes: parts.nodes.map((one, index) => (index === 0 ? { ...one, gpus } : one)) });
      const refused = await s.until("refused", (o) => o.nodes[0]?.fault?.code === "gpu_refused" && o.nodes[1]?.step === "done");
      assert.match(refused.nodes[0]?.fault?.message ?? "", /Install NVIDIA's container toolkit/);
      assert.notEqual(refused.nodes[0]?.state, "running");
      // What has none of them starts: in the same place, as if there had never been any.
      await s.put(parts);
      await healthy(s, 2);
    } finally {
      await s.dispose();
    }
  });

  it("a process that is killed for lack of memory is named, and the node goes on", async () => {
    const s = await startStack();
    try {
      await s.put(partsFor(s, 1));
      await healthy(s, 1);
      await s.exec("node0aaa", ["/usr/bin/perl", "-e", 'my @a; push @a, "x" x 10_000_000 for 1..60; print "survived"']);
      const o = await s.until("named", (x) => (x.nodes[0]?.oomKills ?? 0) > 0 && x.nodes[0]?.lastOom?.process !== null);
      assert.equal(o.nodes[0]?.lastOom?.process, "perl");
      assert.equal(o.nodes[0]?.state, "running");
    } finally {
      await s.dispose();
    }
  });

  it("a disk that this host cannot hold is refused in words, and made once there is room", async () => {
    const s = await startStack({ env: { KINDLING_VOLUME_BUDGET: "100" } });
    try {
      const parts = partsFor(s, 1);
      await s.put({ ...parts, volumes: parts.volumes.map((v) => ({ ...v, sizeMb: 200 })) });
      const o = await s.until("refused", (x) => x.volumes[0]?.fault?.code === "disk_full");
      assert.match(o.volumes[0]?.fault?.message ?? "", /needs 0.2 GB; this host's budget for disks has 0.1 GB left/);
      assert.equal(o.nodes[0]?.fault?.code, "disk_full", "the node says why it waits");
      await s.put(parts);
      await healthy(s, 1);
    } finally {
      await s.dispose();
    }
  });

  it("a disk grows under a node that runs, or, where the kernel does not allow that, when the node stops", async () => {
    const s = await startStack();
    try {
      const parts = partsFor(s, 1);
      const blocks = async () =>
        Number(
          (
            await s.exec("node0aaa", [
              "/usr/bin/perl",
              "-e",
              'my $b = "\\0" x 256; my $p = "/data"; syscall(137, $p, $b); print((unpack("q3", $b))[2])',
            ])
          ).out,
        );
      await s.put(parts);
      await healthy(s, 1);
      await s.exec("node0aaa", ["/bin/sh", "-c", "echo precious > /data/file"]);
      const before = await blocks();
      assert.ok(before > 10_000, `${before} blocks`);
      const larger = { ...parts, volumes: parts.volumes.map((v) => ({ ...v, sizeMb: 256 })) };
      await s.put(larger);
      const o = await s.until("an answer", (x) => x.volumes[0]?.sizeMb === 256 || x.volumes[0]?.fault?.code === "growth_waits");
      if (o.volumes[0]?.fault) {
        assert.match(o.volumes[0].fault.message, /Stop the cluster/);
        assert.equal(await blocks(), before, "the node's disk is untouched");
        await s.put({ ...larger, nodes: parts.nodes.map((n) => ({ ...n, desired: "stopped" })) });
        await s.until("grown", (x) => x.volumes[0]?.sizeMb === 256 && x.volumes[0]?.fault === null);
        await s.put(larger);
        await healthy(s, 1);
      }
      assert.ok((await blocks()) > before * 2);
      assert.equal((await s.exec("node0aaa", ["/bin/cat", "/data/file"])).out.trim(), "precious");
    } finally {
      await s.dispose();
    }
  });

  it("after a reboot a node waits for its secrets only, and comes back with its address and data", async () => {
    const s = await startStack();
    try {
      const parts = partsFor(s, 1);
      await s.put(parts);
      await healthy(s, 1);
      await s.exec("node0aaa", ["/bin/sh", "-c", "echo precious > /data/file"]);
      await s.stop();
      for (const c of await s.docker.listContainers({ filters: { label: [`io.kindling.installation=${s.installation}`] } }))
        await s.docker.getContainer(c.Id).kill();
      for (const m of await readMounts())
        if (m.target.startsWith(s.dirs.state) || m.target.startsWith(s.dirs.run)) await run("umount", [m.target]);
      await s.restart();
      const o = await s.until("waiting", (x) => x.nodes[0]?.fault?.code === "secrets_missing" && x.volumes[0]?.state === "mounted");
      assert.equal(o.nodes[0]?.state, "exited");
      assert.match(o.nodes[0]?.fault?.message ?? "", /waits for the platform to send its secrets/);
      await s.put(parts, 1);
      const back = await healthy(s, 1);
      assert.equal(back.nodes[0]?.ip, parts.nodes[0]?.ip);
      assert.equal((await s.exec("node0aaa", ["/bin/cat", "/data/file"])).out.trim(), "precious");
    } finally {
      await s.dispose();
    }
  });

  it("an agent killed at any moment of a creation finishes it after its restart", async () => {
    const s = await startStack();
    await s.stop();
    const agent = new Process(s);
    try {
      for (const [round, ms] of [60, 300, 900].entries()) {
        const parts = partsFor(s, 2);
        const fresh = {
          segments: parts.segments,
          volumes: parts.volumes.map((v) => ({ ...v, id: `${v.id}r${round}` })),
          nodes: parts.nodes.map((n) => ({ ...n, id: `${n.id}r${round}`, name: `${n.name}-${round}`, volume: `${n.volume}r${round}` })),
        };
        await agent.start();
        await s.put(fresh);
        await agent.killAfter(ms);
        await agent.start();
        // The platform sends the whole spec again when an agent comes back: secrets may not have reached the host's memory.
        await s.put(fresh);
        await healthy(s, 2);
        const mine = await s.docker.listContainers({ all: true, filters: { label: [`io.kindling.installation=${s.installation}`] } });
        assert.equal(mine.length, 2, "one container a node, none twice");
        await s.put({
          segments: fresh.segments.map((x) => ({ ...x, desired: "deleted" })),
          volumes: fresh.volumes.map((x) => ({ ...x, desired: "deleted" })),
          nodes: fresh.nodes.map((x) => ({ ...x, desired: "deleted" })),
        });
        await s.until("gone", (o) => [...o.nodes, ...o.volumes, ...o.segments].every((x) => x.state === "absent"));
        await agent.end();
      }
    } finally {
      await agent.killAfter(0);
      await s.dispose();
    }
  });
});

/** The agent as the process that it is in real life. */
class Process {
  readonly #stack: Stack;
  #child: ChildProcess | null = null;

  constructor(stack: Stack) {
    this.#stack = stack;
  }

  start(): Promise<void> {
    const { installation, dirs } = this.#stack;
    const child = spawn(process.execPath, [fileURLToPath(new URL("./main.ts", import.meta.url))], {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      env: {
        NODE_ENV: "test",
        PATH: process.env.PATH,
        KINDLING_INSTALLATION: installation,
        KINDLING_HOST_ID: "testhost",
        KINDLING_AGENT_STATE: dirs.state,
        KINDLING_AGENT_RUN: dirs.run,
        KINDLING_LOG_LEVEL: "silent",
      },
    });
    this.#child = child;
    return new Promise((resolve, reject) => {
      child.once("message", () => resolve());
      child.once("exit", (code) => reject(new Error(`the agent ended with ${code}`)));
    });
  }

  async #signal(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null) return null;
    const gone = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
    child.kill(signal);
    return gone;
  }

  async killAfter(ms: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, ms));
    await this.#signal("SIGKILL");
  }

  async end(): Promise<void> {
    assert.equal(await this.#signal("SIGTERM"), 0, "the agent ends cleanly");
  }
}
