import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import { HostError } from "../../../agents/protocol/errors.ts";
import type { HostObservation } from "../../../agents/protocol/observed.ts";
import type { HostSpec, NodeSpec } from "../../../agents/protocol/spec.ts";
import type { HostAgent } from "../port.ts";

/** A host to be tested: an agent behind the port, and what the test needs to know about it. */
export interface HostUnderTest {
  readonly agent: HostAgent;
  readonly installation: string;
  readonly host: string;
  /** An image that the host has or can make, and how a spec names it. */
  readonly image: string;
  readonly images: HostSpec["images"];
  /** First three numbers of a /24 that is free on this machine. */
  readonly net: string;
  /** The agent's process ends and starts again; the engine and the disks stay. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Every picture since it began to listen, with a way to wait for one. */
interface Listening {
  readonly seen: { picture: HostObservation; first: boolean }[];
  until(what: string, test: (picture: HostObservation) => boolean): Promise<HostObservation>;
  stop(): Promise<void>;
}

function listenTo(agent: HostAgent): Listening {
  const stop = new AbortController();
  const seen: Listening["seen"] = [];
  const waiting = new Set<() => void>();
  const ended = agent.observe((picture, first) => {
    seen.push({ picture, first });
    for (const look of waiting) look();
  }, stop.signal);
  return {
    seen,
    until: (what, passes) =>
      new Promise((resolve, reject) => {
        const give = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`${what} did not come about; last picture: ${JSON.stringify(seen.at(-1)?.picture)}`));
        }, 90_000);
        const look = (): void => {
          const last = seen.at(-1)?.picture;
          if (!last || !passes(last)) return;
          clearTimeout(give);
          waiting.delete(look);
          resolve(last);
        };
        waiting.add(look);
        look();
      }),
    async stop() {
      stop.abort();
      await ended;
    },
  };
}

const hasRefused = (code: RegExp) => (error: unknown) =>
  error instanceof HostError && !error.fault.retryable && code.test(error.fault.code);

