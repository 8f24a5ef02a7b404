import assert from "node:assert/strict";
import { test } from "node:test";
import { CreateCluster } from "../../../server/services/clusters/schemas.ts";
import type { DistributionView, FlavorView } from "../../../server/services/views.ts";
import { defaults, follow, toCreate, tooSmall } from "./form.ts";

const flavor = (slug: string, vcpus: number, memoryMb: number): FlavorView => ({
  slug,
  name: slug,
  vcpus,
  memoryMb,
  dataGb: 10,
  gpus: 0,
  rootGb: 20,
});
const distribution = (id: string, type: "spark" | "utility", master: number, worker: number | null): DistributionView => ({
  id,
  name: id,
  type,
  summary: "",
  contents: [],
  services: [],
  minimumMemoryMb: { master, worker },
  image: { state: "present", progress: null, sizeMb: 1, reason: null, seconds: null },
});
const offer = {
  flavors: [flavor("large", 4, 8192), flavor("tiny", 1, 1024), flavor("small", 1, 4096), flavor("mini", 1, 2048)],
  distributions: [
    distribution("spark-35", "spark", 2048, 1024),
    distribution("spark-43", "spark", 4096, 2048),
    distribution("bare", "utility", 256, null),
  ],
};

test("a name is enough: the smallest flavors the roles live in", () => {
  assert.deepEqual(defaults(offer, "kim-1"), {
    name: "kim-1",
    type: "spark",
    distribution: "spark-35",
    masterFlavor: "mini",
    workerCount: 1,
    workerFlavor: "tiny",
    dataVolume: "",
    segment: "",
    capabilitySet: "",
  });
});

test("the tenant's usual flavor is offered first where the role lives in it", () => {
  const small = defaults({ ...offer, usualFlavor: "small" }, "kim-1");
  assert.deepEqual([small.masterFlavor, small.workerFlavor], ["small", "small"]);
  const tiny = defaults({ ...offer, usualFlavor: "tiny" }, "kim-1");
  assert.deepEqual([tiny.masterFlavor, tiny.workerFlavor], ["mini", "tiny"], "too small for a master");
  assert.equal(defaults({ ...offer, usualFlavor: "gone" }, "kim-1").masterFlavor, "mini", "one that is not offered is none");
});

test("what the address says wins where it exists", () => {
  const values = defaults(offer, "kim-1", { distribution: "spark-43", masterFlavor: "large", workerFlavor: "gone" });
  assert.deepEqual([values.distribution, values.masterFlavor, values.workerFlavor], ["spark-43", "large", "mini"]);
});

test("a network is asked for only when one was chosen", () => {
  const values = defaults(offer, "kim-1");
  assert.equal("segment" in toCreate("analytics", values), false);
  assert.equal(toCreate("analytics", { ...values, segment: "lab" }).segment, "lab");
});

test("another distribution lifts only the flavors that became too small", () => {
  const values = follow(offer, { ...defaults(offer, "x"), masterFlavor: "large", distribution: "spark-43" }, "distribution");
  assert.deepEqual([values.masterFlavor, values.workerFlavor], ["large", "mini"]);
});

test("Utility starts with no workers, and Spark gets one back", () => {
  const utility = follow(offer, { ...defaults(offer, "x"), type: "utility" }, "type");
  assert.deepEqual([utility.distribution, utility.workerCount, utility.masterFlavor], ["bare", 0, "mini"]);
  assert.equal(follow(offer, { ...utility, type: "spark" }, "type").workerCount, 1);
});

test("a flavor with GPUs is chosen, not got", () => {
  const cards = { ...flavor("cards", 1, 1024), gpus: 1 };
  assert.equal(defaults({ ...offer, flavors: [cards, ...offer.flavors] }, "x").workerFlavor, "tiny");
  assert.equal(defaults({ ...offer, flavors: [cards] }, "x").workerFlavor, "cards");
});

test("a flavor that is too small says what is needed", () => {
  assert.equal(tooSmall(offer.flavors[1]!, offer.distributions[0], "master"), "Too small: a master needs 2 GB");
});

test("what the form sends is what the API takes", () => {
  const sent = CreateCluster.parse(toCreate("analytics", defaults(offer, "kim-1")));
  assert.equal(sent.workerFlavor, "tiny");
  assert.equal(sent.dataVolume, undefined);
});
