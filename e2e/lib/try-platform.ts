import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Installation } from "./installation.ts";

const run = promisify(execFile);

/**
 * Python for the inside of a node: tries the ports at its gateway, which is this host, and at every address given; then looks for sockets of
 * PostgreSQL or of an agent anywhere in its file system.
 */
const inside = `
import json, os, socket, struct, sys
ports, addresses = json.loads(sys.argv[1])
with open("/proc/net/route") as table:
    gateway = next(l.split()[2] for l in table if l.split()[1] == "00000000")
addresses.append(socket.inet_ntoa(struct.pack("<L", int(gateway, 16))))
reached = []
for address in addresses:
    for port in ports:
        s = socket.socket(); s.settimeout(0.7)
        try:
            s.connect((address, port)); reached.append(f"{address}:{port}")
        except OSError:
            pass
        s.close()
for top in ("/run", "/tmp", "/var", "/data", "/dev"):
    for folder, _, names in os.walk(top):
        reached += [os.path.join(folder, n) for n in names if n.startswith(".s.PGSQL") or n in ("reconciler.sock", "gateway.sock", "portal.sock")]
print(json.dumps(reached))
`;

/** What a node gets hold of when it goes for the platform itself; everything listed is a hole. `ports` are tried beside PostgreSQL's. */
export async function reachedFrom(container: string, ports: readonly number[]): Promise<string[]> {
  const argument = JSON.stringify([[...ports, 5432], ["127.0.0.1"]]);
  const { stdout } = await run("docker", ["exec", "-u", "1000", container, "python3", "-c", inside, argument]);
  return JSON.parse(stdout);
}

/** The control: from the host, and as root, the same things are there and answer. */
export async function reachedFromHost(installation: Installation, ports: readonly number[]): Promise<string[]> {
  const reached: string[] = [];
  const folder = join(installation.run, "postgres");
  const sockets = (await readdir(folder)).filter((name) => /^\.s\.PGSQL\.\d+$/.test(name)).map((name) => join(folder, name));
  for (const target of [...ports.map((port) => ({ host: "127.0.0.1", port })), ...sockets.map((path) => ({ path }))]) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(target, () => resolve(true)).on("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (open) reached.push("port" in target ? String(target.port) : "database");
  }
  return reached;
}
