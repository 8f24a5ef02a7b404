import assert from "node:assert/strict";
import { test } from "node:test";
import { pretend } from "../testing/fakes.ts";
import { hostSpec, net, node, volume } from "../testing/specs.ts";
import { makeMonitor } from "./monitor.ts";

test("root disks that are still being measured are not measured a second time beside it", async (t) => {
  const p = await pretend();
  try {
    const { segment } = net("tenantone", "segmentone");
    const one = node({ id: "node1aaa", ip: "10.1.1.1", segment: segment.id, volume: "volume1", image: "image", tenant: "tenantone" });
    const parts = {
      segments: [segment],
      volumes: [volume("volume1", "tenantone")],
      nodes: [one],
      images: [{ bundle: "bundle", tag: "image" }],
    };
    await p.accept(hostSpec({ installation: "installone", host: "testhost", generation: 1, ...parts }));
    await p.until("running", (x) => x.nodes[0]?.state === "running");
    const { world } = p.agent();
    let asked = 0;
    const measured = Promise.withResolvers<number>();
    const layerMb = (): Promise<number> => {
      asked += 1;
      return measured.promise;
    };
    t.mock.timers.enable({ apis: ["setInterval"] });
    const monitor = makeMonitor({ ...world, drivers: { ...world.drivers, containers: { ...world.drivers.containers, layerMb } } });
    t.after(() => monitor.stop());
    t.mock.timers.tick(180_000);
    assert.equal(asked, 1);
    measured.resolve(1);
    await new Promise((resolve) => setImmediate(resolve));
    t.mock.timers.tick(60_000);
    assert.equal(asked, 2);
    t.mock.timers.reset();
  } finally {
    await p.dispose();
  }
});
