import assert from "node:assert/strict";
import { test } from "node:test";
import { makeFakeHost } from "../hosts/fake/host.ts";
import { picture } from "../hosts/fake/picture.ts";
import type { OnObservation } from "../hosts/port.ts";
import { lead } from "./lead.ts";
import { memoryStore } from "./store/memory.ts";
import { rowsWith } from "./testing/rows.ts";

test("a host that speaks in another one's name is not believed", async () => {
  const store = memoryStore(rowsWith([], 2));
  const end = new AbortController();
  const say = new Map<string, OnObservation>();
  const lines: { op: string; fields: Record<string, unknown> }[] = [];
  const { promise: heard, resolve } = Promise.withResolvers<void>();
  const { promise: connected, resolve: both } = Promise.withResolvers<void>();
  const leading = lead(
    {
      store: {
        ...store,
        async observe(write) {
          await store.observe(write);
          if (write.host) resolve();
        },
      },
      now: Date.now,
      newId: (prefix) => `${prefix}000001`,
      site: { origin: (endpoint, id) => `http://${endpoint}-${id}.localhost` },
      log: (_level, op, fields) => void lines.push({ op, fields }),
      connect: (target) => ({
        observe(onObservation, signal) {
          say.set(target.id, onObservation);
          if (say.size === 2) both();
          return new Promise((done) => signal.addEventListener("abort", () => done(), { once: true }));
        },
        apply: (spec) => Promise.resolve(spec.generation),
        send: () => Promise.reject(new Error("nothing is copied")),
        receive: () => Promise.reject(new Error("nothing is copied")),
      }),
      onDesired: () => Promise.resolve(() => Promise.resolve()),
    },
    end.signal,
  );
  await connected;
  const pictureOf = (id: string) => picture(makeFakeHost({ id, installation: "isite", now: Date.now }));
  say.get("host0")?.(pictureOf("host1"), true);
  say.get("host0")?.(pictureOf("host0"), true);
  await heard;
  end.abort();
  await leading;
  assert.deepEqual(
    store.rows().hosts.map((host) => [host.id, host.observedAt !== null]),
    [
      ["host0", true],
      ["host1", false],
    ],
  );
  assert.deepEqual(
    lines.filter(({ op }) => op === "observe.foreign").map(({ fields }) => fields),
    [{ host: "host0", says: "host1" }],
  );
});
