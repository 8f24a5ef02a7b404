import { setTimeout as delay } from "node:timers/promises";
import { type Api, connect } from "../../cli/client.ts";
import type { ClusterView, Phase } from "../../server/services/clusters/schemas.ts";
import type { Installation } from "./installation.ts";

/** The typed API as a person of the demo directory. */
export async function apiOf(installation: Installation, username: string): Promise<Api> {
  const password = installation.passwords[username] ?? "";
  const made = await connect(installation.portal, null).auth.token.mutate({ username, password, name: `test-${Date.now()}`, days: 1 });
  return connect(installation.portal, made.secret);
}

/**
 * Waits until the cluster is in the phase; the portal may be away meanwhile.
 * @throws when it fails, or after `seconds`
 */
export async function untilPhase(api: Api, ref: { tenant: string; cluster: string }, phase: Phase, seconds = 180): Promise<ClusterView> {
  const until = Date.now() + seconds * 1000;
  let last = "nothing";
  for (;;) {
    try {
      const cluster = await api.clusters.get.query(ref);
      if (cluster.state.phase === phase) return cluster;
      last = `${cluster.state.phase} ${cluster.state.reason ?? ""}`;
      if (cluster.state.phase === "failed") throw new Error(`The cluster failed: ${cluster.state.reason}`);
    } catch (error) {
      if (error instanceof Error && error.message.startsWith("The cluster failed")) throw error;
      last = String(error);
    }
    if (Date.now() > until) throw new Error(`Not ${phase} within ${seconds} s; last: ${last}`);
    await delay(100);
  }
}

/** Waits until the API no longer knows the cluster. */
export async function untilGone(api: Api, ref: { tenant: string; cluster: string }, seconds = 60): Promise<void> {
  const until = Date.now() + seconds * 1000;
  for (;;) {
    const found = await api.clusters.get.query(ref).then(
      (cluster) => cluster.state.phase,
      (error: unknown) => (String(error).includes("no such cluster") ? null : String(error)),
    );
    if (found === null) return;
    if (Date.now() > until) throw new Error(`Still there after ${seconds} s: ${found}`);
    await delay(100);
  }
}

/** Waits until every image is built; the first start of a machine takes a minute or two. */
export async function untilImages(api: Api, tenant: string, seconds = 600): Promise<void> {
  const until = Date.now() + seconds * 1000;
  for (;;) {
    const images = (await api.catalogue.distributions.query({ tenant })).map(({ name, image }) => ({ name, ...image }));
    const failed = images.find((image) => image.state === "failed");
    if (failed) throw new Error(`The image of ${failed.name} failed: ${failed.reason}`);
    if (images.length > 0 && images.every((image) => image.state === "present")) return;
    if (Date.now() > until) throw new Error(`Images not ready within ${seconds} s: ${JSON.stringify(images)}`);
    await delay(500);
  }
}
