import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { AccessCache, staying, type Verdict } from "./access.ts";
import type { ServiceHost } from "./host.ts";
import { Leases } from "./leases.ts";

const host: ServiceHost = { endpoint: "spark", clusterId: "cflights", origin: "http://spark-cflights.localhost:3001", secure: false };

beforeEach(() => mock.timers.enable({ apis: ["setTimeout", "Date"] }));
afterEach(() => mock.timers.reset());

/** Lets the timer fire and what it started settle. */
async function pass(ms: number): Promise<void> {
  mock.timers.tick(ms);
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

test("what a revoked login has open ends at the next look, others' stays", async () => {
  const allowed = new Map([
    ["a", true],
    ["b", true],
  ]);
  const leases = new Leases(async (_host, hash) => allowed.get(hash) === true);
  const ended: string[] = [];
  for (const hash of ["a", "a", "b"]) {
    const release = leases.take({
      host,
      hash,
      end: () => {
        ended.push(hash);
        release();
      },
    });
  }
  await pass(2000);
  assert.deepEqual(ended, []);
  allowed.set("a", false);
  await pass(2000);
  assert.deepEqual(ended, ["a", "a"]);
  assert.equal(leases.count("a"), 0);
  assert.equal(leases.count("b"), 1);
});

test("nobody is asked while nothing is open", async () => {
  let asked = 0;
  const leases = new Leases(async () => {
    asked++;
    return true;
  });
  leases.take({ host, hash: "a", end: () => {} })();
  await pass(10_000);
  assert.equal(asked, 0);
});

test("connections outlive a database that is away for a moment, not one that stays away", async () => {
  let ended = 0;
  const leases = new Leases(() => Promise.reject(new Error("away")), 2000, 30_000);
  leases.take({ host, hash: "a", end: () => ended++ });
  for (let seconds = 0; seconds < 28; seconds += 2) await pass(2000);
  assert.equal(ended, 0);
  for (let seconds = 0; seconds < 8; seconds += 2) await pass(2000);
  assert.ok(ended > 0);
});

test("a verdict is remembered for a second and no longer, a failure not at all", async () => {
  let asked = 0;
  let now = 0;
  let broken = false;
  const cache = new AccessCache(
    async (): Promise<Verdict> => {
      asked++;
      if (broken) throw new Error("away");
      return { kind: "signed-out" };
    },
    () => now,
  );
  await Promise.all([cache.get(host, "a"), cache.get(host, "a")]);
  assert.equal(asked, 1);
  now = 1001;
  broken = true;
  await assert.rejects(cache.get(host, "a"));
  broken = false;
  await cache.get(host, "a");
  assert.equal(asked, 3);
  now -= 3_600_000;
  await cache.get(host, "a");
  assert.equal(asked, 4, "not for an hour because the clock was set back by one");
});

test("what was cut is not let in again by the verdict from before", async () => {
  let kind: "signed-out" | "not-running" = "not-running";
  const look = async (): Promise<Verdict> => (kind === "signed-out" ? { kind } : { kind, cluster: "one", phase: "starting", reason: null });
  const cache = new AccessCache(look, () => 0);
  const allowed = staying(cache, look);
  assert.equal((await cache.get(host, "a")).kind, "not-running");
  assert.equal(await allowed(host, "a"), true);
  kind = "signed-out";
  assert.equal((await cache.get(host, "a")).kind, "not-running", "control: it is remembered");
  assert.equal(await allowed(host, "a"), false);
  assert.equal((await cache.get(host, "a")).kind, "signed-out");
});
