import type { NodeSpec, SparkSettings } from "../protocol/spec.ts";
import { sparkGpus } from "./spark-gpus.ts";
import { oneLine, UnsafeText } from "./unsafe-text.ts";

/** Where the entrypoint leaves the cluster's secret, as an argument file for Java: in memory, for root and the services' group. */
const secretArgs = "@/dev/shm/kindling/spark.args";
const logging = "-Dlog4j2.configurationFile=file:/opt/kindling/etc";

/** spark-defaults.conf of a node: read by its daemons and by every driver that starts on it. */
export function sparkDefaults(spec: NodeSpec, spark: SparkSettings): string {
  const settings: Record<string, string> = {
    "spark.master": `spark://${spark.masterHost}:7077`,
    "spark.authenticate": "true",
    "spark.master.rest.enabled": "false",
    // One page for everything: the master's carries those of workers and applications, at the address that people see.
    "spark.ui.reverseProxy": "true",
    "spark.ui.reverseProxyUrl": spark.masterUiUrl,
    "spark.ui.killEnabled": "true",
    "spark.ui.showConsoleProgress": "false",
    // As many notebooks at once as the bundle keeps ports for: 4040 to 4060.
    "spark.port.maxRetries": "20",
    "spark.driver.host": spec.ip,
    "spark.cores.max": String(spark.maxCoresPerApplication),
    "spark.executor.memory": `${spark.executorMemoryMb}m`,
    "spark.driver.memory": `${spark.driverMemoryMb}m`,
    "spark.pyspark.python": "/opt/venv/bin/python",
    "spark.pyspark.driver.python": "/opt/venv/bin/python",
    "spark.eventLog.enabled": "true",
    "spark.eventLog.dir": "file:///data/spark/events",
    "spark.history.fs.logDirectory": "file:///data/spark/events",
    "spark.worker.cleanup.enabled": "true",
    "spark.worker.cleanup.interval": "1800",
    "spark.worker.cleanup.appDataTtl": "172800",
    "spark.sql.warehouse.dir": "file:///data/home/warehouse",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.driver.extraJavaOptions": `${secretArgs} -XX:-UsePerfData ${logging}/log4j2-driver.properties`,
    "spark.executor.extraJavaOptions": `${secretArgs} -XX:-UsePerfData ${logging}/log4j2.properties`,
  };
  const gpus = spec.gpus.length > 0 ? sparkGpus(spec.gpus.length).settings : {};
  return Object.entries({ ...settings, ...gpus })
    .map(property)
    .join("");
}

/** A line of a Java properties file. `${` would be replaced by Spark, also from the environment. */
export function property([key, value]: readonly [string, string]): string {
  if (!/^[A-Za-z][A-Za-z0-9._-]*$/.test(key)) throw new UnsafeText("the name of a Spark setting", "has characters that it must not have");
  if (value.includes("${")) throw new UnsafeText(key, "has an interpolation");
  if (value !== value.trim() || value === "") throw new UnsafeText(key, "is empty or has spaces at an end");
  return `${key} ${oneLine(key, value).replaceAll("\\", "\\\\")}\n`;
}
