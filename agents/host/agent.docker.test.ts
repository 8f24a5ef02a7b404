import assert from "node:assert/strict";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { label } from "../protocol/labels.ts";
import type { NodeSpec, SegmentSpec, VolumeSpec } from "../protocol/spec.ts";
import { run } from "./exec.ts";
import { readMounts } from "./mounts.ts";
import { freshId, net, node, volume } from "./testing/specs.ts";
import { type Stack, startStack } from "./testing/stack.ts";

interface Parts {
  segments: SegmentSpec[];
  volumes: VolumeSpec[];
  nodes: NodeSpec[];
}

describe("the agent on a real engine", () => {
  let s: Stack;
  let parts: Parts;
  beforeEach(async () => {
    s = await startStack();
    const { base, segment } = net("tenantone", freshId("s"));
    const nodes = ["nodeone", "nodetwo"].map((id, i) =>
      node({ id, name: id, ip: `${base}.${i + 2}`, segment: segment.id, volume: `vol${id}`, image: s.image, tenant: "tenantone" }),
    );
    parts = { segments: [segment], volumes: nodes.map((n) => volume(n.volume, n.tenant)), nodes };
  });
  afterEach(() => s.dispose());

  const desired = (what: NodeSpec["desired"], rest: "present" | "deleted" = "present"): Parts => ({
    segments: parts.segments.map((x) => ({ ...x, desired: rest })),
    volumes: parts.volumes.map((x) => ({ ...x, desired: rest })),
    nodes: parts.nodes.map((n) => ({ ...n, desired: what })),
  });
  const healthy = () =>
    s.until(
      "healthy",
      (o) => o.nodes.length === parts.nodes.length && o.nodes.every((n) => n.step === "done" && n.services.every((x) => x.healthy)),
    );
  const containerIds = async () =>
    (await s.docker.listContainers({ all: true, filters: { label: [`io.kindling.installation=${s.installation}`] } }))
      .map((c) => c.Id)
      .sort();

  it("makes nodes that are limited, know each other's names and carry no secret where others could read it", async () => {
    await s.put(parts);
    await healthy();
    const [first] = await s.docker.listContainers({
      filters: { label: ["io.kindling.node=nodeone", `io.kindling.installation=${s.installation}`] },
    });
    const info = await s.docker.getContainer(first!.Id).inspect();
    assert.equal(info.HostConfig.Privileged, false);
    assert.equal(info.HostConfig.Memory, 256 * 1024 * 1024);
    assert.equal(info.HostConfig.MemorySwap, info.HostConfig.Memory);
    assert.equal(info.HostConfig.PidsLimit, 128);
    assert.ok(!JSON.stringify(info).includes("s3cret-of-the-test"));
    assert.ok(!JSON.stringify(info).includes("docker.sock"));
    const status = (await s.exec("nodeone", ["/bin/cat", "/proc/self/status"])).out;
    assert.match(status, /NoNewPrivs:\s+1/);
    assert.match(status, /CapBnd:\s+00000000000000e1/, "CHOWN, KILL, SETGID and SETUID, nothing else");
    assert.equal((await s.exec("nodeone", ["/bin/cat", "/run/secrets/jupyter-token"])).out, "s3cret-of-the-test");
    assert.match((await s.exec("nodeone", ["/bin/cat", "/etc/hosts"])).out, /nodetwo\.test\.local nodetwo/);
    assert.notEqual((await s.exec("nodeone", ["/bin/sh", "-c", "echo x > /etc/kindling/node.json"])).code, 0, "configuration is read-only");
    assert.equal(info.NetworkSettings.Networks[Object.keys(info.NetworkSettings.Networks)[0] ?? ""]?.IPAddress, parts.nodes[0]?.ip);
  });

  it("shows a new node's name in nodes that run, without touching them", async () => {
    await s.put({ ...parts, nodes: parts.nodes.slice(0, 1), volumes: parts.volumes.slice(0, 1) });
    await s.until("one", (o) => o.nodes[0]?.step === "done");
    const before = await containerIds();
    assert.doesNotMatch((await s.exec("nodeone", ["/bin/cat", "/etc/hosts"])).out, /nodetwo/);
    await s.put(parts);
    await healthy();
    assert.match((await s.exec("nodeone", ["/bin/cat", "/etc/hosts"])).out, /nodetwo/);
    assert.ok((await containerIds()).includes(before[0]!));
  });

  it("brings a node that somebody removed back with its address and data", async () => {
    await s.put(parts);
    await healthy();
    const before = await containerIds();
    await s.exec("nodeone", ["/bin/sh", "-c", "echo precious > /data/file"]);
    const [first] = await s.docker.listContainers({
      filters: { label: ["io.kindling.node=nodeone", `io.kindling.installation=${s.installation}`] },
    });
    await s.docker.getContainer(first!.Id).remove({ force: true });
    await s.until(
      "back",
      (o) =>
        o.nodes.some((n) => n.id === "nodeone" && n.step === "done" && n.services.some((x) => x.healthy)) &&
        !s.agent().world.containers.has(first!.Id),
    );
    assert.equal((await s.exec("nodeone", ["/bin/cat", "/data/file"])).out.trim(), "precious");
    assert.equal((await containerIds()).filter((id) => !before.includes(id)).length, 1);
  });

  it("stops and starts with the same data, and deletes without leaving anything", async () => {
    await s.put(parts);
    await healthy();
    const loops = async () => (await run("losetup", ["-a"])).split("\n").filter((line) => line.includes(s.dirs.volumes));
    assert.equal((await loops()).length, 2);
    await s.exec("nodetwo", ["/bin/sh", "-c", "echo precious > /data/file"]);
    await s.put(desired("stopped"));
    await s.until("stopped", (o) => o.nodes.every((n) => n.state === "stopped"));
    await s.put(parts);
    await healthy();
    assert.equal((await s.exec("nodetwo", ["/bin/cat", "/data/file"])).out.trim(), "precious");
    await s.put(desired("deleted", "deleted"));
    await s.until("gone", (o) => [...o.nodes, ...o.volumes, ...o.segments].every((x) => x.state === "absent"));
    assert.deepEqual(await containerIds(), []);
    assert.deepEqual(await loops(), []);
    assert.deepEqual(
      (await readMounts()).filter((m) => m.target.startsWith(s.dirs.state) || m.target.startsWith(s.dirs.run)),
      [],
    );
    assert.deepEqual(await readdir(s.dirs.volumes), []);
    await s.until("the packet filter is empty", () => s.agent().world.guardedBridges.size === 0);
    assert.doesNotMatch(await run("nft", ["list", "tables"]), new RegExp(s.installation));
  });

  it("goes on after its own restart: nothing stops, services are found healthy, the network still works", async () => {
    await s.put(parts);
    await healthy();
    const before = await containerIds();
    await s.restart();
    await healthy();
    assert.deepEqual(await containerIds(), before);
    const { out } = await s.exec("nodeone", [
      "/usr/bin/perl",
      "-MIO::Socket::INET",
      "-e",
      `print IO::Socket::INET->new(PeerAddr => "${parts.nodes[1]?.ip}", PeerPort => 9999, Timeout => 2) ? "reached" : "no"`,
    ]);
    assert.equal(out, "reached");
  });

  it("refuses an older generation with its reason", async () => {
    await s.put(parts, 9);
    await healthy();
    const answer = await s.put(desired("deleted", "deleted"), 8);
    assert.equal(answer.status, 409);
    assert.match(answer.body, /generation_newer/);
    await s.until("halted", (o) => o.fault?.code === "generation_newer");
    assert.equal((await containerIds()).length, 2);
  });

  it("says whose container has the node's name, and goes on once it is away and the node is retried", async () => {
    const name = `nodeone-${s.installation.slice(-6)}`;
    const foreign = await s.docker.createContainer({ name, Image: s.image, Cmd: ["/bin/sleep", "60"] });
    try {
      await s.put(parts);
      const o = await s.until("conflict", (x) => x.nodes.some((n) => n.fault?.code === "name_conflict"));
      assert.match(o.nodes.find((n) => n.fault)?.fault?.message ?? "", new RegExp(name));
    } finally {
      await foreign.remove({ force: true });
    }
    await s.put({ ...parts, nodes: parts.nodes.map((n) => ({ ...n, incarnation: 2 })) });
    await healthy();
  });

  it("streams to declared ports only, and gives logs", async () => {
    await s.put(parts);
    await healthy();
    assert.match(await dial(s, "nodeone", 8888), /^101 .*hi/s);
    assert.match(await dial(s, "nodeone", 9999), /^403 .*not_declared/s);
    assert.match(await dial(s, "nodenone", 8888), /^404/);
    assert.equal((await s.call("portal", "GET", "/v1/log?node=nodeone&service=nothing")).status, 404);
    assert.equal((await s.call("portal", "GET", "/v1/log?node=nodeone&service=jupyter")).body, "hello & welcome\n");
    assert.match(await dial(s, "nodeone", 8888, s.dirs.portalSocket), /^404|socket hang up/, "the portal's socket dials nowhere");
    assert.equal((await s.call("gateway", "PUT", "/v1/spec", {})).status, 404, "the gateway's socket applies nothing");
    assert.equal((await s.call("portal", "PUT", "/v1/spec", {})).status, 404, "nor does the portal's");
    assert.equal((await s.call("reconciler", "GET", "/v1/log?node=nodeone&service=jupyter")).status, 404);
  });

  it("restarts one service and counts it", async () => {
    await s.put(parts);
    await healthy();
    assert.equal((await s.call("portal", "POST", "/v1/service/restart", { node: "nodeone", service: "jupyter" })).status, 200);
    await s.until("counted", (o) => o.nodes.some((n) => n.id === "nodeone" && n.services[0]?.restarts === 1));
  });
});

