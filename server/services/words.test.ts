import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { actionOf } from "./audit/refusal.ts";
import { waitingWords } from "./clusters/get.ts";
import { ClusterName } from "./clusters/schemas.ts";
import { sizeWords } from "./clusters/summary.ts";
import { best, imageView } from "./distributions/list.ts";
import { browserWords } from "./sessions/list.ts";
import { exceeded, unlimited } from "./tenants/quota.ts";
import { suggestName } from "./tenants/suggest-name.ts";

const flavor = (slug: string, name: string) => ({ id: slug, slug, name, vcpus: 1, memoryMb: 1024, dataGb: 1, rootGb: 1, gpus: 0 });
const small = flavor("small", "Small");
const medium = flavor("medium", "Medium");

describe("words that people read", () => {
  it("say a cluster's size", () => {
    const size = (master: typeof small, workerCount: number, worker: typeof small) =>
      sizeWords({ masterFlavor: master, workerFlavor: worker, workerCount });
    assert.deepEqual(
      [size(medium, 3, small), size(small, 3, small), size(medium, 0, small)],
      ["1 Medium + 3 Small", "4 Small", "1 Medium"],
    );
  });
  it("suggest a name that is free and allowed, whatever people are called", () => {
    assert.equal(suggestName("dana", ["dana-1", "dana-3"]), "dana-2");
    assert.equal(suggestName("Jörg.O'Neil@example.com", []), "jo-rg-o-neil-example-com-1");
    fc.assert(
      fc.property(fc.string(), fc.array(fc.nat(5)), (username, taken) => {
        const suggested = suggestName(username, []);
        assert.ok(ClusterName.safeParse(suggested).success, suggested);
        const names = taken.map((n) => suggested.replace(/1$/, String(n)));
        assert.ok(!names.includes(suggestName(username, names)));
      }),
    );
  });
  it("name the limit, what is used and what would be needed", () => {
    const take = (vcpus: number) => ({ clusters: 1, nodes: 1, vcpus, memoryMb: 1, dataGb: 1, gpus: 0 });
    const quota = (used: number) => ({
      tenant: { name: "Analytics", limits: { ...unlimited, vcpus: 8 }, used: take(used) },
      person: { name: null, limits: unlimited, used: take(used) },
      asks: "member" as const,
    });
    assert.equal(exceeded(quota(6), take(2)), null);
    assert.match(
      exceeded(quota(6), take(4)) ?? "",
      /^The tenant Analytics may use 8 vCPUs; 6 are taken and this needs 4 vCPUs\. Stop or delete/,
    );
    // Less of something is never refused, even where a limit was lowered below what is used.
    assert.equal(exceeded(quota(60), take(0)), null);
  });
  it("say who holds the cores", () => {
    const app = (name: string, cores: number, state: string) => ({ id: name, name, cores, state, startedAt: "" });
    assert.equal(waitingWords([app("a", 2, "RUNNING"), app("b", 0, "WAITING")], 2), "b waits: a holds 2 of 2 cores");
    assert.equal(waitingWords([app("a", 0, "RUNNING")], 0), "a waits for cores");
    assert.equal(waitingWords([app("a", 2, "RUNNING")], 2), null);
  });
  it("say which browser", () => {
    assert.equal(
      browserWords("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0 Safari/537.36"),
      "Chromium on Linux",
    );
    assert.equal(browserWords("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605 Version/18 Safari/605"), "Safari on macOS");
    assert.equal(browserWords(null), "Another program");
  });
  it("name actions as the audit trail does", () => {
    assert.deepEqual(["clusters.create", "clusters.restartService", "volumes.delete"].map(actionOf), [
      "cluster.create",
      "cluster.restart-service",
      "volume.delete",
    ]);
  });
  it("say of several hosts' images the one that matters", () => {
    const image = (state: string) =>
      imageView({
        bundle: "a",
        tag: "a:1",
        state,
        progress: null,
        startedAt: "2026-03-01T12:00:00Z",
        endedAt: "2026-03-01T12:01:30Z",
        sizeMb: 5,
        fault: null,
      });
    assert.equal(best([image("failed"), image("present"), image("building")]).state, "present");
    assert.equal(best([]).state, "absent");
    assert.equal(image("present").seconds, 90);
    assert.equal(imageView({ nonsense: true }).state, "absent");
  });
});
