/** Looks at both hosts of a site and at its database in turn, as fast as they answer, for as long as a test does something to them. */
import { basename } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { label } from "../../agents/protocol/labels.ts";
import type { LabHost } from "./host.ts";
import { type Held, makeOwners, type Owners, type Row } from "./owners.ts";
import type { Site } from "./site.ts";

const Rows = z.array(z.object({ ip: z.string(), node: z.string().nullable(), host: z.string().nullable(), volume: z.string().nullable() }));

async function databaseRows({ db }: Site): Promise<Row[]> {
  const { rows } = await db.query(
    `SELECT a.ip, n.id AS node, h.name AS host, n."volumeId" AS volume FROM "Address" a
     LEFT JOIN "Node" n ON n.id = a."nodeId" LEFT JOIN "Host" h ON h.id = n."hostId" WHERE a."hostId" IS NULL`,
  );
  return Rows.parse(rows);
}

/** Addresses that the host's bridges let speak from ports of its own; null: it has no rules that would forbid any. */
async function speaking(host: LabHost, installation: string): Promise<Set<string> | null> {
  const text = await host.machine.call("nft", ["list", "set", "bridge", `kindling_${installation}`, "bound"]).catch(() => null);
  if (text === null) return null;
  return new Set([...text.matchAll(/"veth\w+" \. [0-9a-f:]{17} \. ([0-9.]+)/g)].map(([, ip]) => ip ?? ""));
}

async function heldBy(host: LabHost, installation: string): Promise<Held[]> {
  const found = await host.docker.listContainers({ filters: { label: [label.node] } }).catch(() => []);
  const speaks = found.length > 0 ? await speaking(host, installation) : null;
  return found.map((c) => {
    const ip = Object.values(c.NetworkSettings.Networks)[0]?.IPAddress ?? "";
    const data = c.Mounts.find((mount) => mount.Destination === "/data")?.Source ?? "";
    return { container: c.Id, node: c.Labels[label.node] ?? "", ip, volume: basename(data), speaks: speaks === null || speaks.has(ip) };
  });
}

/** Looks while `work` is under way. @returns what was seen */
export async function watched(site: Site, work: () => Promise<unknown>): Promise<Owners> {
  const owners = makeOwners();
  const under = { way: true };
  const look = async () => {
    while (under.way) {
      for (const host of site.lab.hosts) owners.host(host.name, await heldBy(host, site.platform.id));
      owners.database(await databaseRows(site));
      await delay(50);
    }
  };
  const looking = look();
  // Whether it failed is asked for in the end.
  looking.catch(() => undefined);
  try {
    await work();
  } finally {
    under.way = false;
    await looking;
  }
  return owners;
}
