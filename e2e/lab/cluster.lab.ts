/** The whole product over two hosts: a Spark cluster with nodes on both, on a VLAN and on VXLAN, a job on executors of both, and its notebook. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser, BrowserContext } from "playwright-core";
import { untilGone, untilPhase } from "../lib/api.ts";
import { launchBrowser, signedIn } from "../lib/browser.ts";
import { runAll, writeFile } from "../lib/notebook.ts";
import { eventually } from "../lib/wait.ts";
import { ping } from "./frames.ts";
import { runPython, whoWorks } from "./job.ts";
import { type Running, type Site, startSite, tenant, untilImagesThere } from "./site.ts";
import { say, table } from "./words.ts";

describe("a Spark cluster over two hosts", () => {
  let site: Site;
  let browser: Browser;
  let context: BrowserContext;

  before(async () => {
    site = await startSite("10.79.0.0/18");
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

  for (const [segment, network] of [
    ["on-vlan", "VLAN"],
    ["on-vxlan", "VXLAN"],
  ] as const)
    it(`runs a job on executors of both hosts, and its notebook opens, on ${network}`, async () => {
      const { dana, sam } = site;
      const { id: cluster } = await dana.clusters.create.mutate({ tenant, name: segment, workerCount: 2, segment });
      const ref = { tenant, cluster };
      const { nodes: views } = await untilPhase(dana, ref, "ready", 240);
      const nodes = await site.running(cluster);
      const shown = (await sam.segments.list.query()).find(({ name }) => name === segment);
      await picture(nodes, views[0]?.fqdn.replace(/^[^.]+\./, "") ?? "", shown?.uplinkWords ?? "");
      assert.deepEqual(
        nodes.map(({ name, ip, host }) => `${name} ${ip} ${host.name}`).sort(),
        views.map(({ name, ip, host }) => `${name} ${ip} ${host}`).sort(),
        "the API says where everything is",
      );
      assert.equal(new Set(nodes.map((n) => n.host)).size, 2, "on both hosts");

      const master = nodes.find((n) => n.role === "master") ?? assert.fail("no master");
      const out = await runPython(master, whoWorks(nodes.length));
      const names = /ran on (.*)/.exec(out)?.[1]?.trim().split(" ") ?? assert.fail(out.slice(-3000));
      const hosts = new Set(nodes.filter((n) => names.includes(n.name)).map((n) => n.host.name));
      say(`    a job ran on ${names.join(", ")}: ${[...hosts].sort().join(" and ")}`);
      assert.equal(hosts.size, 2, "executors of both hosts had a part");

      // A cell that had to wait for cores says so before its result.
      assert.match(await notebook(cluster), /(^|\n)499500$/);
      say("    its notebook opened through the gateway, and a cell computed on the cluster");

      await dana.clusters.delete.mutate({ ...ref, confirm: segment });
      await untilGone(dana, ref, 120);
      await eventually(async () => ((await site.running(cluster)).length === 0 ? true : undefined), 10);
    });
});
