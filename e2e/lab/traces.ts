/** Whatever of nodes and their networks can be seen on hosts, a line each: compared with what was there before, it tells what was left. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { run } from "../../agents/host/exec.ts";
import { loopsIn } from "../../agents/host/uninstall.ts";
import type { LabHost } from "./host.ts";

const Named = z.array(z.looseObject({ ifname: z.string().optional(), mac: z.string().optional() }));

/** Containers, volumes and their loop devices, links, forwarding entries, firewall tables and networks of each host. */
export async function tracesOn(hosts: readonly LabHost[]): Promise<string[]> {
  const all = await Promise.all(
    hosts.map(async ({ name, machine, docker }) => {
      const [links, forwards, tables, networks, containers, volumes, loops] = await Promise.all([
        machine.call("ip", ["-j", "link", "show"]),
        machine.call("bridge", ["-j", "fdb", "show"]),
        machine.call("nft", ["list", "tables"]),
        docker.listNetworks(),
        docker.listContainers({ all: true }),
        readdir(join(machine.dir, "agent", "volumes")).catch(() => []),
        run("losetup", ["--list", "--json", "--output", "NAME,BACK-FILE"]),
      ]);
      return [
        ...Named.parse(JSON.parse(links)).map((l) => `${name} link ${l.ifname}`),
        ...Named.parse(JSON.parse(forwards)).flatMap((f) => (f.mac?.startsWith("02:42:0a") ? [`${name} entry ${f.mac}`] : [])),
        ...tables.split("\n").flatMap((t) => (t.includes("kindling") ? [`${name} ${t}`] : [])),
        ...networks.map((n) => `${name} network ${n.Name}`),
        ...containers.map((c) => `${name} container ${c.Names.join()}`),
        ...volumes.map((file) => `${name} volume ${file}`),
        ...loopsIn(loops, machine.dir).map((device) => `${name} loop ${device}`),
      ];
    }),
  );
  return all.flat().sort();
}
