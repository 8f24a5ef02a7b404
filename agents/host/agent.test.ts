import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import fc from "fast-check";
import { label } from "../protocol/labels.ts";
import type { HostSpec, NodeSpec } from "../protocol/spec.ts";
import { rebuildImage } from "./converge/rebuild.ts";
import type { Mishap } from "./drivers/fake/engine.ts";
import { checkRootDisks } from "./monitor/root-disk.ts";
import { rebind } from "./rebind.ts";
import { installation, type Pretended, pretend } from "./testing/fakes.ts";
import { hostSpec, net, node, volume } from "./testing/specs.ts";

const segment = { ...net("tenantone", "segmentone").segment, subnet: "10.1.1.0/24", gateway: "10.1.1.254" };

function specOf(generation: number, count: number, part: Partial<NodeSpec> = {}, gone: "present" | "deleted" = "present"): HostSpec {
  const numbers = Array.from({ length: count }, (_, i) => i + 1);
  const nodes = numbers.map((n) =>
    node({
      id: `node${n}aaa`,
      ip: `10.1.1.${n}`,
      segment: "segmentone",
      volume: `volume${n}`,
      image: "image",
      tenant: "tenantone",
      ...part,
    }),
  );
  const volumes = numbers.map((n) => ({ ...volume(`volume${n}`, "tenantone"), desired: gone }));
  return hostSpec({
    installation,
    host: "testhost",
    generation,
    segments: [{ ...segment, desired: gone }],
    volumes,
    nodes,
    images: [{ bundle: "bundle", tag: "image" }],
  });
}

const allDone = (count: number) => (p: { nodes: { state: string; step: string }[] }) =>
  p.nodes.length === count && p.nodes.every((n) => n.state === "running" && (n.step === "done" || n.step === "services"));
const allGone = (p: { nodes: { state: string }[]; volumes: { state: string }[]; segments: { state: string }[] }) =>
  [...p.nodes, ...p.volumes, ...p.segments].every((x) => x.state === "absent");

