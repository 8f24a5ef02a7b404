import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { installation, type Pretended, pretend } from "../../agents/host/testing/fakes.ts";
import { emptySpec } from "../../agents/host/testing/specs.ts";
import { HostError } from "../../agents/protocol/errors.ts";
import type { HostSpec } from "../../agents/protocol/spec.ts";
import { connectHost } from "./client.ts";
import type { HostAgent } from "./port.ts";
import { makeTransport } from "./transport.ts";

const disk = { id: "volumeone", tenant: "tenantone", name: "node-1", sizeMb: 64, driver: "loop", desired: "present" } as const;
const coming = { id: "volumetwo", tenant: "tenantone", sizeMb: 64, driver: "loop" } as const;

function spec(generation: number, more: Partial<HostSpec>): HostSpec {
  return { ...emptySpec({ installation, host: "testhost", generation }), ...more };
}

/** A disk at rest beside one that is to come, on an agent behind its real sockets. */
async function ready(body: (agent: HostAgent, host: Pretended, signal: AbortSignal) => Promise<void>): Promise<void> {
  const host = await pretend();
  const { env } = host.agent().world;
  const target = { id: "testhost", endpoint: `unix:${env.run}`, certificate: null };
  try {
    await host.accept(spec(2, { volumes: [disk], outgoing: [disk.id], incoming: [coming] }));
    await host.until("rest", (p) => p.volumes.map((row) => row.copy?.state).join() === "ready,waiting");
    await body(connectHost({ host: target, transport: makeTransport("reconciler", null) }), host, AbortSignal.timeout(20_000));
  } finally {
    await host.dispose();
  }
}

async function* stuck(): AsyncGenerator<Buffer> {
  yield Buffer.from("KNDLDSK1");
  await new Promise(() => undefined);
}

test("a disk that is wanted again breaks its copy off before anybody has it", () =>
  ready(async (agent, host, signal) => {
    Object.assign(host.volumes, {
      async send() {
        async function* chunks() {
          for (let offset = 0; ; offset += 5) {
            yield { offset, bytes: Buffer.from("bytes") };
            await wait(5);
          }
        }
        return { sizeBytes: 1_048_576, dataBytes: 10, chunks: chunks() };
      },
    });
    const stream = await agent.send(disk.id, signal);
    await assert.rejects(agent.send(disk.id, signal), (error) => error instanceof HostError && error.fault.code === "busy");
    await host.until("sending", (p) => p.volumes[0]?.copy?.state === "sending");
    const read = (async () => {
      for await (const _ of stream);
    })();
    read.catch(() => undefined);
    await host.accept(spec(3, { volumes: [disk], incoming: [coming] }));
    await assert.rejects(read);
    await host.until("use", (p) => p.volumes[0]?.state === "mounted" && p.volumes[0].copy === undefined);
  }));

test("one that is not to come any more is absent only when nothing of it comes", () =>
  ready(async (agent, host, signal) => {
    const receiving = agent.receive(coming.id, Readable.from(stuck()), signal);
    receiving.catch(() => undefined);
    await host.until("receiving", (p) => p.volumes[1]?.copy?.state === "receiving");
    await assert.rejects(
      agent.receive(coming.id, Readable.from(stuck()), signal),
      (error) => error instanceof HostError && error.fault.code === "busy",
    );
    await host.accept(spec(3, { volumes: [disk, { ...disk, id: coming.id, desired: "deleted" }] }));
    await assert.rejects(receiving);
    await host.until("nothing", (p) => p.volumes.find((row) => row.id === coming.id)?.state === "absent");
    assert.equal(host.agent().world.transfers.size, 0);
    assert.deepEqual([...host.volumes.disks.keys()], [disk.id]);
  }));

test("who carries and goes leaves nothing, and the host says why", () =>
  ready(async (agent, host) => {
    const gone = new AbortController();
    const receiving = agent.receive(coming.id, Readable.from(stuck()), gone.signal);
    receiving.catch(() => undefined);
    await host.until("receiving", (p) => p.volumes[1]?.copy?.state === "receiving");
    gone.abort();
    await assert.rejects(receiving);
    const seen = await host.until("waiting", (p) => p.volumes[1]?.copy?.state === "waiting");
    assert.match(seen.volumes[1]?.fault?.message ?? "", /begins again/);
    assert.equal(host.volumes.partial.size, 0);
  }));

test("who sends a disk that is refused hears why, however much is still to be sent", async () => {
  const folder = await mkdtemp(join(tmpdir(), "kindling-refusing-"));
  const thread = new Worker(new URL("./testing/refusing.ts", import.meta.url), { workerData: { folder } });
  try {
    await once(thread, "message");
    const agent = connectHost({
      host: { id: "testhost", endpoint: folder, certificate: null },
      transport: makeTransport("reconciler", null),
    });
    const told = new Set<string>();
    // Whether the answer is read or the end of the connection noticed first is chance: about one in a hundred.
    for (let round = 0; round < 500; round += 1) {
      const large = Readable.from(Array.from({ length: 64 }, () => Buffer.alloc(65_536)));
      const error: unknown = await agent.receive(coming.id, large, AbortSignal.timeout(20_000)).catch((caught: unknown) => caught);
      told.add(error instanceof HostError ? error.fault.code : String(error));
    }
    assert.deepEqual([...told], ["not_found"]);
  } finally {
    await thread.terminate();
    await rm(folder, { recursive: true });
  }
});
