import type { HostDetailView } from "../../../server/services/hosts/schemas.ts";
import { line, tagsOf } from "./command-line.ts";

/** As the form holds them: empty means the default. */
export interface HostSettings {
  tags: string;
  tenant: string;
  address: string;
  vlanParent: string;
  reservedMemoryMb: string;
}

export interface SettingsInput {
  tags?: string[];
  tenant?: string | null;
  address?: string | null;
  vlanParent?: string | null;
  reservedMemoryMb?: number;
}

export function settingsOf({ tags, tenant, settings }: Pick<HostDetailView, "tags" | "tenant" | "settings">): HostSettings {
  return {
    tags: tags.join(", "),
    tenant: tenant ?? "",
    address: settings.address ?? "",
    vlanParent: settings.vlanParent ?? "",
    reservedMemoryMb: String(settings.reservedMemoryMb),
  };
}

/** Only what differs, so that two administrators do not undo each other's changes. */
export function changedSettings(
  before: HostSettings,
  after: HostSettings,
): { input: SettingsInput; problem: { field: keyof HostSettings; message: string } | null } {
  const input: SettingsInput = {};
  const tags = tagsOf(after.tags);
  if ([...tags].sort().join() !== tagsOf(before.tags).sort().join()) input.tags = tags;
  for (const field of ["tenant", "address", "vlanParent"] as const)
    if (after[field].trim() !== before[field]) input[field] = after[field].trim() || null;
  const memory = Number(after.reservedMemoryMb.trim() || "0");
  if (!Number.isInteger(memory) || memory < 0)
    return { input, problem: { field: "reservedMemoryMb", message: "Reserved memory is a whole number of MB." } };
  if (memory !== Number(before.reservedMemoryMb)) input.reservedMemoryMb = memory;
  return { input, problem: null };
}

/** The same from a terminal. */
export function settingsCommand(name: string, input: SettingsInput): string {
  return line([
    ...["host", "set", name],
    ...(input.tags ? ["--tags", input.tags.join(",") || "none"] : []),
    ...(input.tenant === undefined ? [] : ["--for", input.tenant ?? "none"]),
    ...(input.address === undefined ? [] : ["--address", input.address ?? "none"]),
    ...(input.vlanParent === undefined ? [] : ["--vlan-parent", input.vlanParent ?? "none"]),
    ...(input.reservedMemoryMb === undefined ? [] : ["--reserved-memory", String(input.reservedMemoryMb)]),
  ]);
}
