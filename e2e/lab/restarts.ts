/**
 * `npm run lab:restarts`: the engine of a host is restarted and its power taken, many times; each time every node comes back with its address and its
 * /data, without people. KINDLING_LAB_RESTARTS and KINDLING_LAB_REBOOTS say how often (100 and 20).
 */
import assert from "node:assert/strict";
import { basename } from "node:path";
import { untilGone, untilPhase } from "../lib/api.ts";
import type { LabHost } from "./host.ts";
import { type Running, type Site, startSite, tenant, untilImagesThere } from "./site.ts";
import { say, seconds, table } from "./words.ts";

const times = (name: string, usual: number): number => {
  const wanted = Number(process.env[name] ?? usual);
  if (!Number.isInteger(wanted) || wanted < 0) throw new Error(`${name} is a whole number.`);
  return wanted;
};
const restarts = times("KINDLING_LAB_RESTARTS", 100);
const reboots = times("KINDLING_LAB_REBOOTS", 20);

type Ref = { tenant: string; cluster: string };

const blob = "/data/home/blob";

/** Runs a program in a node as the services' user, to its good end. */
async function inNode(node: Running, ...command: string[]): Promise<string> {
  const { code, out } = await node.host.exec(node.id, command, { user: "1000" });
  assert.equal(code, 0, `${command.join(" ")} in ${node.name}: ${out}`);
  return out.trim();
}

const checksum = async (node: Running): Promise<string> => (await inNode(node, "sha256sum", blob)).slice(0, 64);
const words = (node: Running, sum: string): string => `${node.name} ${node.ip} on ${node.host.name}, ${node.volume}, ${sum}`;
const picture = async (nodes: readonly Running[]): Promise<string[]> =>
  (await Promise.all(nodes.map(async (node) => words(node, await checksum(node))))).sort();

/** Every node of the host is well in the eyes of its agent, and every cluster in those of the platform. */
async function ready(site: Site, host: LabHost, refs: readonly Ref[], nodes: readonly Running[]): Promise<void> {
  const here = nodes.filter((node) => node.host === host).map(({ id }) => id);
  await host.until(
    "every node runs",
    (o) =>
      o.fault === null &&
      o.facts.engine !== null &&
      here.every((id) =>
        o.nodes.some((n) => n.id === id && n.state === "running" && n.step === "done" && n.services.every((s) => s.healthy)),
      ),
    180_000,
  );
  for (const ref of refs) await untilPhase(site.dana, ref, "ready", 180);
}

async function main(): Promise<void> {
  const site = await startSite("10.81.0.0/18");
  try {
    await untilImagesThere(site.lab);
    await site.sam.segments.create.mutate({ owner: tenant, name: "across", uplink: "vxlan" });
    const refs: Ref[] = [];
    for (const [name, type, workerCount] of [
      ["sparks", "spark", 1],
      ["tools", "utility", 3],
    ] as const) {
      const { id } = await site.dana.clusters.create.mutate({ tenant, name, type, workerCount, segment: "across" });
      refs.push({ tenant, cluster: id });
      await untilPhase(site.dana, { tenant, cluster: id }, "ready", 240);
    }
    const nodes = await site.running();
    for (const node of nodes) await inNode(node, "dd", "if=/dev/urandom", `of=${blob}`, "bs=1M", "count=2", "conv=fsync");
    const before = await picture(nodes);
    // The one with the Spark master has the most to bring back.
    const host = nodes.find(({ role }) => role === "master")?.host ?? assert.fail("no master");
    const there = nodes.filter((node) => node.host === host);
    say(`    ${host.name} has ${there.map(({ name, ip }) => `${name} ${ip}`).join(", ")}`);

    const rows: string[][] = [];
    const round = async (what: string, count: number, act: () => Promise<void>) => {
      const took: number[] = [];
      for (let n = 1; n <= count; n++) {
        const old = (await site.running()).filter((node) => node.host === host).map(({ container }) => container);
        const from = performance.now();
        await act();
        await ready(site, host, refs, nodes);
        took.push(performance.now() - from);
        const now = await site.running();
        assert.deepEqual(await picture(now), before, `${what} ${n}: every node is where it was, with its address and its data`);
        assert.equal(old.length, there.length, "control: there was something to bring back");
        if (n % 10 === 0) say(`    ${what} ${n} of ${count}: ${seconds(took.at(-1) ?? 0)}`);
      }
      const sorted = took.sort((a, b) => a - b);
      const at = (part: number) => seconds(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0);
      if (count > 0) rows.push([what, String(count), `${count * there.length}`, at(0), at(0.5), at(0.9), at(1)]);
    };
    await round("engine restart", restarts, async () => {
      await host.stopEngine();
      await host.startEngine();
    });
    await round("reboot", reboots, async () => {
      await host.powerOff();
      await host.powerOn();
    });
    table(["what", "times", "nodes back", "best", "median", "9 of 10", "worst"], rows);
    for (const [i, ref] of refs.entries()) {
      await site.dana.clusters.delete.mutate({ ...ref, confirm: ["sparks", "tools"][i] ?? "" });
      await untilGone(site.dana, ref, 120);
    }
  } finally {
    await site.remove();
  }
}

say(`${basename(import.meta.filename)}: ${restarts} restarts of an engine, ${reboots} reboots`);
await main();
