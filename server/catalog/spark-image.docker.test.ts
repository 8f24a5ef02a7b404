import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import Docker from "dockerode";
import { WebSocket } from "ws";
import { z } from "zod";
import { bundleImage } from "../../agents/images/testing/bundle-image.ts";
import { eventually, exec, http, startCluster, type TestCluster } from "../../agents/images/testing/cluster.ts";
import { type Kernel, startKernel } from "../../agents/images/testing/kernel.ts";
import type { Role } from "../../agents/protocol/bundle.ts";
import { loadBundles } from "./load-bundles.ts";
import { sparkSettings } from "./spark-settings.ts";

const docker = new Docker();
const small = (role: Role) => (role === "master" ? { vcpus: 1, memoryMb: 2048 } : { vcpus: 1, memoryMb: 1024 });
const masterUiUrl = "http://spark.test.localhost:3000";
const State = z.object({
  aliveworkers: z.number(),
  workers: z.array(z.object({ id: z.string(), host: z.string(), state: z.string() })),
  activeapps: z.array(z.object({ id: z.string(), name: z.string(), cores: z.number() })),
});
const Notebook = z.object({ cells: z.array(z.object({ cell_type: z.string(), source: z.string() })) });

const cards = ["GPU-5c6f8f1c-0d1e-4a2b-9c3d-112233445566", "GPU-6c6f8f1c-0d1e-4a2b-9c3d-112233445566"];
let cluster: TestCluster;
let kernel: Kernel;

async function master(): Promise<z.infer<typeof State>> {
  return State.parse(JSON.parse((await http(cluster.master.spec.ip, 8080, "/json/")).body));
}

function alive(count: number): Promise<unknown> {
  return eventually(`${count} ALIVE workers`, 120, async () => ((await master()).aliveworkers === count ? true : null));
}

before(async () => {
  const found = (await loadBundles()).find((entry) => entry.bundle.id === "spark-3-5-jupyter");
  assert.ok(found);
  await bundleImage(docker, found);
  cluster = await startCluster({
    docker,
    bundle: found.bundle,
    image: found.imageTag,
    workers: 2,
    flavor: small,
    // Of the cards only the file is there: that is all that Spark looks at.
    gpus: (index) => (index === 2 ? cards : []),
    settings: (role, masterHost) =>
      sparkSettings({ flavor: small(role), role, masterHost, masterUiUrl, clusterCores: 3, workerFlavor: small("worker") }),
  });
});

after(async () => {
  await kernel?.close().catch(() => {});
  await cluster?.remove();
});

test("every worker registers, also the master's own", async () => {
  await alive(3);
  assert.deepEqual((await master()).workers.map((worker) => worker.host).sort(), cluster.nodes.map((node) => node.spec.ip).sort());
});

test("a worker with GPUs offers them, and whoever asks for one gets an executor there with a card of its own", async () => {
  const [, , withCards] = cluster.nodes;
  assert.ok(withCards);
  const Workers = z.object({ workers: z.array(z.object({ host: z.string(), resources: z.unknown() })) });
  const offers = async () =>
    Workers.parse(JSON.parse((await http(cluster.master.spec.ip, 8080, "/json/")).body)).workers.map(
      ({ host, resources }): [string, string] => [host, JSON.stringify(resources)],
    );
  const gpus = (await offers()).filter(([, resources]) => resources.includes("gpu"));
  assert.deepEqual(
    gpus.map(([host]) => host),
    [withCards.spec.ip],
  );
  assert.match(gpus[0]?.[1] ?? "", /"0".*"1"/);
  const code = `
import json, socket
from pyspark import TaskContext
from pyspark.sql import SparkSession
ask = SparkSession.builder.config("spark.executor.resource.gpu.amount", "1").config("spark.task.resource.gpu.amount", "1")
spark = ask.config("spark.cores.max", "1").getOrCreate()
def where(_):
    yield socket.gethostbyname(socket.gethostname()), TaskContext.get().resources()["gpu"].addresses
print("ROWS " + json.dumps(spark.sparkContext.parallelize(range(4), 4).mapPartitions(where).collect()))
spark.stop()`;
  const { output } = await exec(docker, cluster.master, ["/opt/venv/bin/python", "-c", code], "spark");
  const told = /^ROWS (.*)$/m.exec(output)?.[1];
  assert.ok(told, output);
  const rows = z.array(z.tuple([z.string(), z.array(z.string())])).parse(JSON.parse(told));
  assert.equal(rows.length, 4);
  assert.deepEqual([...new Set(rows.map(([host]) => host))], [withCards.spec.ip]);
  // The same one for all of its tasks: the executor's own.
  assert.equal(new Set(rows.map(([, addresses]) => addresses.join())).size, 1);
  assert.match(rows[0]?.[1].join() ?? "", /^[01]$/);
});

