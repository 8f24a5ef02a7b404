/** Which process the kernel killed for lack of memory: read from its log. */
import { run } from "../exec.ts";

/** Pure: the name in the kernel's last line about this container. Names are up to the node: bounded, printable. */
export function killedIn(kernelLog: string, container: string): string | null {
  const line = kernelLog.split("\n").findLast((text) => text.includes("oom-kill:") && text.includes(container));
  const name = /[,\s]task=([^,]+)/.exec(line ?? "")?.[1];
  return name ? name.replace(/[^\x20-\x7e]/g, "?").slice(0, 100) : null;
}

/** The killed process's name, or null where the kernel's log cannot be read or does not tell. */
export async function killedProcess(container: string): Promise<string | null> {
  const text = await run("dmesg", ["--notime"], { timeoutMs: 5_000 }).catch(() => "");
  return killedIn(text, container);
}
