import type { ClusterRow, Refusal, Snapshot } from "./snapshot.ts";

/**
 * Why a cluster cannot be started or grown because of its secret: it is sealed with a key that was lost, or was damaged. What runs goes on with the
 * secret that its hosts hold. Null for one that can be read, or has none to tell its nodes.
 */
export function unreadable(snapshot: Pick<Snapshot, "distributions">, cluster: ClusterRow): Refusal | null {
  if (cluster.secrets !== null) return null;
  const distribution = snapshot.distributions.find((row) => row.id === cluster.distributionId);
  if (distribution?.bundle.type !== "spark") return null;
  const message =
    "its Spark secret cannot be read with this site's key; a site administrator puts the right site.key back, or it is deleted with its disk kept " +
    "and created anew from that disk";
  return { message, lacking: "secret" };
}

/** Whether that was found out of it. Known to everybody who sees the rows. */
export function isUnreadable(cluster: Pick<ClusterRow, "refusal">): boolean {
  return cluster.refusal?.lacking === "secret";
}
