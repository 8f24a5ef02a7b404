/** Pure: the hash of everything that would need a new container. Secrets are not in it: a label is readable. */
import { createHash } from "node:crypto";
import type { NodeSpec } from "../../protocol/spec.ts";

/** Raised when the agent makes containers differently. */
const format = 2;

/** Twenty hexadecimal digits; equal for specs that the same container serves. `dns` are the name servers of its segment. */
export function configHash(spec: NodeSpec, dns: readonly string[] = []): string {
  const { id, name, domain, role, image, segment, ip, volume, resources, capabilities, sudo, filter, services } = spec;
  const { spark, origins, incarnation, cluster, gpus } = spec;
  // Read by each new application, not by the daemons: a cluster may grow without a restart.
  const daemons = spark && { ...spark, maxCoresPerApplication: 0 };
  const parts = {
    format,
    id,
    name,
    domain,
    role,
    image,
    segment,
    ip,
    volume,
    resources,
    capabilities,
    sudo,
    filter,
    services,
    daemons,
    origins,
    incarnation,
    cluster: cluster.id,
    ...(dns.length > 0 ? { dns } : {}),
    // Only where there are some: a container from before there were cards stays as it is.
    ...(gpus.length > 0 ? { gpus } : {}),
  };
  return createHash("sha256").update(canonical(parts)).digest("hex").slice(0, 20);
}

/** JSON with sorted keys, so that the same content has the same text. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
