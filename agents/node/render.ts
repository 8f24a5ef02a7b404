import type { NodeSpec } from "../protocol/spec.ts";
import { hostsFile, type NamedAddress } from "./hosts-file.ts";
import { nodeJson } from "./node-json.ts";
import { sparkDefaults } from "./spark-defaults.ts";
import { sparkEnv } from "./spark-env.ts";
import { sparkGpus } from "./spark-gpus.ts";
import { supervisorConf } from "./supervisor-conf.ts";

/** One file of the read-only folder /etc/kindling. `path` is relative to it. */
export type NodeFile = { path: string; content: string; mode: number };

/**
 * Everything the agent writes for a node: it is mounted read-only at /etc/kindling, and `hosts` at /etc/hosts as well. `hosts` are the nodes
 * of the tenant whose names resolve. None of it is secret: secrets go to /run/secrets. Throws UnsafeText if a value cannot be written safely.
 */
export function renderNodeFiles(spec: NodeSpec, hosts: readonly NamedAddress[]): NodeFile[] {
  const files: [string, string][] = [
    ["hosts", hostsFile(spec, hosts)],
    ["node.json", nodeJson(spec)],
    ["supervisord.conf", supervisorConf(spec.services)],
  ];
  if (spec.spark) files.push(["spark-defaults.conf", sparkDefaults(spec, spec.spark)], ["spark-env.sh", sparkEnv]);
  if (spec.spark && spec.gpus.length > 0) files.push(["gpus.json", sparkGpus(spec.gpus.length).file]);
  return files.map(([path, content]) => ({ path, content, mode: 0o444 }));
}
