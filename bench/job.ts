import { execFile } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { z } from "zod";

const run = promisify(execFile);
const Master = z.object({ aliveworkers: z.number() });

/** Waits until that many workers are ALIVE at a Spark master. The same for either side of a comparison. */
export async function untilAlive(ip: string, workers: number): Promise<void> {
  for (;;) {
    const answer: unknown = await fetch(`http://${ip}:8080/json/`, { signal: AbortSignal.timeout(2000) })
      .then((response) => response.json())
      .catch(() => null);
    const parsed = Master.safeParse(answer);
    if (parsed.success && parsed.data.aliveworkers >= workers) return;
    await delay(25);
  }
}

const script = `
from pyspark.sql import SparkSession
spark = SparkSession.builder.appName("small").getOrCreate()
assert spark.sparkContext.parallelize(range(1000), 2).sum() == 499500
`;

/** A small job on the executors, started in the master's container as the services' user. */
export async function smallJob(container: string): Promise<void> {
  const env = [
    "-e",
    "HOME=/data/home",
    "-e",
    "SPARK_CONF_DIR=/etc/kindling",
    "-e",
    "PYSPARK_SUBMIT_ARGS=--properties-file /etc/kindling/spark-defaults.conf pyspark-shell",
  ];
  await run("docker", ["exec", "-u", "1000", ...env, container, "/opt/venv/bin/python", "-c", script]);
}
