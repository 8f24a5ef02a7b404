/** Tells everybody on a segment where an address is now: switches and bridges that learn would go on sending to where it was. */
import { HostError } from "../../../protocol/errors.ts";
import { run } from "../../exec.ts";

/**
 * `sandbox` is the node's `/proc/<pid>/ns/net`. Asked for a neighbour that has its own address, the node's kernel sends what is known as a
 * gratuitous ARP, three times within two seconds. Throws `announce_failed`.
 */
export async function announce(sandbox: string, ip: string): Promise<void> {
  try {
    await run("nsenter", [`--net=${sandbox}`, "ip", "neigh", "replace", ip, "dev", "eth0", "use"]);
  } catch (error) {
    throw new HostError(
      { code: "announce_failed", message: "The node's address could not be made known on its network.", retryable: true },
      { cause: error },
    );
  }
}
