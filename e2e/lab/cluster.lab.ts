/** The whole product over two hosts: a Spark cluster with nodes on both, on a VLAN and on VXLAN, and a PySpark job on executors of both. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import Docker from "dockerode";
import { label } from "../../agents/protocol/labels.ts";
import type { HostObservation } from "../../agents/protocol/observed.ts";
import { HostSpec } from "../../agents/protocol/spec.ts";
import type { Api } from "../../cli/client.ts";
import { apiOf, untilGone, untilImages, untilPhase } from "../lib/api.ts";
import { type Installation, startInstallation } from "../lib/installation.ts";
import type { LabHost } from "./host.ts";
import { joinPlatform } from "./join.ts";
import { copyImage, type Lab, startLab } from "./lab.ts";

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};
const tenant = "analytics";

/** Keeps every executor busy for a moment, so that each gets a part, and says who did the work. */
const job = `
import socket, time
from pyspark.sql import SparkSession
spark = SparkSession.builder.appName("spread").config("spark.cores.max", WANTED).getOrCreate()
sc = spark.sparkContext
end = time.time() + 60
names = set()
while time.time() < end and len(names) < WANTED:
    names |= set(sc.parallelize(range(32), 32).map(lambda _: (time.sleep(0.2), socket.gethostname())[1]).collect())
print("ran on", *sorted(names))
`;

interface Running {
  readonly name: string;
  readonly role: string;
  readonly id: string;
  readonly host: LabHost;
  readonly ip: string;
}

describe("a Spark cluster over two hosts", () => {
  let platform: Installation;
  let lab: Lab;
  let sam: Api;
  let dana: Api;

  before(async () => {
    lab = await startLab({ vlans: [100], agents: false, outside: true });
    platform = await startInstallation("10.79.0.0/18", { KINDLING_ENROL_BIND: lab.wires.outside });
    [sam, dana] = await Promise.all([apiOf(platform, "sam"), apiOf(platform, "dana")]);
    await untilImages(dana, tenant);
    // New clusters are to go to the lab's hosts.
    for (const { name } of await sam.hosts.list.query()) await sam.hosts.cordon.mutate({ host: name });
    // As the platform's own host has them; the lab's hosts have no way to a registry.
    const spec = HostSpec.parse(JSON.parse(await readFile(join(platform.home, "agent", "spec.json"), "utf8")));
    await Promise.all(
      lab.hosts.map(async (host) => {
        for (const { tag } of spec.images) await copyImage(new Docker(), host.docker, tag);
      }),
    );
    for (const host of lab.hosts) await joinPlatform(sam, host);
    // A host that has the image is preferred; only where both have it are nodes spread over both.
    const ready = (o: HostObservation) => o.images.length === spec.images.length && o.images.every((image) => image.state === "present");
    await Promise.all(lab.hosts.map((host) => host.until("its images are there", ready, 60_000)));
    await sam.segments.create.mutate({ owner: tenant, name: "on-vlan", uplink: "vlan", vlanId: 100 });
    await sam.segments.create.mutate({ owner: tenant, name: "on-vxlan", uplink: "vxlan" });
  });
  after(async () => {
    await platform?.stop();
    await lab?.remove();
    await platform?.remove();
  });

  async function nodesOf(cluster: string): Promise<Running[]> {
    const filters = { label: [`${label.cluster}=${cluster}`] };
    const all = await Promise.all(
      lab.hosts.map(async (host) =>
        (await host.docker.listContainers({ filters })).map((c) => ({
          name: (c.Names[0] ?? "").slice(1).replace(/-[^-]+$/, ""),
          role: c.Labels[label.role] ?? "",
          id: c.Id,
          host,
          ip: Object.values(c.NetworkSettings.Networks)[0]?.IPAddress ?? "",
        })),
      ),
    );
    return all.flat();
  }

  async function runJob(master: Running, wanted: number): Promise<string> {
    const exec = await master.host.docker.getContainer(master.id).exec({
      Cmd: ["/opt/venv/bin/python", "-c", job.replaceAll("WANTED", String(wanted))],
      User: "1000",
      Env: [
        "HOME=/data/home",
        "SPARK_CONF_DIR=/etc/kindling",
        "PYSPARK_SUBMIT_ARGS=--properties-file /etc/kindling/spark-defaults.conf pyspark-shell",
      ],
      AttachStdout: true,
      AttachStderr: true,
      Tty: true,
    });
    let out = "";
    for await (const chunk of await exec.start({ Tty: true })) out += String(chunk);
    return /ran on (.*)/.exec(out)?.[1]?.trim() ?? assert.fail(out.slice(-2000));
  }

  for (const segment of ["on-vlan", "on-vxlan"])
    it(`runs a job on executors of both hosts, ${segment}`, async () => {
      const { id: cluster } = await dana.clusters.create.mutate({ tenant, name: segment, workerCount: 2, segment });
      const ref = { tenant, cluster };
      await untilPhase(dana, ref, "ready", 240);
      const nodes = await nodesOf(cluster);
      say(`    ${segment}`);
      for (const n of nodes) say(`    ${n.name.padEnd(14)}${n.host.name.padEnd(14)}${n.ip.padEnd(14)}${n.role}`);
      assert.equal(nodes.length, 3);
      assert.equal(new Set(nodes.map((n) => n.host)).size, 2, "on both hosts");
      const master = nodes.find((n) => n.role === "master") ?? assert.fail("no master");
      const names = (await runJob(master, nodes.length)).split(" ");
      say(`    the job ran on ${names.join(", ")}`);
      const hosts = new Set(nodes.filter((n) => names.includes(n.name)).map((n) => n.host));
      assert.equal(hosts.size, 2, "executors of both hosts had a part");
      await dana.clusters.delete.mutate({ ...ref, confirm: segment });
      await untilGone(dana, ref, 120);
      for (const end = Date.now() + 10_000; (await nodesOf(cluster)).length > 0; await delay(100)) assert.ok(Date.now() < end);
    });
});
