/**
 * What happens to hosts while they work: drained, without power, cut off from the others for a moment, for longer, and for longer than the platform waits.
 * All the while both hosts and the database are looked at: no address and no volume ever has two owners.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { untilGone, untilPhase } from "../lib/api.ts";
import { eventually } from "../lib/wait.ts";
import { fillData, sumsOf } from "./data.ts";
import { longSum } from "./job.ts";
import { createOn, declareLost, during, hostOf, masterOf, otherHost, place, type Ref, untilHost, untilLeft } from "./moving.ts";
import type { Owners } from "./owners.ts";
import { type Site, startSite, tenant, untilImagesThere } from "./site.ts";
import { watched } from "./watch.ts";
import { say, seconds, table } from "./words.ts";

/** Seconds for which a host is cut off; the last is longer than the wait. */
const cuts = (process.env.KINDLING_LAB_CUTS ?? "5,30,100").split(",").map(Number);
const wait = 60;

describe("nodes stay one of a kind", () => {
  let site: Site;
  const rows: string[][] = [];

  before(async () => {
    site = await startSite("10.80.0.0/18");
    await untilImagesThere(site.lab);
    await site.sam.segments.create.mutate({ owner: tenant, name: "across", uplink: "vxlan" });
  });
  after(async () => {
    if (rows.length > 0) table(["what", "looks", "containers seen", "owned twice", "outcome"], rows);
    await site?.remove();
  });

  function judge(what: string, owners: Owners, outcome: string): void {
    rows.push([what, String(owners.looks), String(owners.seen.size), String(owners.twice.size), outcome]);
    assert.ok(owners.seen.size > 0, "control: the hosts were seen to hold something");
    assert.deepEqual([...owners.twice], []);
  }
  async function remove(ref: Ref, name: string): Promise<void> {
    await site.dana.clusters.delete.mutate({ ...ref, confirm: name });
    await untilGone(site.dana, ref, 120);
  }

  it("a host is drained while a job runs: the job ends well, its nodes are on the other host under their names and addresses", async () => {
    const { ref, nodes } = await createOn(site, "across", "drained", "spark", 2);
    const host = otherHost(site, nodes);
    const master = masterOf(nodes);
    let out = "";
    let took = 0;
    const owners = await watched(site, async () => {
      out = await during(master, longSum(nodes.length, 45), async () => {
        const from = performance.now();
        await site.sam.hosts.drain.mutate({ host: host.name, data: "keep" });
        await untilLeft(site, ref, nodes, host, 120);
        took = performance.now() - from;
      });
    });
    assert.match(out, /rounds \d+ wrong 0/, out.slice(-3000));
    judge("drained during a job", owners, `elsewhere and ready after ${seconds(took)}; ${/rounds .*/.exec(out)?.[0]?.trim()}`);
    await site.sam.hosts.activate.mutate({ host: host.name });
    await remove(ref, "drained");
  });

  it("a host is drained with /data copied along: cancelled, its nodes are where they were; broken off, it begins again; and every byte is there", async () => {
    const { ref, nodes } = await createOn(site, "across", "copied", "spark", 2);
    const host = otherHost(site, nodes);
    const target = site.lab.hosts.find((one) => one !== host) ?? assert.fail("one host only");
    await fillData(nodes, 200);
    const before = await sumsOf(nodes);
    const old = new Set(nodes.map((n) => n.volume));
    const copying = () =>
      eventually(
        async () => (/is being copied from .*: [1-9]/.test((await hostOf(site, host.name)).progress ?? "") ? true : undefined),
        60,
      );
    const drain = () => site.sam.hosts.drain.mutate({ host: host.name, data: "copy" });
    const times: string[] = [];
    const owners = await watched(site, async () => {
      await drain();
      await copying();
      await site.sam.hosts.activate.mutate({ host: host.name });
      await untilPhase(site.dana, ref, "ready", 120);
      const back = await site.running(ref.cluster);
      assert.deepEqual(back.map((n) => `${place(n)} ${n.host.name}`).sort(), nodes.map((n) => `${place(n)} ${n.host.name}`).sort());
      assert.deepEqual(await sumsOf(back), before);
      const from = performance.now();
      await drain();
      await copying();
      await target.stopAgent();
      await target.startAgent();
      await untilLeft(site, ref, nodes, host, 180);
      times.push(`elsewhere and ready after ${seconds(performance.now() - from)}, the agent there started anew meanwhile`);
    });
    const after = await site.running(ref.cluster);
    assert.deepEqual(await sumsOf(after), before);
    assert.ok(
      after.some((n) => !old.has(n.volume)),
      "control: disks are others than before",
    );
    judge("drained with its data", owners, times.join());
    const { volumes } = await site.sam.hosts.get.query({ host: host.name });
    const left = volumes.filter((volume) => / of cluster copied, copied from /.test(volume.origin ?? ""));
    assert.deepEqual(
      left.map((volume) => volume.state),
      nodes.filter((n) => n.host === host).map(() => "kept"),
      JSON.stringify(volumes),
    );
    await site.sam.hosts.activate.mutate({ host: host.name });
    await remove(ref, "copied");
  });

  it("a host loses its power while a job runs: after the administrator's word its nodes are elsewhere, and when it returns nothing is there twice", async () => {
    const { ref, nodes } = await createOn(site, "across", "powerless", "spark", 2);
    const host = otherHost(site, nodes);
    const master = masterOf(nodes);
    let out = "";
    const times: string[] = [];
    const owners = await watched(site, async () => {
      out = await during(master, longSum(nodes.length, 75), async () => {
        const from = performance.now();
        const since = () => seconds(performance.now() - from);
        await host.powerOff();
        await untilHost(site, host.name, "silent", 20);
        times.push(`silent after ${since()}`);
        await declareLost(site, host);
        await untilLeft(site, ref, nodes, host, 120);
        times.push(`elsewhere after ${since()}`);
      });
      await host.powerOn();
      await untilHost(site, host.name, "ready", 60);
    });
    assert.match(out, /rounds \d+ wrong 0/, out.slice(-3000));
    judge("without power during a job", owners, `${times.join(", ")}; ${/rounds .*/.exec(out)?.[0]?.trim()}`);
    assert.equal((await site.running(ref.cluster)).filter((n) => n.host === host).length, 0, "what it had before is gone");
    await remove(ref, "powerless");
  });

  it(`a host is cut off for ${cuts.join(", ")} s, where nodes move by themselves after ${wait} s`, async () => {
    await site.sam.site.setSettings.mutate({ moveAfterSeconds: wait });
    const { ref } = await createOn(site, "across", "cut-off", "utility", 3);
    const [host] = site.lab.hosts;
    assert.ok(host);
    await Promise.all(site.lab.hosts.map((one) => one.until("it holds a lease", (o) => o.leaseSeconds !== null && !o.fenced)));
    for (const cut of cuts) {
      const before = await site.running(ref.cluster);
      const there: number = before.filter((n) => n.host === host).length;
      assert.ok(there > 0, "there is something to cut off");
      const owners = await watched(site, async () => {
        await site.lab.wires.plug(0, false);
        // The cut itself is what is tried.
        await delay(cut * 1000);
        await site.lab.wires.plug(0, true);
        await eventually(async () => {
          const { state } = await site.dana.clusters.get.query(ref);
          return state.phase === "ready" && (await hostOf(site, host.name)).state === "ready" ? true : undefined;
        }, 120);
      });
      const now = await site.running(ref.cluster);
      assert.deepEqual(now.map(place).sort(), before.map(place).sort(), "every name and address is there, once");
      const left: number = there - now.filter((n) => n.host === host).length;
      judge(`cut off for ${cut} s`, owners, left > 0 ? `${left} of its ${there} nodes moved` : `its ${there} nodes stayed`);
      assert.equal(left, cut > wait + 20 ? there : 0, "they move after the wait, and not before");
      if (left > 0) say(`    after ${cut} s: ${now.map((n) => `${place(n)} on ${n.host.name}`).join(", ")}`);
    }
    await remove(ref, "cut-off");
  });
});