test("Jupyter answers the token only, and pages of its own origin only", async () => {
  const { ip } = cluster.master.spec;
  await eventually("Jupyter", 120, async () => ((await http(ip, 8888, "/api")).status === 200 ? true : null));
  assert.equal((await http(ip, 8888, "/api/kernels")).status, 403);
  const headers = { authorization: `token ${cluster.token}` };
  assert.equal((await http(ip, 8888, "/api/kernels", { headers })).status, 200);
  const lab = await http(ip, 8888, "/lab", { headers });
  assert.equal(lab.status, 200);
  assert.match(lab.body, /JupyterLab/);
  kernel = await startKernel(ip, cluster.token, "pyspark", "Test.ipynb");
  const kernels = z.array(z.object({ id: z.string() })).parse(JSON.parse((await http(ip, 8888, "/api/kernels", { headers })).body));
  const upgrade = (origin: string) =>
    new Promise<number>((resolve, reject) => {
      const socket = new WebSocket(`ws://${ip}:8888/api/kernels/${kernels[0]?.id}/channels`, { headers: { ...headers, origin } });
      socket.once("open", () => {
        socket.close();
        resolve(101);
      });
      socket.once("unexpected-response", (_request, response) => resolve(response.statusCode ?? 0));
      socket.once("error", reject);
    });
  assert.equal(await upgrade("http://jupyter.test.localhost:3000"), 101);
  assert.equal(await upgrade("http://evil.example"), 403);
});

test("Jupyter's own terminal finds the programs that notebooks have", async () => {
  const { ip } = cluster.master.spec;
  const headers = { authorization: `token ${cluster.token}` };
  const made = await http(ip, 8888, "/api/terminals", { headers, method: "POST" });
  assert.equal(made.status, 200, made.body);
  const { name } = z.object({ name: z.string() }).parse(JSON.parse(made.body));
  const socket = new WebSocket(`ws://${ip}:8888/terminals/websocket/${name}`, { headers });
  let seen = "";
  const python = new Promise<string>((resolve) => {
    socket.on("message", (data) => {
      const [kind, text] = z
        .tuple([z.string()])
        .rest(z.unknown())
        .parse(JSON.parse(String(data)));
      if (kind === "stdout") seen += String(text);
      const found = /<(\/[^>]*)>/.exec(seen)?.[1];
      if (found) resolve(found);
    });
  });
  await once(socket, "open");
  socket.send(JSON.stringify(["stdin", 'echo "<$(command -v python3)>"\r']));
  assert.equal(await python, "/opt/venv/bin/python3");
  socket.close();
});

test("a notebook's job runs on the executors, with the same Python, as an unprivileged user", async () => {
  const result = await kernel.run(`
import json, os, socket, sys, time
def work(rows):
    n = sum(rows)
    time.sleep(0.5)
    yield socket.gethostbyname(socket.gethostname()), sys.version, os.getuid(), n, "_SPARK_AUTH_SECRET" in os.environ
print(json.dumps(sc.parallelize(range(1000), 8).mapPartitions(work).collect()))`);
  assert.equal(result.error, null);
  const last = result.text.trim().split("\n").at(-1) ?? "";
  const rows = z.array(z.tuple([z.string(), z.string(), z.number(), z.number(), z.boolean()])).parse(JSON.parse(last));
  assert.equal(
    rows.reduce((sum, row) => sum + row[3], 0),
    499_500,
  );
  const ips = new Set(cluster.nodes.map((node) => node.spec.ip));
  assert.ok(rows.every(([host]) => ips.has(host)));
  assert.ok(new Set(rows.map(([host]) => host)).size >= 2, "more than one machine worked");
  assert.equal(new Set(rows.map(([, version]) => version)).size, 1);
  assert.deepEqual([...new Set(rows.map(([, , uid]) => uid))], [1000]);
  assert.ok(
    rows.every((row) => !row[4]),
    "the executors' environment has no secret",
  );
});

