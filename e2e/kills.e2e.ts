import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { Api } from "../cli/client.ts";
import { apiOf, untilGone, untilImages, untilPhase } from "./lib/api.ts";
import { type Installation, startInstallation } from "./lib/installation.ts";
import { nothingLeft } from "./lib/leftovers.ts";
import { eventually } from "./lib/wait.ts";

// Parts of the platform are killed at random moments of a creation. KINDLING_KILLS=20 for the long version.
const kills = Number(process.env.KINDLING_KILLS ?? 3);
const parts = ["reconciler", "agent", "portal", "gateway"] as const;
let installation: Installation;
let api: Api;

before(
  async () => {
    installation = await startInstallation("10.73.0.0/18");
    api = await apiOf(installation, "rhea");
    await untilImages(api, "research");
  },
  { timeout: 700_000 },
);
after(async () => {
  await installation?.stop();
  await installation?.remove();
});

for (let round = 1; round <= kills; round++)
  test(`creation ${round} completes although parts are killed in the middle of it`, { timeout: 400_000 }, async (t) => {
    const { id } = await api.clusters.create.mutate({ tenant: "research", name: `kill-${round}`, workerCount: 1 });
    const ref = { tenant: "research", cluster: id };
    // Every part in turn, and now and then all of them at once; any moment of the first four seconds.
    const victims = round % 5 === 0 ? parts : [parts[(round - 1) % parts.length] ?? "agent"];
    const moment = Math.random() * 4000;
    await delay(moment);
    for (const victim of victims) process.kill(await installation.partPid(victim), "SIGKILL");
    t.diagnostic(`killed ${victims.join(", ")} after ${moment.toFixed(0)} ms`);
    const ready = await untilPhase(api, ref, "ready");
    assert.equal(ready.nodes.length, 2);
    assert.equal(new Set(ready.nodes.map((node) => node.ip)).size, 2);
    await eventually(async () => api.clusters.delete.mutate({ ...ref, confirm: ready.name }).catch(() => undefined));
    await untilGone(api, ref);
    await nothingLeft(installation);
  });
