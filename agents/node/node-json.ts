import type { NodeSpec } from "../protocol/spec.ts";

/** node.json: what the launchers in the container read. Never the secrets. */
export function nodeJson(spec: NodeSpec): string {
  const { id, name, domain, ip, role, cluster, spark, origins } = spec;
  return `${JSON.stringify({ id, name, domain, ip, role, cluster, services: spec.services.map((service) => service.id), spark, origins }, null, 2)}\n`;
}
