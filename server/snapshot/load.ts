import type { Tx } from "../db.ts";
import type { Secrets, Snapshot } from "../planner/snapshot.ts";
import { Picture } from "./parse.ts";
import { snapshotSql } from "./sql.ts";

const noSecrets: Secrets = { sparkAuth: "", jupyterToken: "" };

/**
 * Reads the planner's picture of the whole installation in one query.
 * @param open gives a cluster's secrets from their sealed text. Without it the picture is for looking only: secrets stay empty, and what hosts
 *   last said is believed as it is
 * @throws when the database holds no installation yet, or a row that no schema allows
 */
export async function loadSnapshot(db: Tx, open?: (sealed: string) => Secrets): Promise<Snapshot> {
  const [row] = await db.$queryRawUnsafe<{ picture: unknown }[]>(snapshotSql);
  const picture = Picture.parse(row?.picture);
  return {
    ...picture,
    hosts: picture.hosts.map((host) => ({
      ...host,
      wantedGeneration: open ? null : 0,
      toldToDelete: new Set(),
      absent: new Set(),
      listenedSince: null,
    })),
    clusters: picture.clusters.map((cluster) => ({ ...cluster, secrets: open ? open(cluster.secrets) : noSecrets })),
  };
}
