/** A small network is filled and emptied by clusters that come and go, over two hosts. KINDLING_LAB_ROUNDS says how often (2). */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { SegmentView } from "../../server/services/segments/schemas.ts";
import { untilGone, untilPhase } from "../lib/api.ts";
import { eventually } from "../lib/wait.ts";
import { ping } from "./frames.ts";
import { type Running, type Site, startSite, tenant, untilImagesThere } from "./site.ts";
import { tracesOn } from "./traces.ts";
import { seconds, table } from "./words.ts";

const rounds = Number(process.env.KINDLING_LAB_ROUNDS ?? 2);
const name = "narrow";

interface Made {
  readonly name: string;
  readonly nodes: number;
  readonly ref: { tenant: string; cluster: string };
}

describe("a network of 64 addresses over two hosts", () => {
  let site: Site;
  let untouched: string[];
  let count = 0;
  const rows: string[][] = [];

  before(async () => {
    site = await startSite("10.82.0.0/18", ["utility"]);
    await untilImagesThere(site.lab);
    await site.sam.segments.create.mutate({ owner: tenant, name, uplink: "vxlan", bits: 26 });
    untouched = await tracesOn(site.lab.hosts);
    // As many nodes as there are addresses have to fit on this machine.
    await site.sam.site.setSettings.mutate({ cpuRatio: 32 });
    await site.db.query(
      `INSERT INTO "Flavor" (id, slug, name, vcpus, "memoryMb", "rootGb", "dataGb", position) VALUES ('flab', 'lab', 'Lab', 1, 256, 1, 1, 99)`,
    );
  });
  after(async () => {
    if (rows.length > 0) table(["round", "filled", "changed", "emptied", "nothing left", "nodes made", "free: full, half, empty"], rows);
    await site?.remove();
  });

  const segment = async (): Promise<SegmentView> =>
    (await site.sam.segments.list.query()).find((one) => one.name === name) ?? assert.fail("it is gone");
  const sum = (made: readonly Made[]): number => made.reduce((all, { nodes }) => all + nodes, 0);

  async function make(nodes: number): Promise<Made> {
    count += 1;
    const wanted = {
      tenant,
      name: `c${count}`,
      type: "utility",
      masterFlavor: "lab",
      workerFlavor: "lab",
      workerCount: nodes - 1,
      segment: name,
    } as const;
    const { id } = await site.dana.clusters.create.mutate(wanted);
    return { name: wanted.name, nodes, ref: { tenant, cluster: id } };
  }
  /** Clusters of different sizes that need so many addresses, all ready. */
  async function fill(addresses: number, from: number): Promise<Made[]> {
    const made: Made[] = [];
    for (let left = addresses, size = from; left > 0; size = (size % 9) + 1) {
      const nodes = Math.min(left, size);
      made.push(await make(nodes));
      left -= nodes;
    }
    for (const { ref } of made) await untilPhase(site.dana, ref, "ready", 400);
    return made;
  }
  async function empty(made: readonly Made[]): Promise<void> {
    for (const { ref, name: confirm } of made) await site.dana.clusters.delete.mutate({ ...ref, confirm });
    for (const { ref } of made) await untilGone(site.dana, ref, 400);
  }
  /** What is free by the page's count; it has to be what is left over, and the engines have to agree. */
  async function free(made: readonly Made[]): Promise<number> {
    const { addresses } = await segment();
    const nodes = await site.running();
    assert.equal(addresses.used, sum(made));
    assert.equal(nodes.length, sum(made), "the engines have as many nodes");
    assert.equal(new Set(nodes.map(({ ip }) => ip)).size, nodes.length, "each with an address of its own");
    return addresses.size - addresses.used;
  }

  for (let round = 1; round <= rounds; round++)
    it(`is filled and emptied, ${round}`, async () => {
      const { size } = (await segment()).addresses;
      const times: string[] = [];
      const timed = async <T>(work: Promise<T>): Promise<T> => {
        const from = performance.now();
        const result = await work;
        times.push(seconds(performance.now() - from));
        return result;
      };
      let made = await timed(fill(size, (round % 9) + 1));
      const full = await free(made);
      assert.equal(full, 0);
      if (round === 1) await refused();

      const going = made.filter((_, i) => i % 2 === round % 2);
      const half = await timed(
        (async () => {
          await empty(going);
          made = made.filter((one) => !going.includes(one));
          const left = await free(made);
          assert.equal(left, sum(going));
          made.push(...(await fill(left, (round % 5) + 1)));
          return left;
        })(),
      );
      assert.equal(await free(made), 0, "full again, with what had been given back");

      const nodes = sum(made) + sum(going);
      await timed(empty(made));
      assert.equal(await free([]), size);
      await timed(nothingLeft());
      rows.push([String(round), ...times, String(nodes), `${full}, ${half}, ${size}`]);
    });

  /** A host gives up its part of the network after its last node: no container, network, link, table, disk or entry stays. */
  async function nothingLeft(): Promise<void> {
    let left: string[] = [];
    await eventually(async () => {
      left = (await tracesOn(site.lab.hosts)).filter((line) => !untouched.includes(line));
      return left.length === 0 ? true : undefined;
    }, 60).catch(() => undefined);
    assert.deepEqual(left, []);
  }

  /** Nobody more is let in, and it is said why. */
  async function refused(): Promise<void> {
    const late = await make(1);
    const { state } = await untilPhase(site.dana, late.ref, "queued", 20);
    const reason =
      state.reason ?? (await eventually(async () => (await site.dana.clusters.get.query(late.ref)).state.reason ?? undefined, 20));
    assert.match(reason, /address/);
    await empty([late]);
  }

  it("an address that is given away again on the other host answers there at once", async () => {
    const { size } = (await segment()).addresses;
    const [first, second] = site.lab.hosts;
    assert.ok(first && second);
    await site.sam.hosts.cordon.mutate({ host: second.name });
    const solo = await make(1);
    await untilPhase(site.dana, solo.ref, "ready");
    await site.sam.hosts.activate.mutate({ host: second.name });
    const rest = await fill(size - 1, 9);
    const [node] = await site.running(solo.ref.cluster);
    assert.ok(node?.host === first);
    const others = await site.running();
    const watchers = [first, second].map((host) => others.find((n) => n.host === host && n.id !== node.id) ?? assert.fail("nobody to ask"));
    const ask = async (limit: number, of: readonly Running[]) =>
      Promise.all(of.map(async (watcher) => (await watcher.host.exec(watcher.id, ping([node.ip], limit))).out.trim().split(" ")));
    for (const [, answer] of await ask(2, watchers)) assert.equal(answer, "answered", "control: everybody knows where it is");
    await empty([solo]);
    for (const [, answer] of await ask(0.3, watchers)) assert.equal(answer, "lost", "control: nobody has it");
    await site.sam.hosts.cordon.mutate({ host: first.name });
    const again = await make(1);
    await untilPhase(site.dana, again.ref, "ready");
    const answers = await ask(2, watchers);
    const [now] = await site.running(again.ref.cluster);
    assert.deepEqual([now?.ip, now?.host], [node.ip, second], "the only free address, on the other host");
    for (const [, answer] of answers) assert.equal(answer, "answered");
    table(
      ["address", "was on", "is on", "answered to", "after"],
      answers.map(([, , ms], i) => [node.ip, first.name, second.name, `a node of ${watchers[i]?.host.name}`, `${ms} ms`]),
    );
    await site.sam.hosts.activate.mutate({ host: first.name });
    await empty([...rest, again]);
    assert.equal(await free([]), size);
  });
});
