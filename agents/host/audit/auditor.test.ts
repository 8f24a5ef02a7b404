import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import type { FakeContainer } from "../drivers/fake/engine.ts";
import type { Picture } from "../observe.ts";
import { installation, type Pretended, pretend } from "../testing/fakes.ts";
import { hostSpec, net, node, volume } from "../testing/specs.ts";

const segment = { ...net("tenantone", "segmentone").segment, subnet: "10.1.1.0/24", gateway: "10.1.1.254" };
const one = { id: "node1aaa", ip: "10.1.1.1", segment: "segmentone", volume: "volume1", image: "image", tenant: "tenantone" };

const two = { ...one, id: "node2aaa", ip: "10.1.1.2", volume: "volume2" };

const spec = (generation: number, desired: "running" | "stopped" = "running", count = 1) =>
  hostSpec({
    ...{ installation, host: "testhost", generation, segments: [segment] },
    volumes: [volume("volume1", "tenantone"), volume("volume2", "tenantone")].slice(0, count),
    nodes: [node({ ...one, desired }), node({ ...two, desired })].slice(0, count),
    images: [{ bundle: "bundle", tag: "image" }],
  });
const differing = (p: Picture): string[] | null => p.nodes[0]?.audit?.differences.map(({ what }) => what) ?? null;
const compared = (p: Picture): boolean => differing(p) !== null;
const flagged = (p: Picture): boolean => differing(p)?.join() === "memory";

describe("containers are compared with what was approved", () => {
  let p: Pretended;
  beforeEach(async () => {
    mock.timers.enable({ apis: ["setInterval"] });
    p = await pretend();
    await p.accept(spec(1));
    await p.until("compared", compared);
  });
  afterEach(async () => {
    await p.dispose();
    mock.timers.reset();
  });
  const container = (): FakeContainer => {
    const [found] = p.engine.containers.values();
    assert.ok(found);
    return found;
  };

  it("as soon as one runs", () => assert.deepEqual(differing(p.picture()), []));

  it("at once when the engine tells that somebody altered one", async () => {
    const { id, request } = container();
    p.engine.altered.set(id, { memory: "512 MB" });
    p.engine.emit({ kind: "altered", id, name: request.name, labels: request.labels, atMs: Date.now() });
    const seen = await p.until("flagged", flagged);
    assert.deepEqual(seen.nodes[0]?.audit?.differences, [{ what: "memory", approved: "256 MB", engine: "512 MB" }]);
  });

  it("every half minute where the engine tells nothing, and well again once it is as it was", async () => {
    p.engine.altered.set(container().id, { memory: "512 MB" });
    mock.timers.tick(30_000);
    await p.until("flagged", flagged);
    p.engine.altered.clear();
    mock.timers.tick(30_000);
    await p.until("well again", (x) => differing(x)?.length === 0);
  });

  it("every half minute, also while the engine says nothing of another one", async (t) => {
    await p.accept(spec(2, "running", 2));
    await p.until("both compared", (x) => x.nodes.length === 2 && x.nodes.every((n) => n.audit !== null));
    const { containers } = p.agent().world.drivers;
    const { examine } = containers;
    const [mute, other] = [...p.agent().world.containers.keys()];
    let asked = 0;
    const sometimes: typeof examine = (id, request) => {
      if (id !== mute) return examine(id, request);
      asked += 1;
      return new Promise(() => undefined);
    };
    t.mock.method(containers, "examine", sometimes);
    p.engine.altered.set(other ?? "", { memory: "512 MB" });
    t.mock.timers.enable({ apis: ["setTimeout"] });
    mock.timers.tick(30_000);
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    t.mock.timers.tick(10_000);
    t.mock.timers.reset();
    await p.until("the other one is flagged", (x) => x.nodes.some((n) => (n.audit?.differences.length ?? 0) > 0));
    mock.timers.tick(30_000);
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(asked, 1, "a question that waits for its answer is not asked again");
  });

  it("one that was altered is made anew by the next start, another is only started", async () => {
    const first = container().id;
    const restart = async (generation: number) => {
      await p.accept(spec(generation, "stopped"));
      await p.until("stopped", (x) => x.nodes[0]?.state === "stopped");
      await p.accept(spec(generation + 1));
      await p.until("running", (x) => x.nodes[0]?.state === "running" && compared(x));
      return container().id;
    };
    assert.equal(await restart(2), first);
    p.engine.altered.set(first, { memory: "512 MB" });
    mock.timers.tick(30_000);
    await p.until("flagged", flagged);
    assert.notEqual(await restart(4), first);
    assert.deepEqual(differing(p.picture()), []);
  });

  it("as they are when they are attested, only those that were asked for", async () => {
    const { auditor } = p.agent();
    p.engine.altered.set(container().id, { memory: "512 MB" });
    const [found, ...more] = await auditor.attest((wanted) => wanted.id === one.id);
    assert.deepEqual(more, []);
    assert.deepEqual([found?.node, found?.approved.memory, found?.engine.memory], [one.id, "256 MB", "512 MB"]);
    assert.equal(found?.differences.length, 1);
    assert.deepEqual(await auditor.attest((wanted) => wanted.tenant === "tenanttwo"), []);
    p.engine.power(false);
    await assert.rejects(
      auditor.attest(() => true),
      "what cannot be compared is not attested",
    );
    p.engine.power(true);
  });
});