test("driver and executors use the archive of loaded classes", async () => {
  const look = "import glob; print([p for p in glob.glob('/proc/[0-9]*/maps') if 'cds/jobs.jsa' in open(p).read()])";
  for (const node of cluster.nodes)
    assert.match((await exec(docker, node, ["python3", "-c", look], "spark")).output, /maps/, node.spec.name);
});

test("the sample notebook counts, aggregates and plots", async () => {
  const headers = { authorization: `token ${cluster.token}` };
  const file = await http(cluster.master.spec.ip, 8888, "/api/contents/Flights.ipynb?content=1", { headers });
  const { content } = z.object({ content: Notebook }).parse(JSON.parse(file.body));
  const results = [];
  for (const cell of content.cells.filter((entry) => entry.cell_type === "code")) results.push(await kernel.run(cell.source));
  assert.deepEqual(
    results.map((result) => result.error),
    results.map(() => null),
  );
  assert.match(results[0]?.text ?? "", /336776/);
  assert.ok(results.at(-1)?.mimeTypes.includes("image/png"));
});

test("a second notebook makes progress while the first keeps its cores", async () => {
  const second = await startKernel(cluster.master.spec.ip, cluster.token, "pyspark", "Second.ipynb");
  try {
    const result = await second.run("spark.range(1000).selectExpr('sum(id) as s').collect()[0].s");
    assert.equal(result.error, null);
    assert.match(result.text, /499500/);
    const apps = (await master()).activeapps;
    assert.deepEqual(apps.map((app) => app.name).sort(), ["Second", "Test"]);
    assert.ok(apps.every((app) => app.cores >= 1));
  } finally {
    await second.close();
  }
});

test("no process shows a secret in its arguments or its environment", async () => {
  let seen = 0;
  for (const node of cluster.nodes) {
    const top: unknown = await node.container.top({ ps_args: "-eo pid" });
    for (const [pid] of z.object({ Processes: z.array(z.array(z.string())) }).parse(top).Processes) {
      for (const file of ["environ", "cmdline"]) {
        const text = await readFile(`/proc/${pid}/${file}`, "latin1").catch(() => "");
        if (text !== "") seen += 1;
        assert.ok(!text.includes(cluster.secret), `${file} of ${pid} in ${node.spec.name}`);
        assert.ok(!text.includes(cluster.token), `${file} of ${pid} in ${node.spec.name}`);
      }
    }
    const config = JSON.stringify((await node.container.inspect()).Config);
    assert.ok(!config.includes(cluster.secret) && !config.includes(cluster.token));
  }
  assert.ok(seen > 10, "processes were looked at");
  const data = await exec(docker, cluster.master, ["grep", "-rlF", "-e", cluster.secret, "-e", cluster.token, "/data", "/tmp"], "spark");
  assert.equal(data.output.replace(/^grep: .*\n/gm, ""), "", "nor is it on the disk or in a log");
});

test("the overlay holds the image only: data lies on /data", async () => {
  for (const node of cluster.nodes) {
    const changes: unknown = await node.container.changes();
    const paths = z.array(z.object({ Path: z.string() })).parse(changes);
    const outside = paths.map((change) => change.Path).filter((path) => !/^\/(data|tmp|run)(\/|$)/.test(path));
    assert.deepEqual(outside, [], node.spec.name);
  }
});

test("supervisor brings a killed worker back", async () => {
  const node = cluster.nodes[1];
  assert.ok(node);
  const before = (await master()).workers.find((worker) => worker.host === node.spec.ip && worker.state === "ALIVE");
  const killed = await exec(docker, node, ["pkill", "-KILL", "-f", "kindling.Gate"], "spark");
  assert.equal(killed.code, 0);
  await eventually("another worker in its place", 120, async () =>
    (await master()).workers.some((worker) => worker.host === node.spec.ip && worker.state === "ALIVE" && worker.id !== before?.id)
      ? true
      : null,
  );
  const log = await exec(docker, node, ["cat", "/data/logs/supervisord.log"]);
  assert.match(log.output, /exited: spark-worker/);
});
