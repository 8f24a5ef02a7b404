/** Finds the port of a bridge that leads to a container: the other end of the eth0 in its network namespace. */
import { readdir, readFile } from "node:fs/promises";
import { z } from "zod";
import { run } from "../exec.ts";

const Links = z.array(z.object({ link_index: z.number().int() })).min(1);

/** `sandbox` is a network namespace's path. Null when the container is gone or has no port on this bridge. */
export async function bridgePort(sandbox: string, bridge: string): Promise<string | null> {
  const text = await run("nsenter", [`--net=${sandbox}`, "ip", "-j", "link", "show", "eth0"]).catch(() => null);
  if (text === null) return null;
  const index = Links.parse(JSON.parse(text))[0]?.link_index;
  const ports = await readdir(`/sys/class/net/${bridge}/brif`).catch(() => []);
  for (const port of ports) {
    const own = await readFile(`/sys/class/net/${port}/ifindex`, "utf8").catch(() => "");
    if (Number(own) === index) return port;
  }
  return null;
}
