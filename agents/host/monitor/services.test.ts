import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ServiceObservation } from "../../protocol/observed.ts";
import type { Process } from "../supervisor/client.ts";
import { killedIn } from "./oom.ts";
import { observeService, settled } from "./services.ts";

const process = (state: number, part: Partial<Process> = {}): Process => ({
  name: "jupyter",
  state,
  start: 1_700_000_000,
  stop: 0,
  pid: 7,
  spawnerr: "",
  description: "",
  ...part,
});

describe("a service's state", () => {
  it("is healthy once it answers, although supervisor still waits its second", () => {
    const { observation } = observeService("jupyter", undefined, process(10), true);
    assert.deepEqual([observation.state, observation.healthy, observation.since], ["running", true, "2023-11-14T22:13:20.000Z"]);
  });

  it("is not healthy when something answers that supervisor does not run", () => {
    assert.equal(observeService("jupyter", undefined, process(200), true).observation.healthy, false);
    assert.equal(observeService("jupyter", undefined, null, true).observation.healthy, false);
  });

  it("counts restarts, but not the first start", () => {
    const first = observeService("jupyter", undefined, process(20), true);
    const same = observeService("jupyter", first, process(20), true);
    const unknown = observeService("jupyter", same, null, false);
    const again = observeService("jupyter", unknown, process(20, { start: 1_700_000_100 }), true);
    assert.deepEqual(
      [first, same, unknown, again].map((m) => m.observation.restarts),
      [0, 0, 0, 1],
    );
  });

  it("says in a sentence why it does not run, without control characters", () => {
    const { observation } = observeService("jupyter", undefined, process(200, { spawnerr: "can't find\u001b[31m command\n" }), false);
    assert.match(observation.detail ?? "", /^It ended too often.*can't find \[31m command/);
    assert.equal(observeService("jupyter", undefined, process(20), true).observation.detail, null);
  });

  it("is never what the other side must refuse, whatever a node's supervisor claims", () => {
    for (const start of [253_402_300_800, 8.639e12, 1e300, -1e300]) {
      const { observation } = observeService("jupyter", undefined, process(200, { start, spawnerr: `${"x".repeat(199)}\u{1f600}` }), false);
      assert.ok(ServiceObservation.safeParse(observation).success, JSON.stringify(observation));
      assert.ok(observation.detail?.isWellFormed());
    }
  });

  it("is settled when all answer and every worker has registered", () => {
    const healthy = observeService("jupyter", undefined, process(20), true).observation;
    const master = { aliveWorkers: 2, cores: 2, coresUsed: 0, applications: [] };
    assert.equal(settled([healthy], master, 3), false);
    assert.equal(settled([healthy], { ...master, aliveWorkers: 3 }, 3), true);
    assert.equal(settled([healthy, { ...healthy, healthy: false }], null, 3), false);
  });
});

describe("the kernel's log", () => {
  it("names the process that was killed in this container", () => {
    const line = (id: string, task: string) =>
      `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/docker/${id},task_memcg=/docker/${id},task=${task},pid=7,uid=1000`;
    const log = [line("aaa", "java"), line("bbb", "python3"), line("aaa", "evil\u001b")].join("\n");
    assert.equal(killedIn(log, "bbb"), "python3");
    assert.equal(killedIn(log, "aaa"), "evil?");
    assert.equal(killedIn(log, "ccc"), null);
  });
});
