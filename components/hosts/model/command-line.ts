import { quote } from "../../clusters/model/command.ts";

/** A line for the kindling command, as a POSIX shell reads it back. */
export function line(words: readonly string[]): string {
  return ["kindling", ...words].map(quote).join(" ");
}

/** The command that invites a host. */
export function addCommand(input: {
  name: string;
  address?: string;
  tags?: readonly string[];
  tenant?: string;
  vlanParent?: string;
}): string {
  return line([
    ...["host", "add", input.name || "NAME"],
    ...(input.address ? ["--address", input.address] : []),
    ...(input.tags && input.tags.length > 0 ? ["--tags", input.tags.join(",")] : []),
    ...(input.tenant ? ["--for", input.tenant] : []),
    ...(input.vlanParent ? ["--vlan-parent", input.vlanParent] : []),
  ]);
}

/** "a, b c" → ["a", "b", "c"]: tags are separated by commas or space. */
export function tagsOf(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter(Boolean))];
}

/** Minutes and seconds that are left, "12:04"; null when it is over. */
export function remaining(expiresAt: string, now: number): string | null {
  const seconds = Math.floor((Date.parse(expiresAt) - now) / 1000);
  if (!(seconds > 0)) return null;
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