describe("agent", () => {
  let p: Pretended;
  beforeEach(async () => {
    p = await pretend();
  });
  afterEach(() => p.dispose());

  it("brings nodes up and takes everything down again", async () => {
    await p.accept(specOf(1, 3));
    await p.until("running", allDone(3));
    assert.equal(p.engine.containers.size, 3);
    await p.accept(specOf(2, 3, { desired: "deleted" }, "deleted"));
    await p.until("gone", allGone);
    assert.deepEqual([p.engine.containers.size, p.engine.networks.size, p.volumes.disks.size, p.files.nodes.size], [0, 0, 0, 0]);
  });

  it("loads the packet filter once for nodes that start together, and once for those that go together", async (t) => {
    const { containers } = p.agent().world.drivers;
    const start = containers.start.bind(containers);
    let waits = 0;
    t.mock.method(containers, "start", async (id: string) => {
      waits += 25;
      await delay(waits);
      return start(id);
    });
    await p.accept(specOf(1, 3));
    await p.until("running", allDone(3));
    const bound = () => new Set(p.rules.filter((text) => text.includes(" elements = ")));
    assert.equal(bound().size, 1);
    const before = p.rules.length;
    await p.accept(specOf(2, 3, { desired: "deleted" }, "deleted"));
    await p.until("gone", allGone);
    await p.accept(specOf(3, 0, {}, "deleted"));
    await p.until("forgotten", () => p.agent().world.guardedBridges.size === 0);
    assert.deepEqual(new Set(p.rules.slice(before)).size, 1);
  });

  it("does nothing more for a spec that it already serves", async () => {
    await p.accept(specOf(1, 2));
    await p.until("running", allDone(2));
    const before = p.engine.calls.filter((op) => ["create", "start", "stop", "remove"].includes(op)).length;
    await p.accept(specOf(2, 2));
    await p.until("accepted", (x) => x.generation === 2 && allDone(2)(x));
    assert.equal(p.engine.calls.filter((op) => ["create", "start", "stop", "remove"].includes(op)).length, before);
  });

  it("starts a node that was asked for during the build of its image as soon as the image is there", async () => {
    p.images.clear();
    const gate = Promise.withResolvers<void>();
    p.builds.until = gate.promise;
    await p.accept(specOf(1, 0));
    await p.until("building", (x) => x.images[0]?.state === "building");
    await p.accept(specOf(2, 1));
    await p.until("waits for the image", (x) => x.nodes[0]?.step === "image" && x.volumes[0]?.state === "mounted");
    gate.resolve();
    await p.until("running", allDone(1));
  });

  it("keeps disk and container of a stopped node", async () => {
    await p.accept(specOf(1, 1));
    await p.until("running", allDone(1));
    const [id] = p.engine.containers.keys();
    await p.accept(specOf(2, 1, { desired: "stopped" }));
    await p.until("stopped", (x) => x.nodes[0]?.state === "stopped");
    assert.equal(p.volumes.disks.get("volume1")?.state, "mounted");
    await p.accept(specOf(3, 1));
    await p.until("running again", allDone(1));
    assert.deepEqual([...p.engine.containers.keys()], [id]);
  });

  describe("with an image whose build failed for good", () => {
    const fault = { code: "image_build_failed", message: "The image could not be built: no mirror.", retryable: false };
    const failed = (x: { images: { state: string; fault: unknown }[] }) => x.images[0]?.state === "failed" && x.images[0].fault !== null;
    beforeEach(async () => {
      p.images.clear();
      p.builds.fault = fault;
      await p.accept(specOf(1, 1));
      await p.until("failed", failed);
    });

    it("does not build it again by itself, nor for a spec that wants nothing else", async () => {
      await p.accept(specOf(2, 1));
      await p.until("accepted", (x) => x.generation === 2 && failed(x));
      assert.equal(p.builds.tried, 1);
    });

    it("builds it again for a higher incarnation, and never says the old failure meanwhile", async () => {
      p.builds.fault = null;
      await p.accept(specOf(2, 1, { incarnation: 2 }));
      const said: string[] = [];
      await p.until("running", (x) => {
        said.push(x.images[0]?.state ?? "");
        return allDone(1)(x);
      });
      assert.equal(p.builds.tried, 2);
      assert.ok(!said.slice(1).includes("failed"), said.join(" "));
    });

    it("builds it again when somebody asks, and only what it is to have", async () => {
      assert.equal(rebuildImage(p.agent().world, "another"), false);
      assert.equal(rebuildImage(p.agent().world, "image"), true);
      await p.until("failed again", (x) => failed(x) && p.builds.tried === 2);
      p.builds.fault = null;
      rebuildImage(p.agent().world, "image");
      await p.until("running", allDone(1));
      assert.equal(p.builds.tried, 3);
      rebuildImage(p.agent().world, "image");
      await p.until("still there", (x) => x.images[0]?.state === "present");
      assert.equal(p.builds.tried, 3);
    });
  });

  it("brings back a container that somebody removed, with its address", async () => {
    await p.accept(specOf(1, 1));
    await p.until("running", allDone(1));
    const [before] = [...p.engine.containers.values()];
    p.engine.containers.clear();
    p.engine.emit({ kind: "destroyed", id: before!.id, name: before!.request.name, labels: before!.request.labels, atMs: Date.now() });
    await p.until("back", (x) => allDone(1)(x) && p.engine.containers.size === 1);
    const [after] = [...p.engine.containers.values()];
    assert.notEqual(after?.id, before?.id);
    assert.equal(after?.request.ip, before?.request.ip);
  });

  it("brings an image back that somebody removed from the host", async () => {
    await p.accept(specOf(1, 1));
    await p.until("running", allDone(1));
    p.images.clear();
    await p.accept(specOf(2, 1, { incarnation: 2 }));
    await p.until("running again", (x) => allDone(1)(x) && x.nodes[0]?.incarnation === 2);
    assert.equal(p.builds.tried, 1);
  });

  it("does not call a node running that ended while it was started", async () => {
    let ended = 0;
    p.engine.mishap = (op) => {
      const [c] = [...p.engine.containers.values()];
      if (op !== "inspect" || ended > 0 || c?.state !== "running") return null;
      ended += 1;
      c.state = "exited";
      c.startedAt = null;
      p.engine.emit({ kind: "died", id: c.id, name: c.request.name, labels: { ...c.request.labels, exitCode: "3" }, atMs: Date.now() });
      return null;
    };
    await p.accept(specOf(1, 1));
    await p.until("running again", (x) => allDone(1)(x) && x.nodes[0]?.fault === null);
    assert.deepEqual([ended, p.engine.calls.filter((op) => op === "start").length], [1, 2]);
  });

  it("starts a node again that ended although a list of the engine's, which follows what it tells, still has it running", async (t) => {
    await p.accept(specOf(1, 1));
    await p.until("running", allDone(1));
    const { containers } = p.agent().world.drivers;
    const { list } = containers;
    const [c] = [...p.engine.containers.values()];
    p.mishaps((op) => (op === "start" ? "before" : null));
    c!.state = "exited";
    c!.startedAt = null;
    p.engine.emit({ kind: "died", id: c!.id, name: c!.request.name, labels: { ...c!.request.labels, exitCode: "3" }, atMs: Date.now() });
    const stale = t.mock.method(containers, "list", async () => (await list()).map((one) => ({ ...one, state: "running" })));
    p.engine.emit({ kind: "connected" });
    await p.until("looked", (x) => stale.mock.callCount() > 0 && x.facts.engine !== null);
    stale.mock.restore();
    p.mishaps(() => null);
    await p.until("running again", (x) => c!.state === "running" && allDone(1)(x) && x.nodes[0]?.fault === null);
  });

  it("finds the ports of the other nodes when the engine says nothing of one", async (t) => {
    await p.accept(specOf(1, 2));
    await p.until("running", allDone(2));
    const { world } = p.agent();
    const [mute, other] = [...world.containers.keys()];
    for (const [id, c] of world.containers) world.containers.set(id, { ...c, binding: null });
    const { containers } = world.drivers;
    const inspect: typeof containers.inspect = (id) => (id === mute ? new Promise(() => undefined) : containers.inspect(id));
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const bound = rebind({ ...world, drivers: { ...world.drivers, containers: { ...containers, inspect } } });
    await new Promise((resolve) => setImmediate(resolve));
    t.mock.timers.tick(10_000);
    await bound;
    t.mock.timers.reset();
    assert.deepEqual(
      [mute, other].map((id) => world.containers.get(id ?? "")?.binding !== null),
      [false, true],
    );
  });

  it("looks at the host once at a time, and again for what was asked meanwhile", async (t) => {
    await p.accept(specOf(1, 0));
    await p.until("looked", (x) => x.generation === 1);
    const { containers } = p.agent().world.drivers;
    const { list } = containers;
    const held = Promise.withResolvers<void>();
    let looks = 0;
    t.mock.method(containers, "list", async () => {
      looks += 1;
      await held.promise;
      return list();
    });
    p.engine.emit({ kind: "connected" });
    await p.until("looking", () => looks === 1);
    for (let n = 0; n < 20; n += 1) p.engine.emit({ kind: "connected" });
    held.resolve();
    await p.until("looked again", () => looks >= 2);
    for (let n = 0; n < 200; n += 1) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(looks, 2);
  });

  it("believes what it did itself more than a list that was begun before", async (t) => {
    await p.accept(specOf(1, 1));
    await p.until("running", allDone(1));
    const { world } = p.agent();
    const { networks, volumes } = world.drivers;
    const held = Promise.withResolvers<void>();
    let looks = 0;
    for (const driver of [networks, volumes]) {
      const list = driver.list.bind(driver) as () => Promise<never[]>;
      t.mock.method(driver, "list", async () => {
        const old = await list();
        looks += 1;
        if (looks <= 2) await held.promise;
        return old;
      });
    }
    p.engine.emit({ kind: "connected" });
    await p.until("looking", () => looks === 2);
    await p.accept(specOf(2, 1, { desired: "deleted" }, "deleted"));
    await p.until("gone", allGone);
    await p.accept(specOf(3, 0, {}, "deleted"));
    const loads = t.mock.method(world.drivers.firewall, "apply");
    held.resolve();
    await p.until("the list was read", () => looks > 2 || loads.mock.callCount() > 0);
    for (let n = 0; n < 200; n += 1) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual([[...world.networks.keys()], [...world.volumes.keys()], [...world.orphans.keys()]], [[], [], []]);
  });

  it("makes a new container when the incarnation rises, and never two for one node", async () => {
    await p.accept(specOf(1, 1));
    await p.until("running", allDone(1));
    const [before] = p.engine.containers.keys();
    await p.accept(specOf(2, 1, { incarnation: 2 }));
    await p.until("replaced", (x) => allDone(1)(x) && x.nodes[0]?.incarnation === 2);
    assert.equal(p.engine.containers.size, 1);
    assert.notEqual([...p.engine.containers.keys()][0], before);
  });

  it("says that its nodes are on the network again once the packet filter lets them", async (t) => {
    const leased = { ...specOf(1, 1), leaseSeconds: 10 };
    await p.accept(leased);
    await p.until("running", (x) => allDone(1)(x) && !x.fenced);
    // Nobody knows how long the platform has been silent.
    await p.restart();
    await p.until("running off the network", (x) => allDone(1)(x) && x.fenced);
    const { world } = p.agent();
    const load = world.drivers.firewall.apply;
    const held = Promise.withResolvers<void>();
    t.mock.method(world.drivers.firewall, "apply", (text: string) => held.promise.then(() => load(text)));
    await p.accept(leased);
    await p.until("to be let on", () => !world.fenced());
    assert.equal(p.picture().fenced, true);
    held.resolve();
    await p.until("on the network", (x) => !x.fenced);
  });

  it("refuses an older generation, halts, and goes on with a newer one", async () => {
    await p.accept(specOf(5, 1));
    await p.until("running", allDone(1));
    await assert.rejects(p.accept(specOf(4, 1, { desired: "deleted" }, "deleted")), /generation 5.*sends 4/);
    assert.equal(p.picture().fault?.code, "generation_newer");
    assert.equal(p.engine.containers.size, 1);
    await p.accept(specOf(6, 1));
    await p.until("going on", (x) => x.fault === null && allDone(1)(x));
  });

  it("refuses a generation that only a container's label remembers", async () => {
    await p.accept(specOf(7, 1));
    await p.until("running", allDone(1));
    const fresh = await pretend();
    try {
      for (const [id, c] of p.engine.containers) fresh.engine.containers.set(id, c);
      fresh.engine.power(true);
      await fresh.until("seen", (x) => x.generation === 7);
      await assert.rejects(fresh.accept(specOf(3, 0)));
      assert.equal(fresh.engine.containers.size, 1, "an old database must not collect what it does not know");
    } finally {
      await fresh.dispose();
    }
  });

  it("shows that the engine is away, and goes on when it is back", async () => {
    p.engine.power(false);
    await p.accept(specOf(1, 2));
    await p.until("fault", (x) => x.fault?.code === "engine_unreachable");
    p.engine.power(true);
    await p.until("running", (x) => allDone(2)(x) && x.fault === null);
  });

  it("tries again what an engine refused while it ended, once one is there again", async () => {
    await p.accept(specOf(1, 1));
    await p.until("running", allDone(1));
    // An engine that is told to end stops its containers first, and says all kinds of things to whoever starts them again.
    p.engine.mishap = (op) => (op === "start" ? "refused" : null);
    const [c] = [...p.engine.containers.values()];
    c!.state = "exited";
    p.engine.emit({ kind: "died", id: c!.id, name: c!.request.name, labels: { ...c!.request.labels, exitCode: "0" }, atMs: Date.now() });
    await p.until("refused", (x) => x.nodes[0]?.fault?.retryable === false);
    p.engine.power(false);
    p.engine.mishap = () => null;
    p.engine.power(true);
    await p.until("running again", (x) => allDone(1)(x) && x.nodes[0]?.fault === null);
  });

  it("comes back after its own restart without touching what runs", async () => {
    await p.accept(specOf(1, 2));
    await p.until("running", allDone(2));
    const ids = [...p.engine.containers.keys()];
    await p.restart();
    await p.until("running", allDone(2));
    assert.deepEqual([...p.engine.containers.keys()], ids);
    const last = p.rules.at(-1) ?? "";
    assert.ok(last.includes("10.1.1.1") && last.includes("10.1.1.2"), "the packet filter forgot a running node");
  });

  it("waits for the secrets after a reboot, and for nothing else", async () => {
    await p.accept(specOf(1, 1));
    await p.until("running", allDone(1));
    for (const c of p.engine.containers.values()) c.state = "exited";
    p.files.nodes.clear();
    p.volumes.reboot();
    await p.restart();
    await p.until("disk back", (x) => x.volumes[0]?.state === "mounted");
    assert.equal(p.picture().nodes[0]?.state, "exited");
    await p.accept(specOf(1, 1));
    await p.until("running", allDone(1));
  });

  it("keeps the secrets that it holds when the platform cannot read them any more", async () => {
    const secrets = { "jupyter-token": "the-secret" };
    const unread = { secrets: { "jupyter-token": "" } };
    await p.accept(specOf(1, 1, { secrets }));
    await p.until("running", allDone(1));
    const [id] = p.engine.containers.keys();
    await p.accept(specOf(2, 1, unread));
    await p.until("done", (x) => x.generation === 2 && allDone(1)(x));
    assert.deepEqual([...p.engine.containers.keys()], [id]);
    const files = [...p.files.nodes.values()][0];
    assert.ok(JSON.stringify(files).includes("the-secret"), "the node lost its secret");
    // A container that ended is started again with what is there, after the agent's own restart too.
    for (const c of p.engine.containers.values()) c.state = "exited";
    await p.restart();
    await p.accept(specOf(3, 1, unread));
    await p.until("running again", allDone(1));
    // With the host's memory gone it waits, and never starts with an empty secret.
    for (const c of p.engine.containers.values()) c.state = "exited";
    p.files.nodes.clear();
    p.volumes.reboot();
    await p.restart();
    await p.accept(specOf(4, 1, unread));
    await p.until("waits", (x) => x.nodes[0]?.fault?.code === "secrets_missing");
    assert.deepEqual([...p.files.nodes.values()], []);
    await p.accept(specOf(5, 1, { secrets }));
    await p.until("running with it", allDone(1));
  });

  it("never writes a secret to the disk", async () => {
    await p.accept(specOf(1, 1, { secrets: { "jupyter-token": "the-very-secret" } }));
    await p.until("running", allDone(1));
    const text = await readFile(`${p.agent().world.env.state}/spec.json`, "utf8");
    assert.ok(text.includes("jupyter-token") && !text.includes("the-very-secret"));
    assert.ok(![...p.engine.containers.values()].some((c) => JSON.stringify(c.request).includes("the-very-secret")));
  });

  it("guards the ports of a node that is to go for as long as it runs", async () => {
    await p.accept(specOf(1, 1));
    await p.until("running", allDone(1));
    p.mishaps((op) => (/stop|remove/.test(op) ? "before" : null));
    const before = p.rules.length;
    await p.accept(specOf(2, 1, { desired: "deleted" }));
    await p.until("tried", (x) => p.rules.length > before && x.generation === 2 && x.nodes[0]?.fault !== null);
    assert.match(p.rules.at(-1) ?? "", /ip daddr 10\.1\.1\.1 ip saddr != \{ 10\.1\.1\.1 \} tcp dport \{ 8888 \} drop/);
    p.mishaps(() => null);
    await p.until("gone", (x) => x.nodes[0]?.state === "absent");
  });

  it("collects what no spec names, and puts disks aside instead of deleting them", async () => {
    await p.accept(specOf(1, 2));
    await p.until("running", allDone(2));
    await p.accept(specOf(2, 1));
    await p.until("collected", () => p.engine.containers.size === 1 && p.volumes.disks.get("volume2")?.state === "quarantined");
    assert.equal(p.volumes.disks.get("volume1")?.state, "mounted");
  });

  it("keeps what no spec names behind the packet filter, closed, until it is collected", async () => {
    const patient = await pretend({ env: { KINDLING_ORPHAN_GRACE: "600" } });
    try {
      await patient.accept(specOf(1, 1));
      await patient.until("running", allDone(1));
      await patient.accept({ ...specOf(2, 0), segments: [] });
      const o = await patient.until("reported", (x) => x.orphans.length === 3);
      assert.deepEqual(o.orphans.map((x) => x.kind).sort(), ["container", "network", "volume"]);
      await patient.until("closed", () => new RegExp(`iifname "${segment.bridge}" drop`).test(patient.rules.at(-1) ?? ""));
      assert.equal(patient.engine.containers.size, 1);
    } finally {
      await patient.dispose();
    }
  });

  it("tells the cards that anything of ours may use: what runs without a spec, what a spec starts; not what rests", async () => {
    const id = (n: number): string => `GPU-5c6f8f1c-0d1e-4a2b-9c3d-11223344556${n}`;
    const patient = await pretend({ env: { KINDLING_ORPHAN_GRACE: "600" } });
    try {
      await patient.accept(specOf(1, 1, { gpus: [id(2), id(1)] }));
      const o = await patient.until("running", allDone(1));
      assert.deepEqual(o.heldCards, [id(1), id(2)]);
      // Another host by name, on the same machine: nothing is known of what runs here.
      await patient.accept(specOf(2, 0));
      await patient.until("orphaned", (x) => x.nodes.length === 0 && x.orphans.some(({ kind }) => kind === "container"));
      assert.deepEqual(patient.picture().heldCards, [id(1), id(2)]);
      await patient.accept(specOf(3, 1, { gpus: [id(3)] }));
      await patient.until("made anew", (x) => allDone(1)(x) && x.heldCards?.join() === id(3));
      await patient.accept(specOf(4, 1, { gpus: [id(3)], desired: "stopped" }));
      await patient.until("at rest", (x) => x.nodes[0]?.state === "stopped");
      assert.equal(patient.picture().heldCards, undefined);
      // It is about to be started, whatever the engine says just now.
      patient.mishaps((op) => (op === "start" ? "before" : null));
      await patient.accept(specOf(5, 1, { gpus: [id(3)] }));
      await patient.until("tried", (x) => x.nodes[0]?.fault !== null);
      assert.deepEqual(patient.picture().heldCards, [id(3)]);
    } finally {
      await patient.dispose();
    }
  });

  it("leaves other installations' containers alone", async () => {
    const foreign = {
      id: "foreign",
      request: { name: "other", network: "x", ip: "1.1.1.1", labels: { [label.installation]: "otherinstall" } },
      state: "running" as const,
      startedAt: null,
    };
    p.engine.containers.set("foreign", foreign);
    await p.accept(specOf(1, 1));
    await p.until("running", allDone(1));
    await p.accept(specOf(2, 0));
    await p.until("collected", () => p.engine.containers.size === 1);
    assert.ok(p.engine.containers.has("foreign"));
  });

  it("starts a node again that ended by itself, and says so", async () => {
    await p.accept(specOf(1, 1));
    await p.until("running", allDone(1));
    const [c] = [...p.engine.containers.values()];
    c!.state = "exited";
    p.engine.emit({ kind: "died", id: c!.id, name: c!.request.name, labels: { ...c!.request.labels, exitCode: "3" }, atMs: Date.now() });
    assert.match(p.picture().nodes[0]?.fault?.message ?? "", /exit code 3/);
    await p.until("running again", (x) => allDone(1)(x) && x.nodes[0]?.fault === null);
  });
});

