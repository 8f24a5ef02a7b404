/** A whole site: a real platform, and a lab's hosts that joined it with their agents, alone in taking nodes. */
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import Docker from "dockerode";
import pg from "pg";
import { label } from "../../agents/protocol/labels.ts";
import type { HostObservation } from "../../agents/protocol/observed.ts";
import { HostSpec } from "../../agents/protocol/spec.ts";
import type { Api } from "../../cli/client.ts";
import { apiOf, untilImages } from "../lib/api.ts";
import { type Installation, startInstallation } from "../lib/installation.ts";
import type { LabHost } from "./host.ts";
import { joinPlatform } from "./join.ts";
import { copyImage, type Lab, startLab } from "./lab.ts";
import { recordPlatform } from "./remains.ts";

export const tenant = "analytics";

export interface Site {
  readonly platform: Installation;
  readonly lab: Lab;
  /** The API as a site administrator, and as a member of the tenant. */
  readonly sam: Api;
  readonly dana: Api;
  /** The platform's own database: what a lab reads there nobody made up for it. */
  readonly db: pg.Pool;
  /** Containers of nodes as the engines of the hosts have them, running ones only. Of a host whose engine is silent: none. */
  running(cluster?: string): Promise<Running[]>;
  remove(): Promise<void>;
}

export interface Running {
  /** The node's id. */
  readonly id: string;
  /** Short name, without the domain. */
  readonly name: string;
  readonly role: string;
  readonly container: string;
  readonly host: LabHost;
  readonly ip: string;
  /** What is mounted at its /data, by the engine's word. */
  readonly volume: string;
}

/**
 * @param pool addresses of its segments: two platforms on one machine must not share them
 * @param bundles the only ones that it shall offer, so that hosts need not carry the large images; without them all
 */
export async function startSite(pool: string, bundles: readonly string[] = []): Promise<Site> {
  const undo: (() => Promise<void>)[] = [];
  const remove = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const lab = await startLab({ vlans: [100], agents: false, outside: true });
    undo.push(() => lab.remove());
    const platform = await startInstallation(pool, { KINDLING_ENROL_BIND: lab.wires.outside });
    undo.push(async () => {
      await platform.stop();
      await platform.remove();
    });
    await recordPlatform(lab.dir, platform.pid(), platform);
    const db = new pg.Pool({ host: join(platform.run, "postgres"), user: "kindling", database: "kindling", max: 2 });
    undo.push(() => db.end());
    if (bundles.length > 0) await db.query(`UPDATE "Distribution" SET retired = true WHERE id <> ALL($1)`, [bundles]);
    const [sam, dana] = await Promise.all([apiOf(platform, "sam"), apiOf(platform, "dana")]);
    await untilImages(dana, tenant);
    // New clusters are to go to the lab's hosts.
    for (const { name } of await sam.hosts.list.query()) await sam.hosts.cordon.mutate({ host: name });
    await giveImages(platform, lab, bundles);
    for (const host of lab.hosts) await joinPlatform(sam, host);
    return { platform, lab, sam, dana, db, running: (cluster) => runningOn(lab.hosts, cluster), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** As the platform's own host has them; the lab's hosts have no way to a registry. */
async function giveImages(platform: Installation, lab: Lab, bundles: readonly string[]): Promise<void> {
  const { images } = HostSpec.parse(JSON.parse(await readFile(join(platform.home, "agent", "spec.json"), "utf8")));
  await Promise.all(
    lab.hosts.map(async (host) => {
      for (const { tag, bundle } of images)
        if (bundles.length === 0 || bundles.includes(bundle)) await copyImage(new Docker(), host.docker, tag);
    }),
  );
}

/** A host that has the image is preferred: only where all have it are nodes spread over all. */
export async function untilImagesThere(lab: Lab): Promise<void> {
  const ready = (o: HostObservation) => o.images.length > 0 && o.images.every((image) => image.state === "present");
  await Promise.all(lab.hosts.map((host) => host.until("its images are there", ready, 60_000)));
}

async function runningOn(hosts: readonly LabHost[], cluster?: string): Promise<Running[]> {
  const filters = { label: [label.node, ...(cluster === undefined ? [] : [`${label.cluster}=${cluster}`])] };
  const all = await Promise.all(
    hosts.map(async (host) => {
      const found = await host.docker.listContainers({ filters }).catch(() => []);
      return found.map((c) => ({
        id: c.Labels[label.node] ?? "",
        name: (c.Names[0] ?? "").slice(1).replace(/-[^-]+$/, ""),
        role: c.Labels[label.role] ?? "",
        container: c.Id,
        host,
        ip: Object.values(c.NetworkSettings.Networks)[0]?.IPAddress ?? "",
        volume: basename(c.Mounts.find((mount) => mount.Destination === "/data")?.Source ?? ""),
      }));
    }),
  );
  return all.flat();
}
