import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, request } from "node:http";
import { type AddressInfo, createServer as createService, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { paths } from "../../protocol/verbs.ts";
import { installation, pretend } from "../testing/fakes.ts";
import { hostSpec, net, node, volume } from "../testing/specs.ts";
import { onUpgrade } from "./dial.ts";

test("a slow reader gets an answer to its end, although the service is gone by then", { timeout: 120_000 }, async () => {
  const p = await pretend();
  const folder = await mkdtemp(join(tmpdir(), "kindling-dial-"));
  const socketPath = join(folder, "gateway.sock");
  let size = 0;
  // A service that answers with so much and hangs up.
  const service = createService((socket) => {
    socket.on("error", () => undefined);
    socket.end(Buffer.alloc(size, "x"));
  });
  const agent = createServer();
  try {
    const own = node({ id: "nodeone", ip: "10.1.1.1", segment: "segmentone", volume: "volumeone", image: "image", tenant: "tenantone" });
    await p.accept(
      hostSpec({
        ...{ installation, host: "testhost", generation: 1, images: [{ bundle: "bundle", tag: "image" }], nodes: [own] },
        ...{ segments: [{ ...net("tenantone", "segmentone").segment, subnet: "10.1.1.0/24", gateway: "10.1.1.254" }] },
        volumes: [volume("volumeone", "tenantone")],
      }),
    );
    await p.until("running", (x) => x.nodes[0]?.state === "running");
    service.listen(0, "127.0.0.1");
    await once(service, "listening");
    const { port } = service.address() as AddressInfo;
    const { world } = p.agent();
    const here = { ...own, ip: "127.0.0.1", services: own.services.map((one) => ({ ...one, guarded: [port] })) };
    agent.on("upgrade", (req, socket, head) => onUpgrade({ ...world, store: { ...world.store, node: () => here } }, req, socket, head));
    agent.listen(socketPath);
    await once(agent, "listening");
    // Somewhere in between the socket is full when the service hangs up.
    for (size = 150_000; size <= 400_000; size += 25_000) {
      const headers = { connection: "upgrade", upgrade: "kindling-dial" };
      const asked = request({ socketPath, path: `${paths.dial}?node=${own.id}&port=${port}`, headers }).end();
      const [, socket, head] = (await once(asked, "upgrade")) as [unknown, Socket, Buffer];
      let bytes = head.length;
      socket.on("error", () => undefined).pause();
      for (let turn = 0; turn < 100; turn += 1) await setImmediate();
      for await (const chunk of socket) bytes += (chunk as Buffer).length;
      assert.equal(bytes, size);
    }
  } finally {
    service.close();
    agent.closeAllConnections();
    agent.close();
    await p.dispose();
    await rm(folder, { recursive: true });
  }
});