describe("a node that fills its root disk", () => {
  it("is stopped with a reason and waits for people", async () => {
    const p = await pretend();
    try {
      await p.accept(specOf(1, 1, { resources: { vcpus: 1, memoryMb: 256, pids: 64, rootMb: 0 } }));
      await p.until("running", allDone(1));
      await checkRootDisks(p.agent().world);
      const stopped = await p.until("stopped", (x) => x.nodes[0]?.state === "exited");
      assert.match(stopped.nodes[0]?.fault?.message ?? "", /wrote 1 MB outside \/data, its flavor allows 0 MB/);
      assert.equal(stopped.nodes[0]?.fault?.retryable, false);
      await p.accept(specOf(2, 1, { incarnation: 2 }));
      await p.until("running again", (x) => allDone(1)(x) && x.nodes[0]?.fault === null);
    } finally {
      await p.dispose();
    }
  });
});

describe("a container that cannot be measured", () => {
  it("lets no other fill the host", async (t) => {
    const p = await pretend();
    try {
      await p.accept(specOf(1, 2, { resources: { vcpus: 1, memoryMb: 256, pids: 64, rootMb: 0 } }));
      await p.until("running", allDone(2));
      const { world } = p.agent();
      const { layerMb } = world.drivers.containers;
      const [odd] = world.containers.keys();
      t.mock.method(world.drivers.containers, "layerMb", (id: string) => (id === odd ? Promise.reject(new Error("odd")) : layerMb(id)));
      await assert.rejects(checkRootDisks(world), /odd/);
      assert.deepEqual(
        p.picture().nodes.map((n) => n.fault?.code ?? null),
        [null, "root_disk_full"],
      );
    } finally {
      await p.dispose();
    }
  });
});

