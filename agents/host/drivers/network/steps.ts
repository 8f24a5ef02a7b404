/** Has iproute2 do planned steps, several in one run. */
import { HostError } from "../../../protocol/errors.ts";
import { ExecError, run } from "../../exec.ts";
import type { Step } from "./uplink.ts";

/** Throws a classified fault at the first step that fails; what was done before it stays. */
export async function perform(steps: readonly Step[]): Promise<void> {
  for (let at = 0; at < steps.length; ) {
    const tool = steps[at]?.tool ?? "ip";
    const rest = steps.slice(at).findIndex((step) => step.tool !== tool);
    const batch = steps.slice(at, rest === -1 ? steps.length : at + rest);
    at += batch.length;
    const input = batch.map((step) => `${step.words.join(" ")}\n`).join("");
    try {
      await run(tool, ["-batch", "-"], { input });
    } catch (error) {
      throw failure(error, batch);
    }
  }
}

/** Pure: why the kernel would not. */
export function failure(error: unknown, batch: readonly Step[]): HostError {
  const text = error instanceof ExecError ? error.stderr.trim() : String(error);
  const line = Number(/Command failed -:(\d+)/.exec(text)?.[1] ?? 1);
  const words = batch[line - 1]?.words ?? [];
  const reason = text.split("\n")[0] ?? "";
  const type = words[words.indexOf("type") + 1];
  const made = words[1] === "add" && words[0] === "link";
  const fault = (code: string, message: string) =>
    new HostError({ code, message: message.slice(0, 600), retryable: true }, { cause: error });
  if (made && /Unknown device type|not supported/i.test(reason))
    return fault(
      "uplink_unsupported",
      type === "vlan"
        ? `This host's kernel cannot make VLAN links (802.1Q). Load the module 8021q, or give the host the link ${words[5]} by other means.`
        : "This host's kernel cannot make tunnels (VXLAN). Load the module vxlan, or use a VLAN for this segment.",
    );
  if (made && /File exists|already exists/i.test(reason))
    return fault(
      "uplink_in_use",
      `Another link of this host has the number ${words[words.indexOf("id") + 1]} already. Choose another for this segment.`,
    );
  return fault(
    "uplink_failed",
    `The host could not join the tenant's segment to other hosts (${words.slice(0, 6).join(" ")}: ${reason}). It is tried again.`,
  );
}
