import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import Docker from "dockerode";
import type { Browser } from "playwright-core";
import { bundleImage } from "../../agents/images/testing/bundle-image.ts";
import { eventually, startCluster, type TestCluster } from "../../agents/images/testing/cluster.ts";
import { launchBrowser } from "../../e2e/lib/browser.ts";
import { loadBundles, sparkSettings } from "../catalog/index.ts";
import { freePort } from "../testing/free-port.ts";
import { crawl } from "./testing/crawl.ts";
import { addNode } from "./testing/seed.ts";
import { type Ask, asPage, gatewayStand, type Stand } from "./testing/stand.ts";

// Something on every page: jobs done and running, SQL, a cached table, a stream.
const application = `
import time
from pyspark.sql import SparkSession, functions as F
spark = SparkSession.builder.appName("crawled <b>&").getOrCreate()
sc = spark.sparkContext
df = spark.range(1000).cache()
df.createOrReplaceTempView("t")
spark.sql("select id % 3 k, count(*) n from t group by 1").collect()
spark.readStream.format("rate").load().writeStream.format("noop").queryName("rates").trigger(processingTime="30 seconds").start()
sc.setJobGroup("long", "a long one", True)
try:
    sc.parallelize(range(4), 4).foreach(lambda _: time.sleep(600))
except Exception:
    pass
time.sleep(600)
`;

const docker = new Docker({ socketPath: "/var/run/docker.sock" });
let stand: Stand;
let cluster: TestCluster;
let browser: Browser;
let cookie: string;
let origin: string;
let app: string;

const get = (path: string, wanted: Ask = {}) => stand.go("spark", { ...wanted, path, headers: { cookie, ...wanted.headers } });

interface MasterState {
  workers: { id: string; state: string }[];
  activeapps: { id: string }[];
}
async function master(): Promise<MasterState> {
  return JSON.parse((await get("/json/")).body);
}

async function startApplication(): Promise<string> {
  const before = new Set((await master()).activeapps.map(({ id }) => id));
  const run = await cluster.master.container.exec({ Cmd: ["/opt/venv/bin/python", "-c", application], User: "spark", WorkingDir: "/data" });
  // Nothing comes on it; left open it would outlive the container, and the test with it.
  (await run.start({ Detach: true })).destroy();
  const id = await eventually(
    "the application",
    90,
    async () => (await master()).activeapps.find((one) => !before.has(one.id))?.id ?? null,
  );
  await eventually("its long job", 300, async () => ((await get(`/proxy/${id}/jobs/`)).body.includes("a long one") ? true : null));
  return id;
}

before(async () => {
  const spark = (await loadBundles()).find(({ bundle }) => bundle.type === "spark");
  assert.ok(spark);
  await bundleImage(docker, spark);
  const port = await freePort();
  stand = await gatewayStand((_request, response) => response.end(), { servicesUrl: `http://*.localhost:${port}`, port });
  origin = stand.origin("spark");
  const flavor = { vcpus: 1, memoryMb: 2048 };
  cluster = await startCluster({
    docker,
    bundle: spark.bundle,
    image: spark.imageTag,
    workers: 1,
    net: 247,
    flavor: () => flavor,
    settings: (role, masterHost) => sparkSettings({ flavor, role, masterHost, masterUiUrl: origin, clusterCores: 2, workerFlavor: flavor }),
  });
  const [first, second] = cluster.nodes;
  assert.ok(first && second);
  stand.agent.address = first.spec.ip;
  stand.agent.ports.set(`${stand.nodeId}:8080`, 8080);
  await stand.db.node.update({ where: { id: stand.nodeId }, data: { name: first.spec.name } });
  await stand.db.address.updateMany({ where: { nodeId: stand.nodeId }, data: { ip: first.spec.ip } });
  await addNode(stand.db, {
    id: "nworker1",
    clusterId: stand.clusterId,
    number: 9,
    name: second.spec.name,
    role: "worker",
    ip: second.spec.ip,
  });
  ({ cookie } = await stand.login("spark"));
  await eventually("both workers", 200, async () => ((await master().catch(() => null))?.workers.length === 2 ? true : null));
  app = await startApplication();
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await cluster?.remove();
  await stand?.close();
});

