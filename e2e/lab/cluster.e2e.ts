/**
 * The whole product over two hosts: a Spark cluster with nodes on both, on a VLAN and on VXLAN, a job on executors of both, and its notebook. Then one
 * of the hosts is drained, and loses its power: once for a moment, once for good.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser, BrowserContext } from "playwright-core";
import { untilGone, untilPhase } from "../lib/api.ts";
import { launchBrowser, signedIn } from "../lib/browser.ts";
import { runAll, writeFile } from "../lib/notebook.ts";
import { eventually } from "../lib/wait.ts";
import { ping } from "./frames.ts";
import { longSum, runPython, whoWorks } from "./job.ts";
import { createOn, declareLost, during, masterOf, otherHost, place, type Ref, untilHost, untilLeft } from "./moving.ts";
import type { Owners } from "./owners.ts";
import { type Running, type Site, startSite, tenant, untilImagesThere } from "./site.ts";
import { watched } from "./watch.ts";
import { say, table } from "./words.ts";

describe("a Spark cluster over two hosts", () => {
  let site: Site;
  let browser: Browser;
  let context: BrowserContext;

  before(async () => {
    site = await startSite("10.79.0.0/18", ["spark-3-5-jupyter"]);
    await untilImagesThere(site.lab);
    await site.sam.segments.create.mutate({ owner: tenant, name: "on-vlan", uplink: "vlan", vlanId: 100 });
    await site.sam.segments.create.mutate({ owner: tenant, name: "on-vxlan", uplink: "vxlan" });
    browser = await launchBrowser();
    ({ context } = await signedIn(browser, site.platform, "dana"));
  });
  after(async () => {
    await browser?.close();
    await site?.remove();
  });

  /** Everybody pings all the others, by address and by name. */
  async function picture(nodes: readonly Running[], domain: string, network: string): Promise<void> {
    const rows = await Promise.all(
      nodes.map(async (node) => {
        const others = nodes.filter((other) => other !== node);
        const { out } = await node.host.exec(node.id, ping(others.flatMap((other) => [other.ip, `${other.name}.${domain}`])));
        const answers = out.match(/answered/g)?.length ?? 0;
        return {
          answers,
          of: others.length * 2,
          cells: [`${node.name}.${domain}`, node.host.name, node.ip, network, `${answers}/${others.length * 2}`],
        };
      }),
    );
    table(
      ["name", "host", "address", "network", "pings"],
      rows.map(({ cells }) => cells),
    );
    for (const { answers, of } of rows) assert.equal(answers, of);
  }

  /** Opens the notebook as a signed-in person does, runs a cell in it, and gives what the cell says. */
  async function notebook(cluster: string): Promise<string> {
    const page = await context.newPage();
    await page.goto(`${site.platform.portal}/go/${cluster}/jupyter`);
    await page.waitForURL(/^http:\/\/jupyter-[^/]+\/lab/, { timeout: 60_000 });
    const cell = {
      cell_type: "code",
      id: "one",
      source: "print(sum(spark.range(1000).toPandas().id))",
      metadata: {},
      outputs: [],
      execution_count: null,
    };
    const kernelspec = { name: "pyspark", display_name: "PySpark", language: "python" };
    const content = { cells: [cell], metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 };
    await writeFile(page, "sum.ipynb", { type: "notebook", format: "json", content });
    await page.goto(new URL("/lab/tree/sum.ipynb", page.url()).href);
    await page.locator(".jp-Notebook").first().waitFor();
    const [result] = await runAll(page, "sum.ipynb");
    await page.close();
    return result?.text.trim() ?? "";
  }

  /** A cluster on both hosts: pings, a job, a notebook. */
  async function atWork(segment: string, network: string) {
    const { dana, sam } = site;
    const { ref, nodes } = await createOn(site, segment, segment, "spark", 2);
    const { nodes: views } = await dana.clusters.get.query(ref);
    const shown = (await sam.segments.list.query()).find(({ name }) => name === segment);
    await picture(nodes, views[0]?.fqdn.replace(/^[^.]+\./, "") ?? "", shown?.uplinkWords ?? "");
    assert.deepEqual(
      nodes.map(({ name, ip, host }) => `${name} ${ip} ${host.name}`).sort(),
      views.map(({ name, ip, host }) => `${name} ${ip} ${host}`).sort(),
      "the API says where everything is",
    );
    assert.equal(new Set(nodes.map((n) => n.host)).size, 2, "on both hosts");

    const out = await runPython(masterOf(nodes), whoWorks(nodes.length));
    const names = /ran on (.*)/.exec(out)?.[1]?.trim().split(" ") ?? assert.fail(out.slice(-3000));
    const hosts = new Set(nodes.filter((n) => names.includes(n.name)).map((n) => n.host.name));
    say(`    a job ran on ${names.join(", ")}: ${[...hosts].sort().join(" and ")}`);
    assert.equal(hosts.size, 2, "executors of both hosts had a part");

    // A cell that had to wait for cores says so before its result.
    assert.match(await notebook(ref.cluster), /(^|\n)499500$/, `on ${network}`);
    say("    its notebook opened through the gateway, and a cell computed on the cluster");
    return { ref, nodes };
  }

  /** What a person's program says that ran while its hosts went: right all the while. */
  function judge(out: string, owners: Owners): void {
    assert.match(out, /rounds \d+ wrong 0/, out.slice(-3000));
    assert.ok(owners.seen.size > 0, "control: the hosts were seen to hold something");
    assert.deepEqual([...owners.twice], [], "no address and no volume has two owners");
  }

  async function remove({ tenant, cluster }: Ref, name: string): Promise<void> {
    await site.dana.clusters.delete.mutate({ tenant, cluster, confirm: name });
    await untilGone(site.dana, { tenant, cluster }, 120);
    await eventually(async () => ((await site.running(cluster)).length === 0 ? true : undefined), 10);
  }

  async function asPerson(node: Running, ...command: string[]): Promise<string> {
    const { code, out } = await node.host.exec(node.id, command, { user: "1000" });
    assert.equal(code, 0, out);
    return out.trim();
  }
  /** Leaves the node's name on its /data. */
  const mark = (node: Running) => asPerson(node, "sh", "-c", `echo ${node.name} > /data/home/mark; sync`);
  /** Whose name is on the node's /data. */
  const marked = (node: Running) => asPerson(node, "cat", "/data/home/mark");

  it("runs a job on executors of both hosts, and its notebook opens, on VLAN; drained in the middle of a job a host's nodes are on the other one, with their /data", async () => {
    const { ref, nodes } = await atWork("on-vlan", "VLAN");
    const host = otherHost(site, nodes);
    const old = nodes.filter((n) => n.host === host);
    for (const node of old) await mark(node);
    let out = "";
    const owners = await watched(site, async () => {
      out = await during(masterOf(nodes), longSum(nodes.length, 20), async () => {
        await site.sam.hosts.drain.mutate({ host: host.name, data: "copy" });
        await untilLeft(site, ref, nodes, host, 120);
      });
    });
    judge(out, owners);
    const moved = (await site.running(ref.cluster)).filter((n) => old.some(({ id }) => id === n.id));
    assert.equal(moved.length, old.length);
    for (const node of moved) assert.equal(await marked(node), node.name, "with its /data");
    await site.sam.hosts.activate.mutate({ host: host.name });
    await remove(ref, "on-vlan");
  });

  it("does so on VXLAN; all is back by itself after a host's power was, and elsewhere when it stays away", async () => {
    const { ref, nodes } = await atWork("on-vxlan", "VXLAN");
    const host = otherHost(site, nodes);
    const old = nodes.filter((n) => n.host === host);
    for (const node of old) await mark(node);
    await host.powerOff();
    await untilHost(site, host.name, "silent", 20);
    await host.powerOn();
    await untilPhase(site.dana, ref, "ready", 120);
    const back = (await site.running(ref.cluster)).filter((n) => n.host === host);
    assert.deepEqual(back.map(place).sort(), old.map(place).sort(), "by itself, under the same names and addresses");
    for (const node of back) assert.equal(await marked(node), node.name, "with its /data");

    let out = "";
    const owners = await watched(site, async () => {
      out = await during(masterOf(nodes), longSum(nodes.length, 40), async () => {
        await host.powerOff();
        await untilHost(site, host.name, "silent", 20);
        await declareLost(site, host);
        await untilLeft(site, ref, nodes, host, 120);
      });
      await host.powerOn();
      await untilHost(site, host.name, "ready", 60);
    });
    judge(out, owners);
    assert.equal((await site.running(ref.cluster)).filter((n) => n.host === host).length, 0, "what it had before is gone");
    await remove(ref, "on-vxlan");
  });
});