describe("images", () => {
  let s: Stack;
  const bundle = freshId("b");
  before(async () => {
    s = await startStack({ env: {} });
    const folder = join(s.dirs.state, "..", bundle);
    await mkdir(folder);
    await writeFile(join(folder, "bundle.yaml"), `id: ${bundle}\n`);
    await writeFile(join(folder, "Dockerfile"), "ARG BASE\nFROM $BASE\nARG BREAK\nRUN echo the rocket could not start; exit 3\n");
  });
  after(() => s.dispose());

  it("tells why a build failed, keeps its log, and does not build again by itself", async () => {
    const tag = `kindling-test/${bundle}:1`;
    await s.put({ segments: [], volumes: [], nodes: [], images: [{ bundle, tag }] });
    const o = await s.until("failed", (x) => x.images[0]?.state === "failed");
    assert.equal(o.images[0]?.fault?.code, "image_build_failed");
    assert.match(o.images[0]?.fault?.message ?? "", /the rocket could not start/);
    const log = await s.call("portal", "GET", `/v1/image-log?tag=${encodeURIComponent(tag)}`);
    assert.equal(log.status, 200);
    assert.match(log.body, /Step 1/);
    assert.equal((await s.call("portal", "GET", "/v1/image-log?tag=..%2Fspec.json")).status, 404);
  });

  it("builds one whose containers are nobody's as long as nobody says so", async () => {
    const id = freshId("b");
    const folder = join(s.dirs.state, "..", id);
    await mkdir(folder);
    await writeFile(join(folder, "bundle.yaml"), `id: ${id}\n`);
    await writeFile(join(folder, "Dockerfile"), "ARG BASE\nFROM $BASE\n");
    const tag = `kindling-test/${id}:1`;
    await s.put({ segments: [], volumes: [], nodes: [], images: [{ bundle: id, tag }] });
    await s.until("built", (x) => x.images[0]?.state === "present");
    const image = s.docker.getImage(tag);
    try {
      const { Config } = await image.inspect();
      assert.deepEqual(Config.Labels, { [label.builder]: s.installation });
    } finally {
      await image.remove();
    }
  });

  it("says that a bundle is missing", async () => {
    await s.put({ segments: [], volumes: [], nodes: [], images: [{ bundle: "nothing", tag: "kindling-test/nothing:1" }] });
    const o = await s.until("failed", (x) => x.images[0]?.fault?.code === "bundle_missing");
    assert.match(o.images[0]?.fault?.message ?? "", /no bundle called nothing/);
  });
});

/** Status and first words of a dial. */
function dial(s: Stack, node: string, port: number, socketPath = s.dirs.gatewaySocket): Promise<string> {
  return new Promise((resolve) => {
    const headers = { connection: "upgrade", upgrade: "kindling-dial" };
    const req = request({ socketPath, path: `/v1/dial?node=${node}&port=${port}`, headers });
    req.on("upgrade", (res, socket) => {
      let text = "";
      // What was told before the end counts, however it ends.
      socket.on("error", () => undefined);
      socket.on("data", (chunk: Buffer) => {
        text += chunk.toString();
      });
      socket.on("close", () => resolve(`${res.statusCode} ${text}`));
      socket.write("GET / HTTP/1.0\r\n\r\n");
    });
    req.on("response", (res) => {
      let text = "";
      res.on("data", (chunk: Buffer) => {
        text += chunk.toString();
      });
      res.on("end", () => resolve(`${res.statusCode} ${text}`));
    });
    req.on("error", (error) => resolve(error.message));
    req.end();
  });
}
