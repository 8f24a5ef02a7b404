import { difference } from "../tenants/difference.ts";

/** Columns under the names that people know. */
const words: Record<string, string> = {
  desired: "wanted",
  workerCount: "workers",
  keepData: "keep the data",
  moveAfterSeconds: "seconds until nodes of a lost host move",
  cpuRatio: "vCPUs a processor",
  vlanPool: "VLAN ids",
  vniPool: "VNIs",
  vxlanPort: "VXLAN port",
  dns: "name servers",
  mtu: "MTU",
  tenantId: "only for tenant",
  vlanParent: "link of VLANs",
  reservedMemoryMb: "reserved memory MB",
  drainData: "data of drained nodes",
  fencedBy: "given up by",
};

const silent = ["drainNodes", "attempt", "generation"];

const plain = (value: unknown): boolean =>
  value === null ||
  ["string", "number", "boolean"].includes(typeof value) ||
  (Array.isArray(value) && value.every((one) => typeof one === "string"));

/**
 * What a write changes in a row, for the audit trail: each plain column that gets another value, with both. Null when none does.
 * @param row as it is before the write
 */
export function columnChanges(
  row: Readonly<Record<string, unknown>>,
  data: Readonly<Record<string, unknown>>,
): { before: Record<string, string>; after: Record<string, string> } | null {
  const named = (of: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(
      Object.keys(data)
        .filter((key) => !silent.includes(key) && plain(data[key]) && plain(row[key] ?? null))
        .map((key) => [words[key] ?? key, of[key]]),
    );
  const found = difference(named(row), named(data));
  return found && { before: found.before, after: found.after };
}