describe("agent with faults", () => {
  const kinds: Mishap[] = ["before", "after", "lost"];

  it("converges and leaks nothing, whichever calls fail and whenever it restarts", async () => {
    const plan = fc.record({
      faults: fc.array(fc.tuple(fc.nat(60), fc.nat(2)), { maxLength: 25 }),
      restarts: fc.array(fc.nat(3), { maxLength: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(plan, async ({ faults, restarts }) => {
        const p = await pretend();
        try {
          const due = new Map(faults.map(([at, kind]) => [at, kinds[kind] ?? null]));
          let call = 0;
          p.mishaps(() => {
            call += 1;
            return due.get(call) ?? null;
          });
          const specs = [specOf(1, 2), specOf(2, 2, { incarnation: 2 }), specOf(3, 2, { desired: "stopped" }), specOf(4, 2)];
          for (const [i, spec] of specs.entries()) {
            await p.accept(spec);
            if (restarts.includes(i)) {
              await p.restart();
              await p.accept(spec);
            }
            if (i % 2 === 1) {
              await p.until(
                `generation ${spec.generation}`,
                (x) => allDone(2)(x) && x.nodes.every((n) => n.incarnation === (i === 1 ? 2 : 1)),
              );
              assert.equal(p.engine.containers.size, 2);
            }
          }
          await p.accept(specOf(5, 2, { desired: "deleted" }, "deleted"));
          await p.until("gone", allGone);
          assert.deepEqual([p.engine.containers.size, p.engine.networks.size, p.volumes.disks.size, p.files.nodes.size], [0, 0, 0, 0]);
        } finally {
          await p.dispose();
        }
      }),
      { numRuns: 30, endOnFailure: true },
    );
  });
});