test("every link of Spark's pages works, and none leads into the private network", async () => {
  const start = ["/", `/proxy/${app}/api/v1/applications/${app}/allexecutors`, `/proxy/${app}/executors/threadDump/?executorId=driver`];
  const { visited, outside, kills, findings } = await crawl((path, headers) => get(path, { headers }), origin, start);
  assert.deepEqual(findings, []);
  assert.deepEqual([...outside], []);
  const paths = [...visited.keys()].join("\n");
  for (const page of ["/jobs/job/", "/stages/stage/", "/SQL/execution/", "/executors/", "/environment/", "/StreamingQuery/", "/logPage/"])
    assert.ok(paths.includes(page), `${page} was not reached`);
  for (const { id } of (await master()).workers) assert.ok(paths.includes(`/proxy/${id}`), id);
  assert.ok([...kills].some((path) => path.includes("/stages/stage/kill/")) && kills.has("/app/kill/"));
});

test("in a browser the pages' scripts find their data, and executors' logs open", async () => {
  const context = await browser.newContext();
  const [name = "", value = ""] = cookie.split("=");
  await context.addCookies([{ name, value, url: origin, httpOnly: true, sameSite: "Lax" }]);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(origin) && !request.url().startsWith("data:")) problems.push(`elsewhere: ${request.url()}`);
  });
  page.on("response", (response) => {
    // Spark itself has no summary of a stage that has finished no task yet.
    if (response.status() >= 400 && !response.url().includes("/taskSummary")) problems.push(`${response.status()} ${response.url()}`);
  });
  page.on("requestfailed", (request) => {
    // What is still on its way when one clicks on is given up.
    const why = request.failure()?.errorText;
    if (why !== "net::ERR_ABORTED") problems.push(`${why} ${request.url()}`);
  });
  page.on("pageerror", (error) => problems.push(`${error.message} on ${page.url()}`));
  for (const tab of ["jobs", "stages", "storage", "environment", "SQL", "StreamingQuery"])
    await page.goto(`${origin}/proxy/${app}/${tab}/`, { waitUntil: "networkidle" });
  await page.goto(`${origin}/proxy/${app}/stages/`, { waitUntil: "networkidle" });
  await page.locator("a[href*='/stages/stage/?id=']").first().click();
  await page.getByRole("heading", { name: /Details for Stage/ }).waitFor();
  await page.goto(`${origin}/proxy/${app}/executors/`, { waitUntil: "networkidle" });
  await page.getByRole("link", { name: "stderr" }).first().click();
  await page.getByText(/Showing \d+ Bytes/).waitFor();
  await page.getByRole("link", { name: "Back to Master" }).click();
  await page.waitForURL(`${origin}/`);
  assert.deepEqual(problems, []);
  await context.close();
});

test("a stage and then the application are killed from Spark's own pages, and only from there", async () => {
  const killed = await startApplication();
  const link = /href="([^"]*\/stages\/stage\/kill\/\?id=\d+)"/;
  // A job is told of a moment before its stage is.
  const path = await eventually("a way to end its stage", 30, async () => {
    const [, found] = link.exec((await get(`/proxy/${killed}/stages/`)).body) ?? [];
    return found?.replaceAll("&amp;", "&") ?? null;
  });
  const { pathname, search } = new URL(path, `${origin}/proxy/${killed}/stages/`);
  const kill = (headers: Record<string, string>) => get(pathname + search, { headers });
  assert.equal((await kill({ "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" })).status, 403);
  assert.ok((await get(`/proxy/${killed}/stages/`)).body.includes("Active Stages"));
  const answer = await kill({ ...asPage, "sec-fetch-site": "same-origin" });
  assert.equal(new URL(answer.headers.location ?? "").origin, origin);
  await eventually("the stage's end", 30, async () => ((await get(`/proxy/${killed}/stages/`)).body.includes("killed") ? true : null));

  const form = { method: "POST", body: `id=${killed}&terminate=true` };
  const type = { "content-type": "application/x-www-form-urlencoded" };
  assert.equal((await get("/app/kill/", { ...form, headers: { ...type, origin: "http://evil.test" } })).status, 403);
  assert.ok((await master()).activeapps.some(({ id }) => id === killed));
  const ended = await get("/app/kill/", { ...form, headers: { ...type, origin } });
  assert.equal(ended.headers.location, `${origin}/`);
  await eventually("the application's end", 30, async () => ((await master()).activeapps.every(({ id }) => id !== killed) ? true : null));
  const old = await get(`/proxy/${killed}/jobs/`, { headers: asPage });
  assert.equal(old.headers.location, `/app/?appId=${killed}`);
});