/** What every host keeps, real or pretended, seen through the port that the reconciler uses. */
export function hostContract(name: string, make: () => Promise<HostUnderTest>): void {
  const check = (what: string, body: (under: HostUnderTest, listening: Listening) => Promise<void>): void =>
    void test(`${name}: ${what}`, async () => {
      const under = await make();
      const listening = listenTo(under.agent);
      try {
        await body(under, listening);
      } finally {
        await listening.stop();
        await under.close();
      }
    });
  const nodeOf = (picture: HostObservation) => picture.nodes.find((node) => node.id === "nodeone");

  check("its first picture is marked and says who it is", async (under, { seen, until }) => {
    await until("a picture", () => true);
    assert.deepEqual([seen[0]?.first, seen[0]?.picture.host, seen[0]?.picture.installation], [true, under.host, under.installation]);
    assert.ok((seen[0]?.picture.facts.memoryMb ?? 0) > 0);
  });

  check("a node comes with its address and disk, stops, and comes back", async (under, { until, seen }) => {
    assert.equal(await under.agent.apply(specOf(under, 2, "running")), 2);
    const running = await until("a running node", (picture) => nodeOf(picture)?.state === "running");
    assert.equal(nodeOf(running)?.ip, `${under.net}.2`);
    assert.equal(running.generation, 2);
    assert.equal(running.volumes[0]?.state, "mounted");
    assert.equal(running.segments[0]?.state, "present");
    await under.agent.apply(specOf(under, 3, "stopped"));
    await until("a stopped node", (picture) => picture.generation === 3 && nodeOf(picture)?.state === "stopped");
    await under.agent.apply(specOf(under, 4, "running"));
    await until("a running node", (picture) => picture.generation === 4 && nodeOf(picture)?.state === "running");
    const sequences = seen.map(({ picture }) => picture.sequence);
    assert.deepEqual(
      sequences,
      [...new Set(sequences)].sort((a, b) => a - b),
      "sequences rise",
    );
  });

  check("deleting leaves nothing, and absent is only said when it is done", async (under, { until, seen }) => {
    await under.agent.apply(specOf(under, 2, "running"));
    await until("a running node", (picture) => nodeOf(picture)?.state === "running");
    await under.agent.apply(specOf(under, 3, "deleted"));
    await until(
      "nothing",
      (picture) =>
        picture.generation === 3 &&
        nodeOf(picture)?.state === "absent" &&
        picture.volumes[0]?.state === "absent" &&
        picture.segments[0]?.state === "absent",
    );
    const states = seen.filter(({ picture }) => picture.generation === 3).map(({ picture }) => nodeOf(picture)?.state);
    assert.ok(
      states.slice(states.indexOf("absent")).every((state) => state === "absent"),
      `it came back: ${states.join(" ")}`,
    );
  });

  check("what is deleted before it was made is absent", async (under, { until }) => {
    await under.agent.apply(specOf(under, 2, "deleted"));
    await until(
      "nothing",
      (picture) => picture.generation === 2 && nodeOf(picture)?.state === "absent" && picture.volumes[0]?.state === "absent",
    );
  });

  check("a deletion that overtakes the creation wins", async (under, { until }) => {
    await under.agent.apply(specOf(under, 2, "running"));
    await under.agent.apply(specOf(under, 3, "deleted"));
    await until(
      "nothing",
      (picture) => picture.generation === 3 && nodeOf(picture)?.state === "absent" && picture.volumes[0]?.state === "absent",
    );
  });

  check("the same spec twice is the same as once, an older one is refused", async (under, { until }) => {
    assert.equal(await under.agent.apply(specOf(under, 5, "running")), 5);
    assert.equal(await under.agent.apply(specOf(under, 5, "running")), 5);
    await until("a running node", (picture) => nodeOf(picture)?.state === "running");
    await assert.rejects(under.agent.apply(specOf(under, 4, "deleted")), hasRefused(/generation/));
  });

  check(
    "a disk at rest goes to another host: it comes whole or not at all, and where nobody asked for it never",
    async (under, { until }) => {
      const signal = AbortSignal.timeout(120_000);
      const copyOf = (picture: HostObservation, id: string) => picture.volumes.find((row) => row.id === id)?.copy?.state;
      await under.agent.apply(specOf(under, 2, "running"));
      await until("a running node", (picture) => nodeOf(picture)?.state === "running");
      await assert.rejects(under.agent.send("volumeone", signal), hasRefused(/not_found/));
      const leaving = specOf(under, 3, "deleted");
      const [disk] = specOf(under, 3, "running").volumes;
      assert.ok(disk);
      const second = { ...disk, id: "volumetwo" };
      const incoming = [{ id: second.id, tenant: disk.tenant, sizeMb: disk.sizeMb, driver: disk.driver }];
      const copying = { ...leaving, volumes: [disk], outgoing: [disk.id], incoming };
      await under.agent.apply(copying);
      await until(
        "a disk at rest",
        (picture) =>
          nodeOf(picture)?.state === "absent" && copyOf(picture, "volumeone") === "ready" && copyOf(picture, "volumetwo") === "waiting",
      );
      await assert.rejects(under.agent.send("volumetwo", signal), hasRefused(/not_found/));
      await assert.rejects(under.agent.receive("volumeone", Readable.from(["x"]), signal), hasRefused(/not_found/));
      await assert.rejects(
        under.agent.receive("volumetwo", Readable.from([Buffer.from("no disk at all, but long enough")]), signal),
        HostError,
      );
      const half = await under.agent.send("volumeone", signal);
      await assert.rejects(under.agent.receive("volumetwo", Readable.from(beginningOf(half)), signal), HostError);
      half.destroy();
      // A picture of before it began would say the same, and the host may still have to see that nobody listens any more.
      await under.agent.apply({ ...copying, generation: 4 });
      await until(
        "nothing of it",
        (picture) => picture.generation === 4 && copyOf(picture, "volumetwo") === "waiting" && copyOf(picture, "volumeone") === "ready",
      );
      await under.agent.receive("volumetwo", await under.agent.send("volumeone", signal), signal);
      const whole = await until(
        "the whole disk, and nothing of it on its way",
        (picture) => copyOf(picture, "volumetwo") === "complete" && copyOf(picture, "volumeone") === "ready",
      );
      assert.equal(whole.volumes.find((row) => row.id === "volumetwo")?.state, "present");
      await under.agent.receive("volumetwo", await under.agent.send("volumeone", signal), signal);
      await under.agent.apply({ ...leaving, generation: 5, volumes: [{ ...disk, desired: "deleted" }, second] });
      await until(
        "the new disk in use, the old one gone",
        (picture) => picture.generation === 5 && picture.volumes.map((row) => row.state).join() === "absent,mounted",
      );
      await assert.rejects(under.agent.send("volumeone", signal), hasRefused(/not_found/));
      await under.agent.apply({ ...leaving, generation: 6, volumes: [{ ...second, desired: "deleted" }] });
      await until("nothing", (picture) => picture.generation === 6 && picture.volumes[0]?.state === "absent");
    },
  );

  check("a spec for another host is refused", async (under) => {
    await assert.rejects(under.agent.apply({ ...specOf(under, 2, "running"), host: "anotherhost" }), hasRefused(/wrong_host/));
  });

  check("an agent that starts again knows what it had accepted, and says so as the first thing", async (under, { until, seen }) => {
    await under.agent.apply(specOf(under, 2, "running"));
    await until("a running node", (picture) => nodeOf(picture)?.state === "running");
    const before = seen.length;
    await under.restart();
    const again = await until("a picture after the restart", () => seen.length > before && seen.slice(before).some((entry) => entry.first));
    assert.equal(again.generation, 2);
    await under.agent.apply(specOf(under, 2, "running"));
    await until("the same node", (picture) => nodeOf(picture)?.state === "running" && picture.facts.engine !== null);
  });
}

