import assert from "node:assert/strict";
import { test } from "node:test";
import { plan } from "../../planner/plan.ts";
import type { Snapshot } from "../../planner/snapshot.ts";
import { hostSpec } from "../../planner/spec/host-spec.ts";
import { touchedHosts } from "../../planner/spec/touched.ts";
import { run } from "./run.ts";

const site = { origin: (endpoint: string, cluster: string) => `http://${endpoint}-${cluster}.localhost` };

test("a host whose spec changes is never passed over, whatever happened between two pictures", async () => {
  let [compared, spared] = [0, 0];
  for (let seed = 1; seed <= 25; seed += 1) {
    let before: Snapshot | null = null;
    const { violation } = await run({
      seed,
      plan: (rows, now, newId) => {
        const touched = before && touchedHosts(before, rows);
        for (const { id } of before && touched ? rows.hosts : []) {
          compared += 1;
          if (!before || touched?.has(id)) continue;
          spared += 1;
          assert.equal(JSON.stringify(hostSpec(rows, id, 0, site)), JSON.stringify(hostSpec(before, id, 0, site)));
        }
        before = rows;
        return plan(rows, now, newId);
      },
    });
    assert.equal(violation, null);
  }
  assert.ok(spared > compared / 2, `only ${spared} of ${compared} were spared`);
});
