import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { knowsCopies } from "../../agents/protocol/copy.ts";
import { type FakeAgent, fakeAgent } from "../hosts/fake/agent.ts";
import { type FakeHost, makeFakeHost } from "../hosts/fake/host.ts";
import type { HostAgent } from "../hosts/port.ts";
import { hostViews } from "../services/hosts/list.ts";
import { lead } from "./lead.ts";
import { memoryStore } from "./store/memory.ts";
import { cluster, rowsWith } from "./testing/rows.ts";

/** A reconciler with two hosts of which both can copy, and a ready cluster on the first. */
async function site(wrap: (agent: HostAgent, host: string) => HostAgent = (agent) => agent) {
  const store = memoryStore(rowsWith([cluster()], 2));
  store.edit((rows) => ({
    ...rows,
    hosts: rows.hosts.map((host, index) => (index === 1 ? { ...host, mode: "cordoned" as const } : host)),
  }));
  const facts = { understands: [knowsCopies] };
  const hosts: FakeHost[] = ["host0", "host1"].map((id) =>
    makeFakeHost({ id, installation: "isite", now: Date.now, facts, peers: () => hosts }),
  );
  const agents = new Map<string, FakeAgent>(hosts.map((host) => [host.id, fakeAgent(host)]));
  let ids = 0;
  let wake = (): void => undefined;
  let stop = new AbortController();
  const begin = () =>
    lead(
      {
        store,
        now: Date.now,
        newId(prefix) {
          ids += 1;
          return `${prefix}${String(ids).padStart(6, "0")}`;
        },
        site: { origin: (endpoint, id) => `http://${endpoint}-${id}.localhost` },
        log: () => undefined,
        connect: ({ id }) => wrap(agents.get(id)!, id),
        onDesired: async (call) => {
          wake = call;
          return async () => undefined;
        },
      },
      stop.signal,
    );
  let leading = begin();
  const until = async (what: string, test: () => boolean): Promise<void> => {
    for (let tries = 0; !test(); tries += 1) {
      if (tries > 1500) throw new Error(`${what} did not come about: ${JSON.stringify(store.rows().nodes.map((n) => n.hostId))}`);
      await wait(10);
    }
  };
  const ready = (): boolean => store.rows().clusters[0]?.phase === "ready";
  const mode = (of: "active" | "draining" | "cordoned", index = 0): void => {
    const drainData = of === "draining" ? ("copy" as const) : null;
    store.edit((rows) => ({
      ...rows,
      hosts: rows.hosts.map((host, at) => (at === index ? { ...host, mode: of, drainData } : host)),
    }));
    wake();
  };
  await until("a ready cluster", ready);
  mode("active", 1);
  return {
    store,
    hosts,
    until,
    ready,
    mode,
    on: (host: string) => store.rows().nodes.filter((node) => node.hostId === host).length,
    written: () =>
      store.rows().nodes.map(({ hostId, volumeId }) => hosts.find(({ id }) => id === hostId)?.disk.volumes.get(volumeId)?.written ?? []),
    progress: () => hostViews(store.rows(), new Date())[0]?.progress ?? "",
    async restart() {
      stop.abort();
      await leading;
      stop = new AbortController();
      leading = begin();
    },
    async end() {
      stop.abort();
      await leading;
    },
  };
}

test("a host is drained: nodes come up elsewhere with what they had on /data, and the old disks are kept", async () => {
  const at = await site();
  try {
    const before = at.written();
    const old = at.store.rows().nodes.map((node) => node.volumeId);
    at.mode("draining");
    await at.until("a move", () => at.on("host1") === 2 && at.ready());
    const after = at.written();
    assert.deepEqual(
      after.map((lines, index) => lines.slice(0, before[index]?.length)),
      before,
    );
    assert.ok(
      after.every((lines, index) => lines.length > (before[index]?.length ?? 0)),
      "they went on there",
    );
    assert.deepEqual(
      at.store
        .rows()
        .volumes.filter((row) => row.state === "kept")
        .map((row) => row.id)
        .sort(),
      [...old].sort(),
    );
    assert.ok(at.store.rows().volumes.every((row) => row.copyOf === null));
  } finally {
    await at.end();
  }
});

test("whatever breaks a copy off, it begins again; cancelled, nodes are where they were with what they had", async () => {
  let failures = 0;
  let held = Promise.withResolvers<void>();
  let hold = false;
  const at = await site((agent, host) => ({
    ...agent,
    async receive(volume, content, signal) {
      if (host !== "host1") return agent.receive(volume, content, signal);
      if (hold) {
        // Nothing comes, until the reconciler ends.
        held.resolve();
        return agent.receive(volume, new PassThrough(), signal);
      }
      failures += 1;
      if (failures < 4) throw new Error("the connection is cut");
      return agent.receive(volume, content, signal);
    },
  }));
  try {
    const before = at.written();
    hold = true;
    at.mode("draining");
    await held.promise;
    await at.until("words", () => /\/data of kindling-1 is being copied from host-1 to host-2/.test(at.progress()));
    held = Promise.withResolvers();
    await at.restart();
    await held.promise;
    at.mode("active");
    await at.until("them back", () => at.on("host0") === 2 && at.ready());
    assert.deepEqual(
      at.written().map((lines, index) => lines.slice(0, before[index]?.length)),
      before,
    );
    await at.until("no copy left", () => at.store.rows().volumes.length === 2);
    assert.deepEqual(at.hosts[1]?.disk.volumes.size, 0);
    hold = false;
    at.mode("draining");
    await at.until("a move", () => at.on("host1") === 2 && at.ready());
    assert.ok(failures > 3);
  } finally {
    await at.end();
  }
});