/** The first few bytes, and then the end. */
async function* beginningOf(stream: Readable): AsyncGenerator<Buffer> {
  for await (const chunk of stream) {
    yield Buffer.from(chunk).subarray(0, 10);
    return;
  }
}

function specOf(under: HostUnderTest, generation: number, desired: NodeSpec["desired"]): HostSpec {
  const there = desired !== "deleted";
  const tenant = "tenantone";
  return {
    protocol: 1,
    installation: under.installation,
    host: under.host,
    generation,
    leaseSeconds: null,
    deny: [],
    incoming: [],
    outgoing: [],
    images: under.images,
    segments: [
      {
        id: "segmentone",
        tenant,
        desired: there ? "present" : "deleted",
        subnet: `${under.net}.0/24`,
        gateway: `${under.net}.254`,
        bridge: `kc${under.installation.slice(-9)}`,
        mtu: 1500,
        uplink: { kind: "none" },
        dns: [],
        members: there ? [{ ip: `${under.net}.2`, name: "node-1", cluster: "clusterone", via: null, remote: false }] : [],
        egress: "open",
        allow: [],
      },
    ],
    volumes: [{ id: "volumeone", tenant, name: "node-1", sizeMb: 64, driver: "loop", desired: there ? "present" : "deleted" }],
    nodes: [
      {
        id: "nodeone",
        name: "node-1",
        domain: "test.local",
        tenant,
        cluster: { id: "clusterone", name: "one" },
        role: "master",
        desired,
        image: under.image,
        segment: "segmentone",
        ip: `${under.net}.2`,
        volume: "volumeone",
        resources: { vcpus: 0.5, memoryMb: 256, pids: 128, rootMb: 1024 },
        capabilities: ["CHOWN", "KILL", "SETGID", "SETUID"],
        gpus: [],
        sudo: false,
        filter: "engine",
        services: [],
        spark: null,
        origins: {},
        secrets: { "spark-auth": "a secret of the test" },
        incarnation: 1,
      },
    ],
  };
}
