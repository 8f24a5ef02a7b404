/** Python programs that run on a cluster as a person's would, from its master. */
import type { Running } from "./site.ts";

/** Keeps every executor busy for a moment, so that each gets a part, and says who did the work. */
export const whoWorks = (nodes: number): string => `
import socket, time
from pyspark.sql import SparkSession
spark = SparkSession.builder.appName("spread").config("spark.cores.max", ${nodes}).getOrCreate()
sc = spark.sparkContext
end = time.time() + 60
names = set()
while time.time() < end and len(names) < ${nodes}:
    names |= set(sc.parallelize(range(32), 32).map(lambda _: (time.sleep(0.2), socket.gethostname())[1]).collect())
print("ran on", *sorted(names))
`;

/** Adds up numbers in stages of a few seconds each, for so long; says when it began to work and what came out. */
export const longSum = (nodes: number, seconds: number): string => `
import time
from pyspark.sql import SparkSession
spark = SparkSession.builder.appName("long").config("spark.cores.max", ${nodes}).getOrCreate()
sc = spark.sparkContext
end = time.time() + ${seconds}
rounds = wrong = 0
while time.time() < end:
    got = sc.parallelize(range(1000), 16).map(lambda x: (time.sleep(0.002), (x % 7, x))[1]).reduceByKey(lambda a, b: a + b).values().sum()
    wrong += got != 499500
    rounds += 1
    if rounds == 1:
        print("works", flush=True)
print("rounds", rounds, "wrong", wrong, flush=True)
`;

/** Runs a program on a cluster's master as the services' user. @param says called with what it says as it says it */
export async function runPython(master: Running, program: string, says?: (text: string) => void): Promise<string> {
  const env = [
    "HOME=/data/home",
    "SPARK_CONF_DIR=/etc/kindling",
    "PYSPARK_SUBMIT_ARGS=--properties-file /etc/kindling/spark-defaults.conf pyspark-shell",
  ];
  const { out } = await master.host.exec(master.id, ["/opt/venv/bin/python", "-c", program], { user: "1000", env, ...(says && { says }) });
  return out;
}
