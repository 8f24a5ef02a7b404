import type { ClusterView } from "../../../server/services/clusters/schemas.ts";
import { count, megabytes, plural } from "../../ui/format.ts";
import { vcpu } from "./format.ts";

/** Below the rail: "Segment analytics · 10.35.219.0/24 · 4 of 248 addresses used". */
export function segmentLine({ segment, tenant, nodes }: Pick<ClusterView, "segment" | "tenant" | "nodes">): string {
  if (!segment) return `Segment of ${tenant.name} · ${plural(nodes.length, "address", "addresses")}`;
  return `Segment ${segment.name} · ${segment.cidr} · ${count(segment.used)} of ${plural(segment.size, "address", "addresses")} used`;
}

/** Beside a host's name: what it carries for everybody of what it has, "6 / 8 vCPU · 20 / 32 GB"; this cluster's part while its totals are unknown. */
export function hostLine({ hosts }: Pick<ClusterView, "hosts">, part: { name: string; vcpus: number; memoryMb: number }): string {
  const host = hosts.find((one) => one.name === part.name);
  if (!host || host.memoryMb.total === 0) return `${vcpu(part.vcpus)} · ${megabytes(part.memoryMb)}`;
  return `${count(host.vcpus.used)} / ${vcpu(host.vcpus.total)} · ${share(host.memoryMb.used, host.memoryMb.total)}`;
}

// The unit stands once where both have the same: "20 / 32 GB", but "512 MB / 9 GB".
function share(used: number, total: number): string {
  const [a, b] = [megabytes(used), megabytes(total)];
  const unit = b.slice(b.indexOf(" "));
  return a.endsWith(unit) ? `${a.slice(0, -unit.length)} / ${b}` : `${a} / ${b}`;
}
