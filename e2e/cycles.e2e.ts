import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import Docker from "dockerode";
import { label } from "../agents/protocol/labels.ts";
import type { Api } from "../cli/client.ts";
import { apiOf, untilGone, untilImages, untilPhase } from "./lib/api.ts";
import { type Installation, startInstallation } from "./lib/installation.ts";
import { nothingLeft } from "./lib/leftovers.ts";
import { reachedFrom, reachedFromHost } from "./lib/try-platform.ts";

// Lives of clusters, one after the other. KINDLING_CYCLES=20 for the long version.
const cycles = Number(process.env.KINDLING_CYCLES ?? 1);
const run = promisify(execFile);
let installation: Installation;
let api: Api;

before(
  async () => {
    installation = await startInstallation("10.72.0.0/18");
    api = await apiOf(installation, "dana");
    await untilImages(api, "analytics");
  },
  { timeout: 700_000 },
);
after(async () => {
  await installation?.stop();
  await installation?.remove();
});

/** Runs a program in a node as the services' user: its root may not even write to their files. */
async function inNode(node: string, ...command: string[]): Promise<string> {
  return (await run("docker", ["exec", "-u", "1000", await containerOf(node), ...command])).stdout;
}

async function containerOf(node: string): Promise<string> {
  const [container] = await new Docker().listContainers({ filters: { label: [`${label.node}=${node}`] } });
  if (!container) throw new Error(`${node} has no container`);
  return container.Id;
}

for (let cycle = 1; cycle <= cycles; cycle++)
  test(`life ${cycle}: created, stopped, started, deleted; addresses and /data stay, nothing is left`, { timeout: 400_000 }, async (t) => {
    const times: number[] = [];
    const timed = async <T>(work: Promise<T>): Promise<T> => {
      const from = performance.now();
      const result = await work;
      times.push((performance.now() - from) / 1000);
      return result;
    };
    const { id } = await api.clusters.create.mutate({ tenant: "analytics", name: `life-${cycle}`, workerCount: 1 });
    const ref = { tenant: "analytics", cluster: id };
    const made = await timed(untilPhase(api, ref, "ready"));
    for (const node of made.nodes) await inNode(node.id, "dd", "if=/dev/urandom", "of=/data/notebooks/blob", "bs=1M", "count=4");
    const sums = await Promise.all(made.nodes.map((node) => inNode(node.id, "sha256sum", "/data/notebooks/blob")));
    if (cycle === 1) {
      assert.deepEqual(await reachedFromHost(installation, installation.ports), [...installation.ports.map(String), "database"]);
      for (const node of made.nodes) assert.deepEqual(await reachedFrom(await containerOf(node.id), installation.ports), []);
    }

    await api.clusters.stop.mutate(ref);
    await timed(untilPhase(api, ref, "stopped"));
    await api.clusters.start.mutate(ref);
    const again = await timed(untilPhase(api, ref, "ready"));
    assert.deepEqual(
      again.nodes.map(({ name, ip }) => ({ name, ip })),
      made.nodes.map(({ name, ip }) => ({ name, ip })),
    );
    assert.deepEqual(await Promise.all(again.nodes.map((node) => inNode(node.id, "sha256sum", "/data/notebooks/blob"))), sums);

    await api.clusters.delete.mutate({ ...ref, confirm: made.name });
    await timed(untilGone(api, ref));
    await nothingLeft(installation);
    t.diagnostic(`ready, stopped, ready again, gone after ${times.map((time) => time.toFixed(1)).join(", ")} s`);
  });
